import type { AuditEntry, AuditTrail } from '../../journal/index.js'
import type { Handlers } from '../request/call.js'
import { notFound } from '../request/failure.js'

const PAGE = 500

/** The audit trail. */
export const historyCalls: Handlers<'listHistory'> = {
  async listHistory({ settings, tenant, query }) {
    const { trail, connections } = settings
    if (trail === undefined) throw notFound()
    const { resource, count = 50, before = (await trail.end(tenant)) + 1 } = query
    const [entries, own] = await Promise.all([
      resource === undefined ? latest(trail, tenant, before, count) : latestOf(trail, tenant, resource, before, count),
      connections.list({ tenant }),
    ])
    const names = new Map(own.map(({ id, name }) => [id, name]))
    const oldest = entries.at(-1)?.number
    return {
      entries: entries.map((entry) => historyView(entry, names)),
      next: oldest !== undefined && oldest > 1 && entries.length === count ? String(oldest) : undefined,
    }
  },
}

type Trail = Pick<AuditTrail, 'page'>

/** Numbers of a tenant have no gaps, so that the last entries are those behind a number that is known. */
async function latest(trail: Trail, tenant: string, before: number, count: number): Promise<readonly AuditEntry[]> {
  const after = Math.max(0, before - 1 - count)
  const entries = await trail.page({ tenant, after, count })
  return entries.filter(({ number }) => number < before).reverse()
}

/** Those of one resource stand anywhere: they are read from the first on. */
async function latestOf(
  trail: Trail,
  tenant: string,
  resourceId: string,
  before: number,
  count: number,
): Promise<readonly AuditEntry[]> {
  let found: readonly AuditEntry[] = []
  for (let after = 0; ; ) {
    const entries = await trail.page({ tenant, after, count: PAGE, resourceId })
    const fitting = entries.filter(({ number }) => number < before)
    found = [...found, ...fitting].slice(-count)
    const end = entries.at(-1)
    if (end === undefined || entries.length < PAGE || fitting.length < entries.length) return [...found].reverse()
    after = end.number
  }
}

function historyView(entry: AuditEntry, names: ReadonlyMap<string, string>) {
  const { number, time, action, actor, via, requestId, resourceType, resourceId, attributes, members, reason } = entry
  const ids = (of: readonly { readonly id: string | undefined }[]): string[] => of.flatMap(({ id }) => id ?? [])
  return {
    number,
    time: time.toISOString(),
    action,
    actor,
    actorName: actor === undefined ? undefined : names.get(actor),
    via,
    requestId,
    resourceType,
    resourceId,
    attributes,
    members: members && { added: ids(members.added), removed: ids(members.removed) },
    reason,
  }
}
