import type { AttributePath } from '../schema/define/schema.js'
import type { Attribute } from '../schema/model/attribute.js'
import type { Filter, FilterValue } from './ast.js'
import { printPath } from './find.js'

/**
 * A filter as text, RFC 7644 section 3.4.2.2: `parseFilter(printFilter(filter))` gives the same tree again, and so does
 * binding it to the schema.
 *
 * @example
 * ```ts
 * import { parseFilter, printFilter } from 'express-scim'
 *
 * const text = printFilter(parseFilter('userName Eq "a" OR (title pr)')) // 'userName eq "a" or title pr'
 * ```
 */
export function printFilter(filter: Filter<Attribute | AttributePath>): string {
  return print(filter, undefined)
}

type Node = Filter<Attribute | AttributePath>

function print(filter: Node, holder: Attribute | undefined): string {
  switch (filter.kind) {
    case 'compare':
      return `${printName(filter.attribute, holder)} ${filter.operator} ${printValue(filter.value)}`
    case 'present':
      return `${printName(filter.attribute, holder)} pr`
    case 'valuePath': {
      const { attribute } = filter
      return `${printName(attribute, holder)}[${print(filter.filter, isBound(attribute) ? attribute : undefined)}]`
    }
    case 'not':
      return `not (${print(filter.filter, holder)})`
    default:
      return filter.filters
        .map((each) => (needsBrackets(each, filter.kind) ? `(${print(each, holder)})` : print(each, holder)))
        .join(` ${filter.kind} `)
  }
}

/** "and" binds closer than "or". An "and" inside an "and" needs brackets, else the parser would join the two. */
function needsBrackets(filter: Node, around: 'and' | 'or'): boolean {
  return filter.kind === 'or' || (filter.kind === 'and' && around === 'and')
}

function printName(attribute: Attribute | AttributePath, holder: Attribute | undefined): string {
  if (!isBound(attribute)) return printPath(attribute)
  if (!holder) return attribute.path
  // A value of a simple multi-valued attribute is written as if it were the sub-attribute "value".
  return attribute === holder ? 'value' : attribute.name
}

function isBound(attribute: Attribute | AttributePath): attribute is Attribute {
  return 'keys' in attribute
}

function printValue(value: FilterValue): string {
  if (typeof value !== 'number') return JSON.stringify(value)
  if (Object.is(value, -0)) return '-0'
  if (!Number.isFinite(value)) return value < 0 ? '-1e999' : '1e999'
  return String(value)
}
