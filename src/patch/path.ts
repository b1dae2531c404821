import { strict, type Tolerate } from '../compatibility.js'
import { ScimError } from '../error.js'
import type { Filter, ParsedFilter } from '../filter/ast.js'
import { findAttribute, isSimpleList, isValueName } from '../filter/find.js'
import { DOT, fail, OPEN_BRACKET, peek, scanAttributePath, scanSubAttribute } from '../filter/lex.js'
import { FILTER_LIMITS, type ParseOptions, parseValueFilter, startParser } from '../filter/parse.js'
import { resolveValueFilter } from '../filter/resolve.js'
import type { AttributePath, ResourceSchema } from '../schema/define/schema.js'
import type { Attribute } from '../schema/model/attribute.js'

/** The path of a PATCH operation as the client wrote it. */
export interface PatchPath {
  readonly path: AttributePath
  /** The filter between brackets. */
  readonly filter?: ParsedFilter
  /** The sub-attribute after the brackets. */
  readonly sub?: string
}

/** The target of a path in a schema. */
export interface PatchTarget {
  /** An attribute of the resource or of an extension, or the object of an extension itself. */
  readonly attribute: Attribute
  readonly filter: Filter | undefined
  readonly subAttribute: Attribute | undefined
}

/**
 * Reads a path, RFC 7644 section 3.5.2: PATH = attrPath / valuePath [subAttr]. Throws 400 invalidPath for a malformed
 * path and 400 invalidFilter for a malformed filter in it.
 */
export function parsePath(text: string, options: ParseOptions = {}): PatchPath {
  const { tolerate, limits } = options
  const longest = limits?.length ?? FILTER_LIMITS.length
  // No bracket follows the closing bracket of the filter. The text around the filter is a name or a URN.
  const filterLength = Math.max(0, text.lastIndexOf(']') - text.indexOf('[') - 1)
  const longer = { ...limits, length: FILTER_LIMITS.length + filterLength }
  const parser = startParser(text, 'path', { ...(tolerate && { tolerate }), limits: longer }, true)
  const path = scanAttributePath(parser)
  if (parser.position === text.length) return Object.freeze({ path })
  if (peek(parser) !== OPEN_BRACKET) throw fail(parser, 'a path is an attribute name, or one with a filter in [ ]')
  parser.reading = 'filter'
  if (filterLength > longest) throw fail(parser, `no more than ${longest} characters are accepted`)
  const filter = parseValueFilter(parser)
  parser.reading = 'path'
  if (parser.position === text.length) return Object.freeze({ path, filter })
  if (peek(parser) !== DOT) throw fail(parser, 'a dot and a sub-attribute may follow here, nothing else')
  parser.position++
  const sub = scanSubAttribute(parser)
  if (parser.position < text.length) throw fail(parser, 'the path should end here')
  return Object.freeze({ path, filter, sub })
}

/**
 * Looks the names of a path up in a schema; undefined if it does not have them. Throws 400 invalidPath if brackets
 * follow an attribute with one simple value, and 400 invalidFilter as `resolveFilter` does.
 */
export function resolvePath(
  { path, filter, sub }: PatchPath,
  schema: ResourceSchema,
  options: { readonly tolerate?: Tolerate } = {},
): PatchTarget | undefined {
  const tolerate = options.tolerate ?? strict
  const found = findAttribute(path, schema, tolerate)
  if (found === undefined) return undefined
  const attribute = found.parent ?? found
  if (filter === undefined) {
    return Object.freeze({ attribute, filter: undefined, subAttribute: found === attribute ? undefined : found })
  }
  if (found.parent || found.isExtension || (found.type !== 'complex' && !found.multiValued)) {
    throw ScimError.invalidPath(`"${found.path}" has no values that a filter could choose from.`)
  }
  const bound = resolveValueFilter(filter, schema, attribute, tolerate)
  if (sub === undefined || (isSimpleList(attribute) && isValueName(sub))) {
    return Object.freeze({ attribute, filter: bound, subAttribute: undefined })
  }
  const subAttribute = attribute.subAttribute(sub)
  return subAttribute && Object.freeze({ attribute, filter: bound, subAttribute })
}
