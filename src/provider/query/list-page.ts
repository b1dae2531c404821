import { finishCandidates } from '../../adapter/candidates.js'
import type { Awaitable, Call, Candidates, ListQuery, Page, Sort, Stored } from '../../adapter/contract.js'
import { isPage } from '../../adapter/page.js'
import { kindOf } from '../../check-options.js'
import { ScimError } from '../../error.js'
import type { Filter } from '../../filter/ast.js'
import { equalsIn } from '../../filter/equals.js'
import { type InTurns, inTurns } from '../../in-turns.js'
import { isIterable } from '../../is-object.js'
import type { QueryParameters } from '../../message/query-parameters.js'
import { readIn } from '../events/transaction.js'
import type { Context } from '../request/context.js'
import { andThen } from '../request/pending.js'
import type { ResourceType } from '../setup/resource-type.js'
import { AdapterFault, checkStored } from '../store/adapter-fault.js'
import { bindQueryFilter, countOf, parseQueryFilter, sortOf } from './query.js'

/** The query for an adapter, without the page. */
export interface ListRequest {
  readonly filter: Filter | undefined
  readonly sort: Sort | undefined
  readonly count: number
}

/** Works out filter, order and count; undefined when no resource can meet the filter. */
export function queryOf(context: Context, type: ResourceType, query: QueryParameters): ListRequest | undefined {
  const filter = query.filter === undefined || bindQueryFilter(context, type, parseQueryFilter(context, query.filter))
  const sort = sortOf(context, type, query)
  if (filter === false) return undefined
  return { filter: filter === true ? undefined : filter, sort, count: countOf(context, query) }
}

/** A query by index. */
export function indexQuery(listRequest: ListRequest, startIndex: number): ListQuery {
  const { filter, sort, count } = listRequest
  return { filter, sort, count, equals: (attribute) => equalsIn(filter, attribute), pagination: 'index', startIndex }
}

/** A page by index as the contract has it, checked. */
export interface ListedPage {
  readonly resources: readonly Stored[]
  readonly totalResults: number
}

/** Asks an adapter for a page by index, and filters, sorts and cuts its candidates. */
export function listPage(context: Context, type: ResourceType, call: Call, query: ListQuery): Awaitable<ListedPage> {
  const reading = readIn(context, call, (inside) =>
    andThen<Page | Candidates, Page>(type.adapter(inside).list(query, inside), (answer) =>
      isPage(answer) ? answer : finish(context, type, answer, query, inside),
    ),
  )
  return andThen(reading, (page) =>
    andThen(checkResources(context, type, page, query), (resources) => ({
      resources,
      totalResults: checkedTotal(type, page.totalResults, resources),
    })),
  )
}

function articled(kind: string): string {
  if (kind === 'null') return kind
  return /^[aeiou]/.test(kind) ? `an ${kind}` : `a ${kind}`
}

/** The total of a page. A page by index has one. */
export function checkedTotal(type: ResourceType, total: number | undefined, resources: readonly Stored[]): number {
  if (total !== undefined && Number.isSafeInteger(total) && total >= resources.length) return total
  const isNumber = total === undefined || typeof total === 'number'
  const fault = isNumber ? `returned totalResults ${total}` : `returned ${articled(kindOf(total))} as totalResults`
  throw new AdapterFault(type, 'list', fault, 'page')
}

/** Filters, sorts and cuts candidates within the scan budget. */
export async function finish(
  context: Context,
  type: ResourceType,
  candidates: Candidates,
  query: ListQuery,
  call: Call,
): Promise<Page> {
  if (!isIterable(candidates)) throw new AdapterFault(type, 'list', 'returned neither a page nor candidates', 'list')
  return finishCandidates(candidates, query, { budget: context.provider.scanBudget, signal: call.signal })
}

// Pages that people read have fewer; the merged pages of a query on the root may have more.
const STRETCH = 1_024

/** Checks the resources of a page against the contract. */
export function checkResources(
  context: Context,
  type: ResourceType,
  page: Page,
  { count }: ListQuery,
): Awaitable<Stored[]> {
  if (!isIterable(page.resources) || Symbol.asyncIterator in page.resources) {
    throw new AdapterFault(type, 'list', 'returned a page whose resources are no list', 'page')
  }
  const resources = [...page.resources]
  if (resources.length > count) {
    throw new AdapterFault(type, 'list', `returned ${resources.length} resources for count ${count}`, 'page')
  }
  return inTurns(checkEach(type, resources), () => context.breather.pauseIfDue())
}

function* checkEach(type: ResourceType, resources: Stored[]): InTurns<Stored[]> {
  for (let index = 0; index < resources.length; index += 1) {
    checkStored(type, 'list', resources[index] as Stored)
    if (index % STRETCH === STRETCH - 1) yield
  }
  return resources
}

/** RFC 7644 section 3.4.2.1: more matches than the server is willing to process are an error, and no partial list. */
export function checkTotal({ provider: { limits } }: Context, totalResults: number): void {
  if (totalResults > limits.maxMatches) {
    throw ScimError.tooMany(`The query has more than ${limits.maxMatches} matches; narrow it by a filter.`)
  }
}
