// The memory that a stored user takes: bytes of heap in the memory adapter, against the same objects out of JSON.parse.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { figure } from './statistics.mjs'

const ROUNDS = 3

export async function heap(report) {
  report.begin('heap')
  const values = []
  let each = {}
  for (let round = 0; round < ROUNDS; round += 1) {
    const [adapter, objects] = [await bytesOf('adapter'), await bytesOf('objects')]
    values.push(adapter / objects)
    each = { 'bytes for each user': adapter, 'bytes for each object': objects }
  }
  report.add('heap', figure(values, undefined, { each }))
}

async function bytesOf(kind) {
  const child = fork(fileURLToPath(new URL('servers/heap.mjs', import.meta.url)), [kind], { execArgv: ['--expose-gc'] })
  const [bytes] = await once(child, 'message')
  return bytes
}
