import type { Action } from '../../adapter/contract.js'
import type { ScimError } from '../../error.js'
import type { Filter } from '../../filter/ast.js'
import type { ReportedAction, ReportedChanges, ReportedMembers, ReportedOperation } from '../setup/report-types.js'
import type { ResourceType } from '../setup/resource-type.js'
import type { Context } from './context.js'

/** What turns out about a request while it is carried out; its report is made of it. */
export interface Facts {
  action?: ReportedAction
  resourceType?: string | undefined
  resourceId?: string | undefined
  count?: number
  changes?: ReportedChanges
  error?: ScimError
  bulk?: ReportedOperation[] | undefined
  /** Of a request that is recorded: its body as it was parsed, or its text if it is not JSON. */
  body?: unknown
  broken?: string
  /** The body with its resource type, for code that looks for names of people in it. */
  sent?: Sent[]
  /** The filter of the request. */
  filters?: Filter[]
}

/** The body of an operation, as it came. */
export interface Sent {
  readonly type: ResourceType
  readonly body: unknown
}

const SHOWN_MEMBERS = 100
const MOST_SENT = 20

/** Notes the target of a request. The operations of a bulk request do not change it: each is reported by itself. */
export function noteOperation({ facts }: Context, action: Action, type: ResourceType, id: string | undefined): void {
  if (facts.action === 'bulk') return
  facts.action = action
  facts.resourceType = type.name
  facts.resourceId = id
}

/** Notes the body of an operation. */
export function noteSent({ facts, provider }: Context, type: ResourceType, body: unknown): void {
  if (!provider.listeners.has('request')) return
  facts.sent ??= []
  if (facts.sent.length < MOST_SENT) facts.sent.push({ type, body })
}

/** Notes the filter of a search. */
export function noteFilter({ facts, provider }: Context, filter: Filter): void {
  if (!provider.listeners.has('request')) return
  facts.filters ??= []
  if (facts.filters.length < MOST_SENT) facts.filters.push(filter)
}

/** Notes the changes of a write. */
export function noteChanges(
  { facts }: Context,
  type: ResourceType,
  attributes: readonly string[],
  changes?: Readonly<Record<string, { readonly added: readonly string[]; readonly removed: readonly string[] }>>,
): void {
  const [membership] = type.roles.membership
  const members = membership && changes?.[membership.path]
  facts.changes = { attributes, members: members && shownMembers(members) }
}

function shownMembers({
  added,
  removed,
}: {
  readonly added: readonly string[]
  readonly removed: readonly string[]
}): ReportedMembers {
  const shownAdded = added.slice(0, SHOWN_MEMBERS)
  const shownRemoved = removed.slice(0, SHOWN_MEMBERS - shownAdded.length)
  const more = added.length + removed.length - shownAdded.length - shownRemoved.length
  return { added: shownAdded, removed: shownRemoved, more }
}
