import { ScimError } from '../../error.js'
import { listResponse } from '../../message/list-response.js'
import { type QueryParameters, readSearchRequest } from '../../message/query-parameters.js'
import { attributeNamed } from '../../schema/projection/project.js'
import { writingFor } from '../answer/represent.js'
import { projectionFor, type Result } from '../answer/result.js'
import { authorize } from '../policy/authorize.js'
import { askAboutReferences } from '../policy/references.js'
import { cursorsFor } from '../query/list-by-cursor.js'
import { checkTotal } from '../query/list-page.js'
import { bindQueryFilter, countOf, parseQueryFilter, sortOf, startIndexOf } from '../query/query.js'
import { listAllByCursor } from '../query/search-by-cursor.js'
import { findAll, type Search } from '../query/search-page.js'
import type { Context } from '../request/context.js'
import { inputOf } from '../request/input.js'
import type { ResourceType } from '../setup/resource-type.js'
import { list } from './list.js'

/** RFC 7644 section 3.4.3: a query by POST to /.search; without a type over all of them. */
export async function search(context: Context, type: ResourceType | undefined): Promise<Result> {
  const query = readSearchRequest(await inputOf(context).body(), context.tolerate)
  return type === undefined ? listAll(context, query) : list(context, type, { query })
}

/** A query on the server root, RFC 7644 section 3.4.2.1: one over all resource types that the client may list. */
export async function listAll(context: Context, query: QueryParameters): Promise<Result> {
  const searches = await searchesOf(context, query)
  context.facts.resourceType = undefined
  const cursors = cursorsFor(context, query)
  if (cursors) return listAllByCursor(context, cursors, query, searches)
  const startIndex = startIndexOf(query)
  const writing = writingFor(context)
  const { resources, totalResults } = await findAll(
    context,
    query,
    searches,
    startIndex,
    countOf(context, query),
    writing,
  )
  checkTotal(context, totalResults)
  context.facts.count = resources.length
  const body = listResponse(resources, { totalResults, startIndex })
  return { status: 200, headers: {}, body, large: writing.large }
}

/**
 * Works out the query for each resource type that can match and that the client may list. Names in `attributes` are
 * looked up for each type on its own (decision A-44).
 */
async function searchesOf(context: Context, query: QueryParameters): Promise<readonly Search[]> {
  const types = await permittedTypes(context)
  for (const type of types) await askAboutReferences(context, type)
  const parsed = query.filter === undefined ? undefined : parseQueryFilter(context, query.filter)
  const { sortBy } = query
  if (sortBy !== undefined && !types.some((type) => hasAttribute(type, sortBy))) {
    throw ScimError.invalidValue(`Nothing can be sorted by "${sortBy.slice(0, 100)}".`)
  }
  return types.flatMap((type) => {
    const filter = parsed === undefined || bindQueryFilter(context, type, parsed, 'unassigned')
    if (filter === false) return []
    const sort = sortBy !== undefined && hasAttribute(type, sortBy) ? sortOf(context, type, query) : undefined
    const listRequest = { filter: filter === true ? undefined : filter, sort }
    return { type, projection: projectionFor(context, type, query), listRequest }
  })
}

/** Types that the client may not list are not there for it; when there is no other, the query is not permitted. */
async function permittedTypes(context: Context): Promise<readonly ResourceType[]> {
  const permitted: ResourceType[] = []
  let refusal: unknown
  for (const type of context.provider.types) {
    try {
      await authorize(context, type, 'list', undefined)
      permitted.push(type)
    } catch (error) {
      if (!ScimError.is(error) || error.status !== 403) throw error
      refusal = error
    }
  }
  if (permitted.length === 0) throw refusal
  return permitted
}

function hasAttribute({ schema }: ResourceType, name: string): boolean {
  return attributeNamed(schema, name.trim()) !== undefined
}
