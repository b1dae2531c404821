import { openSockets } from './load.mjs'
import { median, round } from './statistics.mjs'

// A shared machine halves or doubles its speed within seconds. Such changes fall on short turns of both sides alike.
const TURN_MS = 25

/**
 * Loads two servers in turn and gives, for each round, how many times better the first is than the second, by
 * throughput and by CPU time of the server per request. A round is made of many short turns.
 *
 * @param {{ server: any, request: (n: number) => Buffer, status?: number }[]} sides
 */
export async function compare(sides, { rounds = 21, turns = 12, warmUp = 1_200, connections = 20 } = {}) {
  const sockets = await Promise.all(sides.map(({ server }) => openSockets(server.port, connections)))
  const results = sides.map(() => ({ throughput: [], cpu: [] }))
  const run = (index, ms) => sockets[index].load({ ...sides[index], ms })
  const order = [...sides.keys()]
  for (const index of order) await run(index, warmUp)
  for (let round = 0; round < rounds; round += 1) {
    const totals = sides.map(() => ({ requests: 0, ms: 0, cpu: 0 }))
    for (let turn = 0; turn < turns; turn += 1) {
      for (const index of turn % 2 === 0 ? order : order.toReversed()) {
        const total = totals[index]
        const { cpu } = sides[index].server
        const before = await cpu()
        const { requests, ms } = await run(index, TURN_MS)
        total.cpu += (await cpu()) - before
        total.requests += requests
        total.ms += ms
      }
    }
    for (const [index, { requests, ms, cpu }] of totals.entries()) {
      results[index].throughput.push(requests / ms)
      results[index].cpu.push(cpu / requests)
    }
  }
  for (const each of sockets) each.close()
  const [ours, theirs] = results
  return {
    throughput: ours.throughput.map((value, turn) => value / theirs.throughput[turn]),
    cpu: theirs.cpu.map((value, turn) => value / ours.cpu[turn]),
    figures: results.map(({ throughput, cpu }) => ({
      perSecond: Math.round(median(throughput) * 1000),
      cpuMicroseconds: round(median(cpu) * 1000),
    })),
  }
}
