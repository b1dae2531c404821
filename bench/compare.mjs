import { load } from './load.mjs'
import { median, round } from './statistics.mjs'

/**
 * Loads two servers in turn and gives, for each round, how many times better the first is than the second, by throughput
 * and by CPU time of the server per request. Rounds are short and many, and who goes first changes, so that what else the
 * machine does falls on both.
 *
 * @param {{ server: any, request: (n: number) => Buffer, status?: number }[]} sides
 */
export async function compare(sides, { rounds = 21, ms = 300, warmUp = 1_200, connections = 20 } = {}) {
  const results = sides.map(() => ({ throughput: [], cpu: [] }))
  const run = ({ server, request, status }, duration) =>
    load({ port: server.port, ms: duration, connections, request, status })
  for (const side of sides) await run(side, warmUp)
  for (let round = 0; round < rounds; round += 1) {
    const turns = [...sides.entries()]
    for (const [index, side] of round % 2 === 0 ? turns : turns.reverse()) {
      const before = await side.server.cpu()
      const { requests, ms: taken } = await run(side, ms)
      const cpu = (await side.server.cpu()) - before
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
