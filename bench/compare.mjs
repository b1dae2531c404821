import { load } from './load.mjs'
import { median, round } from './statistics.mjs'

/**
 * Loads two servers in turn and gives, for each round, how many times better the first is than the second, by throughput
 * and by CPU time of the server per request.
 *
 * @param {{ server: any, request: (n: number) => Buffer, status?: number }[]} sides
 */
export async function compare(sides, { rounds = 7, ms = 900, total, connections = 20 } = {}) {
  const results = sides.map(() => ({ throughput: [], cpu: [] }))
  for (let turn = -1; turn < rounds; turn += 1) {
    for (const [index, { server, request, status }] of sides.entries()) {
      const before = await server.cpu()
      const { requests, ms: taken } = await load({ port: server.port, ms, total, connections, request, status })
      const cpu = (await server.cpu()) - before
      // The first turn warms up.
      if (turn < 0) continue
      results[index].throughput.push(requests / taken)
      results[index].cpu.push(cpu / requests)
    }
  }
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
