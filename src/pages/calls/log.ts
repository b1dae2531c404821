import type { PageQuery } from '../../journal/index.js'
import type { Call, Handlers } from '../request/call.js'
import { forbidden, invalid, notFound } from '../request/failure.js'
import { entryView } from '../views/entry.js'
import { logPage } from '../views/log-page.js'

const PAGE = 1_000

/** The explained log, and the tolerances that requests needed. */
export const logCalls: Handlers<'listLog' | 'listTolerances'> = {
  async listLog(call) {
    const { settings, tenant, visitor, query } = call
    const { after, before, count = 50, status, code, resource, person, from, to } = query
    const isInvited = visitor.audience === 'invited'
    if (isInvited && person !== undefined) throw forbidden('The invitation is for setting up one connection.')
    const connection = isInvited ? visitor.connection : await ownConnection(call, query.connection)
    const { entries, next } = await logPage(settings, {
      tenant,
      connection,
      after,
      before,
      count,
      code,
      person,
      resourceId: resource,
      status: statusOf(status),
      from: from === undefined ? undefined : new Date(from),
      to: to === undefined ? undefined : new Date(to),
    })
    return {
      entries: entries.map((entry) => entryView(settings, entry)),
      next,
      newest: entries[0]?.key ?? after,
    }
  },

  async listTolerances(call) {
    const { settings, tenant, query } = call
    const connection = await ownConnection(call, query.connection)
    const { entries } = await settings.log.page({ tenant, connection, count: PAGE })
    const found = new Map<string, { times: number; attributes: Set<string>; connections: Set<string>; last: Date }>()
    for (const { tolerated, connection: by, times, last } of entries) {
      for (const { name, attribute } of tolerated) {
        const one = found.get(name) ?? { times: 0, attributes: new Set(), connections: new Set(), last }
        one.times += times
        one.connections.add(by)
        if (attribute !== undefined) one.attributes.add(attribute)
        found.set(name, one)
      }
    }
    return {
      tolerances: [...found].map(([name, { times, attributes, connections, last }]) => ({
        name,
        times,
        attributes: [...attributes].slice(0, 50),
        connections: [...connections],
        last: last.toISOString(),
      })),
    }
  },
}

/** The connection that a query names: one of another tenant is unknown. */
async function ownConnection(
  { settings, tenant }: Pick<Call<'listLog'>, 'settings' | 'tenant'>,
  id: string | undefined,
): Promise<string | undefined> {
  if (id !== undefined && (await settings.connections.get({ tenant, id })) === undefined) throw notFound()
  return id
}

function statusOf(text: string | undefined): PageQuery['status'] {
  if (text === undefined) return undefined
  if (text === 'failed') return { min: 400, max: 599 }
  if (/^[1-5]xx$/.test(text)) return { min: Number(text[0]) * 100, max: Number(text[0]) * 100 + 99 }
  if (/^[1-5]\d\d$/.test(text)) return Number(text)
  throw invalid('Key status of the query must be such as 404, 4xx or failed.')
}
