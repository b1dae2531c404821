// The longest stretch of the event loop, in CPU time of the main thread: the work of other processes and threads does
// not count.
import { readFileSync } from 'node:fs'

let watching = false
let longest = 0
let before = 0
let begun = 0
let stretch = { from: 0, to: 0 }

/** CPU time of the main thread in milliseconds. */
const cpu = () =>
  Number(readFileSync(`/proc/${process.pid}/task/${process.pid}/schedstat`, 'latin1').split(' ', 1)[0]) / 1e6

export function startWatch() {
  longest = 0
  watching = true
  // The rest of this turn belongs to the message that asked for the figure.
  setImmediate(() => {
    before = cpu()
    begun = clock()
    watch()
  })
}

/** Milliseconds of the longest stretch since the watch began. */
export function endWatch() {
  watching = false
  watch()
  return longest
}

/** When the longest stretch began and ended, in microseconds of the monotonic clock. */
export const longestStretch = () => stretch

const clock = () => Number(process.hrtime.bigint() / 1_000n)

function watch() {
  const now = cpu()
  const time = clock()
  if (now - before > longest) {
    longest = now - before
    stretch = { from: begun, to: time }
  }
  before = now
  begun = time
  if (watching) setImmediate(watch)
}

/** Milliseconds that parsing and writing the same JSON cost by themselves. */
export function parseTime(json) {
  const begun = cpu()
  JSON.stringify(JSON.parse(json))
  return cpu() - begun
}
