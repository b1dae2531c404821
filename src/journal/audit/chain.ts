import type { ResourceEvent } from '../../index.js'
import type { TenantKeys } from '../shared/keys.js'
import type { AuditEntry } from './entry.js'
import type { AuditEnds, AuditRow } from './store.js'

type ChainedField =
  | 'time'
  | 'action'
  | 'actor'
  | 'via'
  | 'requestId'
  | 'resourceType'
  | 'resourceId'
  | 'attributes'
  | 'reason'

/** The facts that an entry is made of, with the ids of the members that came and went. */
export interface AuditFacts extends Pick<AuditEntry, ChainedField> {
  readonly added: readonly string[]
  readonly removed: readonly string[]
}

/** The part that the hash covers: HMACs in place of the ids of people. */
interface Content {
  readonly time: number
  readonly action: string
  readonly actor: string | null
  readonly via: string
  readonly requestId: string | null
  readonly resourceType: string | null
  readonly person: string | null
  readonly attributes: readonly string[]
  readonly added: readonly string[]
  readonly removed: readonly string[]
  readonly reason: string | null
}

/** The keys of a trail: for the HMACs of people, and for the chain. */
export interface TrailKeys {
  readonly people: TenantKeys
  readonly chain: TenantKeys
}

/** The facts to keep of changes: one for each event, and members with the change of their group. */
export function factsOf(events: readonly ResourceEvent[], time: Date): readonly AuditFacts[] {
  const facts: (AuditFacts & { readonly added: string[]; readonly removed: string[] })[] = []
  for (const event of events) {
    if (event.member === undefined) {
      facts.push({
        time,
        action: event.name,
        actor: event.auth.subject,
        via: event.via,
        requestId: event.requestId,
        resourceType: event.resourceType,
        resourceId: event.id,
        attributes: event.attributes,
        added: [],
        removed: [],
        reason: undefined,
      })
      continue
    }
    const group = facts.findLast(({ resourceType, resourceId, action }) => {
      return (
        resourceType === event.resourceType && resourceId === event.id && /(?:created|updated|deleted)$/.test(action)
      )
    })
    if (event.name.endsWith('.member.added')) group?.added.push(event.member)
    else group?.removed.push(event.member)
  }
  return facts
}

/** The rows that follow the last of a tenant. */
export function rowsAfter(keys: TrailKeys, tenant: string, ends: AuditEnds, given: readonly AuditFacts[]): AuditRow[] {
  let { number, hash } = ends
  return given.map((facts) => {
    const standIn = (id: string): string => keys.people.hmac(tenant, [id])
    const { added, removed, resourceId, actor } = facts
    const content: Content = {
      time: facts.time.getTime(),
      action: facts.action,
      actor: actor === undefined ? null : standIn(actor),
      via: facts.via,
      requestId: facts.requestId ?? null,
      resourceType: facts.resourceType ?? null,
      person: resourceId === undefined ? null : standIn(resourceId),
      attributes: facts.attributes,
      added: added.map(standIn),
      removed: removed.map(standIn),
      reason: facts.reason ?? null,
    }
    const previous = hash
    number += 1
    const text = JSON.stringify(content)
    hash = keys.chain.hmac(tenant, [number, previous, text])
    return {
      tenant,
      number,
      time: facts.time,
      previous,
      hash,
      content: text,
      actor: actor ?? '',
      resourceId: resourceId ?? '',
      members: new Map([...added, ...removed].map((id) => [standIn(id), id])),
    }
  })
}

/** An entry as it is shown. */
export function entryOf({ tenant, number, previous, hash, actor, resourceId, members, ...row }: AuditRow): AuditEntry {
  const content: Content = JSON.parse(row.content)
  const shown = (persons: readonly string[]) => persons.map((person) => ({ person, id: members.get(person) }))
  const hasMembers = content.added.length + content.removed.length > 0
  return {
    tenant,
    number,
    time: new Date(content.time),
    action: content.action,
    actor: actor === '' ? undefined : actor,
    via: content.via,
    requestId: content.requestId ?? undefined,
    resourceType: content.resourceType ?? undefined,
    resourceId: resourceId === '' ? undefined : resourceId,
    person: content.person ?? undefined,
    attributes: content.attributes,
    members: hasMembers ? { added: shown(content.added), removed: shown(content.removed) } : undefined,
    reason: content.reason ?? undefined,
    previous,
    hash,
  }
}

/** The fault of a row behind another; undefined: there is none. */
export function faultOf(keys: TrailKeys, row: AuditRow, last: { number: number; hash: string }): string | undefined {
  const { tenant, number, previous, hash, content } = row
  if (number !== last.number + 1) return `Entry ${last.number + 1} is missing.`
  if (previous !== last.hash) return `Entry ${number} does not follow the one before.`
  if (!keys.chain.hmacs(tenant, [number, previous, content]).includes(hash)) return `Entry ${number} was changed.`
  const { time, person, actor, added, removed }: Content = JSON.parse(content)
  // The time beside the content decides when the entry is removed.
  if (row.time.getTime() !== time) return `The time of entry ${number} was changed.`
  const standsFor = (id: string, one: string | null): boolean =>
    id === '' || (one !== null && keys.people.hmacs(tenant, [id]).includes(one))
  const areMembers = [...row.members].every(
    ([one, id]) => standsFor(id, one) && (added.includes(one) || removed.includes(one)),
  )
  return standsFor(row.resourceId, person) && standsFor(row.actor, actor) && areMembers
    ? undefined
    : `An id in entry ${number} was changed.`
}
