// The functions that a stretch of the event loop was spent on, by the profiler of V8.
import { Session } from 'node:inspector'

const INTERVAL = 100
const LINES = 12

const session = new Session()
session.connect()

function post(method, given) {
  let result
  session.post(method, given, (error, answer) => {
    if (error) throw error
    result = answer
  })
  return result
}

export function startProfile() {
  post('Profiler.enable')
  post('Profiler.setSamplingInterval', { interval: INTERVAL })
  post('Profiler.start')
}

/**
 * The functions that a stretch was spent in, the longest first: milliseconds with the functions that they call,
 * milliseconds alone, and the name.
 */
export function endProfile({ from, to }) {
  const { profile } = post('Profiler.stop')
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]))
  for (const node of profile.nodes) for (const child of node.children ?? []) nodes.get(child).parent = node
  const spent = new Map()
  let at = profile.startTime
  profile.samples.forEach((id, index) => {
    const taken = profile.timeDeltas[index] / 1_000
    at += profile.timeDeltas[index]
    if (at < from || at > to) return
    const seen = new Set()
    for (let node = nodes.get(id); node; node = node.parent) {
      const key = nameOf(node.callFrame)
      if (seen.has(key)) continue
      const entry = spent.get(key) ?? { alone: 0, whole: 0 }
      if (seen.size === 0) entry.alone += taken
      entry.whole += taken
      spent.set(key, entry)
      seen.add(key)
    }
  })
  const longest = [...spent].sort(([, a], [, b]) => b.alone - a.alone)
  return longest
    .slice(0, LINES)
    .map(([name, { alone, whole }]) => `${whole.toFixed(1).padStart(7)} ${alone.toFixed(1).padStart(7)}  ${name}`)
}

function nameOf({ functionName, url, lineNumber }) {
  const name = functionName || '(anonymous)'
  return url === '' ? name : `${name} ${url.split('/').slice(-2).join('/')}:${lineNumber + 1}`
}
