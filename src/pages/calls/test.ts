import type { InProcessClient } from '../../index.js'
import type { Call, Handlers } from '../request/call.js'
import { connectionView } from '../views/connection.js'
import { objectOf } from '../views/resource.js'
import { changeOf, connectionOf } from './connections.js'
import { clientOf } from './people.js'

const PAGE = 1_000
/** How many requests of the log one call looks through, and how many people it deactivates. */
const MOST_PAGES = 5
const MOST_PEOPLE = 200

/** The test of a connection with some people, its end, and the way back. */
export const testCalls: Handlers<'startTest' | 'goLive' | 'undo'> = {
  async startTest(call) {
    const connection = await call.settings.connections.startTest({ ...changeOf(call), people: call.body.people })
    return { connection: await connectionView(call.settings, connection) }
  },

  async goLive(call) {
    const connection = await call.settings.connections.endTest(changeOf(call))
    return { connection: await connectionView(call.settings, connection) }
  },

  async undo(call) {
    const { settings } = call
    const before = await connectionOf(call)
    const connection =
      before.state === 'paused'
        ? before
        : (await settings.connections.pause({ ...changeOf(call), reason: 'Set-up undone' })).connection
    const client = clientOf(call)
    const counts = { deactivated: 0, left: 0, failed: 0 }
    for (const id of await createdBy(call)) {
      if (counts.deactivated + counts.failed >= MOST_PEOPLE) {
        counts.left += 1
        continue
      }
      const outcome = await deactivate(client, id)
      if (outcome !== undefined) counts[outcome] += 1
    }
    return { connection: await connectionView(settings, connection), ...counts }
  },
}

/** The ids of people that the connection has created, as far back as the log goes. */
async function createdBy({ settings, tenant, params }: Call<'undo'>): Promise<readonly string[]> {
  await settings.log.flush()
  const found = new Set<string>()
  let before: string | undefined
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const page = await settings.log.page({ tenant, connection: params.connection, status: 201, before, count: PAGE })
    for (const { action, resourceType, resourceId } of page.entries) {
      if (action === 'create' && resourceType === 'User' && resourceId !== undefined) found.add(resourceId)
    }
    if (page.next === undefined) break
    before = page.next
  }
  return [...found]
}

/** Undefined: nothing was to be done, because the person is inactive or gone. */
async function deactivate(client: InProcessClient, id: string): Promise<'deactivated' | 'failed' | undefined> {
  const path = `/Users/${encodeURIComponent(id)}`
  const { status, body } = await client.request({ method: 'GET', path: `${path}?attributes=active` })
  if (status === 404 || (status === 200 && objectOf(body).active === false)) return undefined
  const answer = await client.request({
    method: 'PATCH',
    path,
    headers: { 'content-type': 'application/scim+json' },
    body: {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
      Operations: [{ op: 'replace', path: 'active', value: false }],
    },
  })
  return answer.status < 300 ? 'deactivated' : 'failed'
}
