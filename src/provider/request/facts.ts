import type { Action } from '../../adapter/contract.js'
import type { ScimError } from '../../error.js'
import type { Filter } from '../../filter/ast.js'
import type { ReportedAction, ReportedChanges, ReportedMembers, ReportedOperation } from '../setup/report-types.js'
import type { ResourceType } from '../setup/resource-type.js'
import type { Context } from './context.js'
import { isReported } from './report.js'

/**
 * The facts about a request that are noted while it is carried out; its report is made of them. All members are there
 * from the beginning, so that the facts of all requests have one hidden class.
 */
export class Facts {
  action: ReportedAction | undefined = undefined
  resourceType: string | undefined = undefined
  resourceId: string | undefined = undefined
  count: number | undefined = undefined
  changes: ReportedChanges | undefined = undefined
  error: ScimError | undefined = undefined
  bulk: ReportedOperation[] | undefined = undefined
  /** Of a request that is recorded: its body as it was parsed, or its text if it is not JSON. */
  body: unknown = undefined
  broken: string | undefined = undefined
  /** The body with its resource type, for code that looks for names of people in it. */
  sent: SentBody[] | undefined = undefined
  /** The filters of the request. */
  filters: Filter[] | undefined = undefined
}

/** The body of an operation, as it came. */
export interface SentBody {
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
  if (facts.sent === undefined) facts.sent = [{ type, body }]
  else if (facts.sent.length < MOST_SENT) facts.sent.push({ type, body })
}

/** Notes the filter of a search. */
export function noteFilter({ facts, provider }: Context, filter: Filter): void {
  if (!provider.listeners.has('request')) return
  if (facts.filters === undefined) facts.filters = [filter]
  else if (facts.filters.length < MOST_SENT) facts.filters.push(filter)
}

/** Notes the changes of a write, if there will be a report. */
export function noteChanges(
  context: Context,
  type: ResourceType,
  attributes: () => readonly string[],
  changes?: Readonly<Record<string, { readonly added: readonly string[]; readonly removed: readonly string[] }>>,
): void {
  if (!isReported(context)) return
  const [membership] = type.roles.membership
  const members = membership && changes?.[membership.path]
  context.facts.changes = { attributes: attributes(), members: members && shownMembers(members) }
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
