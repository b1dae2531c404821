// The cost of one member more or less in a group of 100,000, measured against a group of ten.
import { load, requestBytes } from './load.mjs'
import { startServer } from './server-process.mjs'
import { figure } from './statistics.mjs'
import { PATCH_OP } from './users.mjs'

const LARGE = 100_000
const SMALL = 10
const CHANGES = 2_000

export async function groups(report) {
  report.begin('group.add')
  const server = await startServer('scim.mjs', { users: LARGE + CHANGES, groups: [LARGE, SMALL] })
  const spare = server.info.ids.slice(LARGE)
  const results = await changeInTurn(server, server.info.groupIds, spare)
  for (const op of ['add', 'remove']) report.add(`group.${op}`, figure(results[op], { most: 1.5 }))
  await server.stop()
}

/**
 * Adds and removes the same members in both groups, turn by turn; gives the cost in the first group divided by the cost
 * in the second.
 */
export async function changeInTurn(server, [large, small], spare, rounds = 5) {
  const costs = { add: [], remove: [] }
  for (let round = -1; round < rounds; round += 1) {
    for (const op of ['add', 'remove']) {
      const side = (id) => ({ server, status: 204, request: (n) => change(op, id, spare[n]) })
      const first = await costOf(side(large), spare.length)
      const second = await costOf(side(small), spare.length)
      if (round >= 0) costs[op].push(first / second)
    }
  }
  return costs
}

/** CPU time of the server for this number of requests. */
async function costOf({ server, request, status }, total) {
  const before = await server.cpu()
  await load({ port: server.port, request, status, total })
  return (await server.cpu()) - before
}

function change(op, id, member) {
  const operation =
    op === 'add' ? { op, path: 'members', value: [{ value: member }] } : { op, path: `members[value eq "${member}"]` }
  return requestBytes('PATCH', `/scim/v2/Groups/${id}`, { schemas: [PATCH_OP], Operations: [operation] })
}
