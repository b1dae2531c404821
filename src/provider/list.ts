import { finishCandidates } from '../adapter/candidates.js'
import type { CursorPage, IndexPage, ListQuery, Page, Sort } from '../adapter/contract.js'
import { ScimError } from '../error.js'
import type { Filter } from '../filter/ast.js'
import { equalsIn } from '../filter/equals.js'
import { parseFilter } from '../filter/parse.js'
import { resolveFilter } from '../filter/resolve.js'
import { listResponse } from '../message/list-response.js'
import type { QueryParameters } from '../message/search-request.js'
import { valueAttribute } from '../schema/attribute.js'
import { attributeNamed } from '../schema/project.js'
import { checkFilterReadable, checkReadable } from './access.js'
import { AdapterFault, checkStored } from './adapter-fault.js'
import { authorize } from './authorize.js'
import type { Context } from './context.js'
import type { Input } from './input.js'
import { represent, writingFor } from './represent.js'
import type { ResourceType } from './resource-type.js'
import { projectionFor, type Result } from './result.js'

/** RFC 7644 section 3.4.2: a query over the resources of one type. */
export async function list(context: Context, type: ResourceType, { query }: Pick<Input, 'query'>): Promise<Result> {
  await authorize(context, type, 'list', undefined)
  const projection = projectionFor(context, type, query)
  const call = context.call(projection)
  const listQuery = listQueryOf(context, type, query)
  const answer = await type.adapter(call).list(listQuery, call)
  const page = isPage(answer)
    ? answer
    : await finishCandidates(answer, listQuery, {
        budget: context.provider.scanBudget,
        signal: call.signal,
        schema: type.schema,
      })
  const writing = writingFor(context)
  const resources = Array.from(page.resources, (stored) =>
    represent(context, type, checkStored(type, 'list', stored), projection, writing),
  )
  if (resources.length > listQuery.count) {
    throw new AdapterFault(type, 'list', `returned ${resources.length} resources for count ${listQuery.count}`, 'page')
  }
  return {
    status: 200,
    headers: {},
    body: listResponse(resources, positionOf(type, listQuery, page, resources.length)),
    large: writing.large,
  }
}

function isPage(answer: unknown): answer is Page {
  return typeof answer === 'object' && answer !== null && 'resources' in answer
}

function positionOf(type: ResourceType, query: ListQuery, page: Page, length: number) {
  const { totalResults } = page as IndexPage | CursorPage
  if (!Number.isSafeInteger(totalResults) || (totalResults as number) < length) {
    throw new AdapterFault(type, 'list', `returned totalResults ${totalResults}`, 'page')
  }
  // Decision A-31: a page without resources begins nowhere.
  return { totalResults: totalResults as number, startIndex: query.pagination === 'index' ? query.startIndex : 1 }
}

function listQueryOf(context: Context, type: ResourceType, query: QueryParameters): ListQuery {
  const { limits } = context.provider
  const filter = query.filter === undefined ? undefined : filterOf(context, type, query.filter)
  return {
    filter,
    sort: sortOf(context, type, query),
    // RFC 7644 section 3.4.2.4: "A negative value SHALL be interpreted as '0'"; never more than the server's maximum.
    count: Math.max(0, Math.min(query.count ?? limits.defaultResults, limits.maxResults)),
    equals: (attribute) => equalsIn(filter, attribute),
    pagination: 'index',
    // RFC 7644 section 3.4.2.4: "A value less than 1 SHALL be interpreted as 1."
    startIndex: Math.max(1, query.startIndex ?? 1),
  }
}

/** Parses a filter and binds it to the attributes of a resource type. */
export function filterOf(context: Context, type: ResourceType, text: string): Filter {
  const { tolerate, provider } = context
  const parsed = parseFilter(text, { tolerate, limits: provider.filterLimits })
  const filter = resolveFilter(parsed, type.schema, { tolerate })
  checkFilterReadable(context, type, filter)
  return filter
}

/** RFC 7644 section 3.4.2.3: sortBy names an attribute, or a sub-attribute of a complex one. */
export function sortOf(context: Context, type: ResourceType, { sortBy, sortOrder }: QueryParameters): Sort | undefined {
  if (sortBy === undefined) return undefined
  const named = attributeNamed(type.schema, sortBy.trim())
  const attribute = named?.type === 'complex' ? valueAttribute(named) : named
  if (attribute === undefined || attribute.returned === 'never' || attribute.mutability === 'writeOnly') {
    throw ScimError.invalidValue(`Resources of type ${type.name} cannot be sorted by "${sortBy.slice(0, 100)}".`)
  }
  checkReadable(context, type, attribute)
  return { attribute, order: sortOrder ?? 'ascending' }
}
