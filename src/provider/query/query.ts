import type { Sort } from '../../adapter/contract.js'
import { ScimError } from '../../error.js'
import type { Filter, ParsedFilter } from '../../filter/ast.js'
import { parseFilterToBind } from '../../filter/parse.js'
import { resolveFilter } from '../../filter/resolve.js'
import { visitFilter } from '../../filter/visit.js'
import type { QueryParameters } from '../../message/query-parameters.js'
import { valueAttribute } from '../../schema/model/attribute.js'
import { attributeNamed } from '../../schema/projection/project.js'
import { isWithinUnreadable } from '../../schema/resources/unreadable.js'
import { checkFilterReadable, checkReadable } from '../policy/access.js'
import type { Context } from '../request/context.js'
import { noteFilter } from '../request/facts.js'
import type { ResourceType } from '../setup/resource-type.js'
import { isSensitive } from '../setup/sensitive.js'
import { withoutComputed } from './computed-filter.js'

/** Parses the filter of a query, within the limits. */
export function parseQueryFilter(context: Context, text: string): ParsedFilter {
  const { filterLimits, searchFilterLimits } = context.provider
  const limits = context.request.method === 'POST' ? searchFilterLimits : filterLimits
  return parseFilterToBind(text, { tolerate: context.tolerate, limits })
}

/**
 * Binds a filter to the attributes of a resource type. Comes out as `true` or `false` where it is decided without
 * looking at any resource. With `unknown: 'unassigned'` an attribute that the type does not have has no value, as
 * RFC 7644 section 3.4.2.1 asks of queries over several types.
 */
export function bindQueryFilter(
  context: Context,
  type: ResourceType,
  parsed: ParsedFilter,
  unknown: 'refuse' | 'unassigned' = 'refuse',
): Filter | boolean {
  const filter = resolveFilter(parsed, type.schema, { tolerate: context.tolerate, unknown })
  if (typeof filter === 'boolean') return filter
  noteFilter(context, filter)
  checkFilterReadable(context, type, filter)
  checkSensitive(context, filter)
  return withoutComputed(context, type, filter)
}

/**
 * RFC 7644 section 7.5.2: a filter with sensitive information belongs in the body of a POST, because URLs are logged on
 * their way.
 */
function checkSensitive({ provider, request }: Context, filter: Filter): void {
  const { sensitive } = provider
  if (sensitive.size === 0 || request.method === 'POST') return
  visitFilter(filter, (node) => {
    if ('attribute' in node && isSensitive(node.attribute, sensitive)) throw ScimError.of('sensitive')
  })
}

/** RFC 7644 section 3.4.2.3: sortBy names an attribute, or a sub-attribute of a complex one. */
export function sortOf(
  context: Context,
  type: ResourceType,
  { sortBy, sortOrder = 'ascending' }: QueryParameters,
): Sort | undefined {
  if (sortBy === undefined) return undefined
  const named = attributeNamed(type.schema, sortBy.trim())
  const attribute = named?.type === 'complex' ? valueAttribute(named) : named
  if (attribute === undefined || isWithinUnreadable(attribute)) {
    throw ScimError.invalidValue(`Resources of type ${type.name} cannot be sorted by "${sortBy.slice(0, 100)}".`)
  }
  checkReadable(context, type, attribute)
  return { attribute, order: sortOrder }
}

/**
 * RFC 7644 section 3.4.2.4: "A negative value SHALL be interpreted as '0'"; and never more than the server's maximum.
 */
export function countOf({ provider: { limits } }: Context, { count = limits.defaultResults }: QueryParameters): number {
  return Math.max(0, Math.min(count, limits.maxResults))
}

/** RFC 7644 section 3.4.2.4: "A value less than 1 SHALL be interpreted as 1." */
export function startIndexOf({ startIndex = 1 }: QueryParameters): number {
  return Math.max(1, startIndex)
}
