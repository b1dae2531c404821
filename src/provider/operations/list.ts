import { selectionFor } from '../../adapter/selections.js'
import { listResponse } from '../../message/list-response.js'
import type { QueryParameters } from '../../message/query-parameters.js'
import { represent, writingFor } from '../answer/represent.js'
import { projectionFor, type Result } from '../answer/result.js'
import { permit } from '../policy/permit.js'
import { cursorsFor, listByCursor } from '../query/list-by-cursor.js'
import { checkTotal, indexQuery, type ListedPage, listPage, queryOf } from '../query/list-page.js'
import { startIndexOf } from '../query/query.js'
import type { Context } from '../request/context.js'
import type { ResourceType } from '../setup/resource-type.js'

/** RFC 7644 section 3.4.2: a query over the resources of one type. */
export async function list(
  context: Context,
  type: ResourceType,
  { query }: { readonly query: QueryParameters },
): Promise<Result> {
  await permit(context, type, 'list', undefined)
  const cursors = cursorsFor(context, query)
  if (cursors) return listByCursor(context, cursors, type, query)

  const projection = projectionFor(context, type, query)
  const startIndex = startIndexOf(query)
  const listRequest = queryOf(context, type, query)
  const page = listRequest
    ? await listPage(
        context,
        type,
        context.readCall(selectionFor(projection, listRequest)),
        indexQuery(listRequest, startIndex),
      )
    : NO_PAGE
  checkTotal(context, page.totalResults)

  const writing = writingFor(context)
  const resources = page.resources.map((stored) => represent(context, type, stored, projection, writing))
  context.facts.count = resources.length
  const body = listResponse(resources, { totalResults: page.totalResults, startIndex })
  return { status: 200, headers: {}, body, large: writing.large }
}

const NO_PAGE: ListedPage = Object.freeze({ resources: [], totalResults: 0 })
