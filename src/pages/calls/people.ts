import { filledText } from '../../json-values.js'
import type { RouteName } from '../contract/contract.js'
import type { Call, Handlers } from '../request/call.js'
import { invalid, notFound, PagesFailure } from '../request/failure.js'
import { entryView } from '../views/entry.js'
import { logPage } from '../views/log-page.js'
import { attributesOf, groupRow, listOf, objectOf, personRow, type ResourceOnWire } from '../views/resource.js'

type AnyCall = Pick<Call<RouteName>, 'settings' | 'tenant' | 'visitor' | 'reason'>

const MOST_MEMBERS = 200
const MOST_GROUPS = 100
const MOST_ENTRIES = 100
const SHOWN_ENTRIES = 20
const ROW_OF_PERSON = 'userName,displayName,name,emails,active,externalId'

/** People and groups as they are stored. Each look is written into the audit trail before it is answered. */
export const peopleCalls: Handlers<'listPeople' | 'getPerson' | 'listGroups' | 'getGroup'> = {
  async listPeople(call) {
    const { search, active, count = 50, next } = call.query
    await noteLook(call, 'User')
    const path = call.settings.product.signIn === 'emails' ? 'emails.value' : 'userName'
    const filters = [
      ...(search === undefined || search === '' ? [] : [`${path} sw ${JSON.stringify(search)}`]),
      ...(active === undefined ? [] : [`active eq ${active}`]),
    ]
    const page = await pageOf(call, '/Users', { filter: filters.join(' and '), attributes: ROW_OF_PERSON, count, next })
    return { people: page.resources.map(personRow), total: page.total, next: page.next }
  },

  async getPerson(call) {
    const { settings, tenant, params } = call
    const { id = '' } = params
    const resource = await readOne(call, `/Users/${encodeURIComponent(id)}`)
    await noteLook(call, 'User', id)
    const { entries } = await logPage(settings, { tenant, resourceId: id, count: MOST_ENTRIES })
    const notKept = entries.flatMap(({ tolerated }) =>
      tolerated.flatMap(({ name, attribute }) =>
        attribute !== undefined && ['unknownAttribute', 'unknownPath'].includes(name) ? [attribute] : [],
      ),
    )
    return {
      person: personRow(resource),
      attributes: attributesOf(resource),
      notKept: [...new Set(notKept)],
      groups: await groupsOf(call, id, resource),
      entries: entries.slice(0, SHOWN_ENTRIES).map((entry) => entryView(settings, entry)),
    }
  },

  async listGroups(call) {
    const { search, count = 50, next } = call.query
    await noteLook(call, 'Group')
    const filter = search === undefined || search === '' ? '' : `displayName sw ${JSON.stringify(search)}`
    const page = await pageOf(call, '/Groups', { filter, attributes: 'displayName,externalId', count, next })
    return { groups: page.resources.map(groupRow), total: page.total, next: page.next }
  },

  async getGroup(call) {
    const { id = '' } = call.params
    const resource = await readOne(call, `/Groups/${encodeURIComponent(id)}`)
    await noteLook(call, 'Group', id)
    const members = listOf(resource.members)
    return {
      group: groupRow(resource),
      members: members.slice(0, MOST_MEMBERS).map(({ value, display, type }) => ({
        id: filledText(value) ?? '',
        name: filledText(display) ?? filledText(value) ?? '',
        type: filledText(type),
      })),
      more: Math.max(0, members.length - MOST_MEMBERS),
    }
  },
}

/** The service without HTTP, in the name of the visitor. */
export function clientOf({ settings, tenant, visitor }: AnyCall): ReturnType<typeof settings.scim.as> {
  return settings.scim.as({ tenant, actor: visitor.actor, via: 'pages' })
}

async function readOne(call: AnyCall, path: string): Promise<ResourceOnWire> {
  const { status, body } = await clientOf(call).request({ method: 'GET', path })
  if (status === 404) throw notFound()
  return objectOf(answered(status, body))
}

interface PageRequest {
  readonly filter: string
  readonly attributes: string
  readonly count: number
  readonly next: string | undefined
}

interface Page {
  readonly resources: readonly ResourceOnWire[]
  readonly total: number | undefined
  readonly next: string | undefined
}

/** A page of a list: by cursor where the service has cursors (RFC 9865), else by index. */
async function pageOf(call: AnyCall, path: string, { filter, attributes, count, next }: PageRequest): Promise<Page> {
  const query = new URLSearchParams({ count: String(count), attributes })
  if (filter !== '') query.set('filter', filter)
  const index = next === undefined ? undefined : /^i(\d{1,9})$/.exec(next)?.[1]
  if (next !== undefined && index === undefined && !next.startsWith('c')) throw unknownPage()
  if (index !== undefined) query.set('startIndex', index)
  else query.set('cursor', next?.startsWith('c') ? next.slice(1) : '')
  const { status, body } = await clientOf(call).request({ method: 'GET', path: `${path}?${query}` })
  const { Resources, totalResults, startIndex, nextCursor } = objectOf(answered(status, body))
  const resources = listOf(Resources)
  const total = typeof totalResults === 'number' ? totalResults : undefined
  const cursor = filledText(nextCursor)
  if (cursor !== undefined) return { resources, total, next: `c${cursor}` }
  // A service without cursors ignores one, and would begin again.
  if (next?.startsWith('c') && typeof startIndex === 'number') throw unknownPage()
  const end = (typeof startIndex === 'number' ? startIndex : Number(index ?? 1)) + resources.length
  const isMore = typeof startIndex === 'number' && total !== undefined && resources.length > 0 && end <= total
  return { resources, total, next: isMore ? `i${end}` : undefined }
}

function unknownPage(): PagesFailure {
  return invalid('Key next of the query must come from the answer before.')
}

/** The body of a good answer. A refusal of the service keeps its own text, because such texts hold no values. */
export function answered(status: number, body: unknown): unknown {
  if (status < 300) return body
  const detail = filledText(objectOf(body).detail) ?? 'The service has refused it.'
  throw new PagesFailure(status >= 500 ? 502 : 400, 'service', detail)
}

async function groupsOf(
  call: AnyCall,
  id: string,
  { groups }: ResourceOnWire,
): Promise<readonly { readonly id: string; readonly name: string }[]> {
  if (Array.isArray(groups)) {
    return listOf(groups)
      .slice(0, MOST_GROUPS)
      .map(({ value, display }) => ({
        id: filledText(value) ?? '',
        name: filledText(display) ?? filledText(value) ?? '',
      }))
  }
  const query = new URLSearchParams({
    filter: `members.value eq ${JSON.stringify(id)}`,
    attributes: 'displayName',
    count: String(MOST_GROUPS),
  })
  const { status, body } = await clientOf(call).request({ method: 'GET', path: `/Groups?${query}` })
  // In a service without groups this person is in no group.
  return status === 200
    ? listOf(objectOf(body).Resources)
        .map(groupRow)
        .map(({ id: group, name }) => ({ id: group, name }))
    : []
}

async function noteLook({ settings, tenant, visitor, reason }: AnyCall, type: string, id?: string): Promise<void> {
  await settings.trail?.note({
    tenant,
    actor: visitor.actor,
    action: 'looked',
    via: visitor.audience === 'staff' ? 'staff pages' : 'pages',
    resourceType: type,
    ...(id !== undefined && { resourceId: id }),
    ...(reason !== undefined && { reason }),
  })
}
