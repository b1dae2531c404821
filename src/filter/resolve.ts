import { strict, type Tolerate } from '../compatibility.js'
import { ScimError } from '../error.js'
import type { AttributePath, ResourceSchema } from '../schema/define/schema.js'
import { type Attribute, valueAttribute } from '../schema/model/attribute.js'
import type { CompareFilter, Filter, ParsedFilter } from './ast.js'
import { findAttribute, isSimpleList, isValueName, printPath } from './find.js'
import { shorten } from './lex.js'
import { checkNullOperator, checkOperator, isBareWord, NULL_WORD, readLiteral } from './literal.js'
import { writtenLiteral } from './parse.js'

/** The options for binding a filter to a schema. */
export interface ResolveOptions {
  /** Default: strict. */
  readonly tolerate?: Tolerate
  /**
   * How to treat an attribute that the schema does not have. `'refuse'` (default): as an error, as on the endpoint of
   * one resource type. `'unassigned'`: as an attribute without a value, as in a query on several resource types (RFC
   * 7644 section 3.4.2.1); then the result may be `true` or `false` in place of a filter.
   */
  readonly unknown?: 'refuse' | 'unassigned'
}

/**
 * Binds the names of a filter to the attributes of a schema. Throws 400 invalidFilter for an unknown attribute, an
 * operator that does not fit the attribute's type, a value of another type, and attributes that no client can read.
 */
export function resolveFilter(
  parsed: ParsedFilter,
  schema: ResourceSchema,
  options?: ResolveOptions & { readonly unknown?: 'refuse' },
): Filter
export function resolveFilter(parsed: ParsedFilter, schema: ResourceSchema, options: ResolveOptions): Filter | boolean
export function resolveFilter(
  parsed: ParsedFilter,
  schema: ResourceSchema,
  options: ResolveOptions = {},
): Filter | boolean {
  return bind(parsed, makeScope(schema, undefined, options))
}

/** Binds the filter between the brackets of a value path: its names are sub-attributes of `holder`. */
export function resolveValueFilter(
  parsed: ParsedFilter,
  schema: ResourceSchema,
  holder: Attribute,
  tolerate?: Tolerate,
): Filter {
  // All attributes are known here, so the result is never a boolean.
  return bind(parsed, makeScope(schema, holder, tolerate ? { tolerate } : {})) as Filter
}

interface NameScope {
  readonly schema: ResourceSchema
  /** The attribute before the brackets, if the filter is inside brackets. */
  readonly holder: Attribute | undefined
  readonly tolerate: Tolerate
  readonly lenient: boolean
}

function makeScope(schema: ResourceSchema, holder: Attribute | undefined, options: ResolveOptions): NameScope {
  return { schema, holder, tolerate: options.tolerate ?? strict, lenient: options.unknown === 'unassigned' }
}

function bind(node: ParsedFilter, scope: NameScope): Filter | boolean {
  switch (node.kind) {
    case 'compare':
      return bindCompare(node, scope)
    case 'present': {
      const attribute = lookUp(node.attribute, scope)
      return attribute !== undefined && Object.freeze({ kind: 'present', attribute })
    }
    case 'valuePath':
      return bindValuePath(node.attribute, node.filter, scope)
    case 'not': {
      const filter = bind(node.filter, scope)
      return typeof filter === 'boolean' ? !filter : Object.freeze({ kind: 'not', filter })
    }
    default:
      return bindLogical(node.kind, node.filters, scope)
  }
}

function bindLogical(kind: 'and' | 'or', parsed: readonly ParsedFilter[], scope: NameScope): Filter | boolean {
  const decisive = kind === 'or'
  const filters: Filter[] = []
  let decided = false
  for (const each of parsed) {
    // Bind every part even if the result is decided, so that an error does not depend on the other parts.
    const filter = bind(each, scope)
    if (typeof filter !== 'boolean') filters.push(filter)
    else if (filter === decisive) decided = true
  }
  if (decided) return decisive
  if (filters.length < 2) return filters[0] ?? !decisive
  return Object.freeze({ kind, filters: Object.freeze(filters) })
}

function bindCompare(node: CompareFilter<AttributePath>, scope: NameScope): Filter | boolean {
  const { operator } = node
  checkNullOperator(operator, node.value)
  const named = lookUp(node.attribute, scope)
  const written = writtenLiteral(node)
  if (named === undefined) return operator === (isNull(node, written, scope) ? 'eq' : 'ne')
  // RFC 7644 section 3.4.2.2: "For complex attributes, a fully qualified sub-attribute MUST be specified"; its own
  // example `emails co "example.com"` means emails.value.
  const attribute = named.type === 'complex' ? valueAttribute(named) : named
  if (attribute === undefined || named.isExtension) {
    throw refuse(`Attribute "${named.path}" is complex: compare one of its sub-attributes`)
  }
  if (attribute !== named) checkReadable(attribute, scope)
  checkOperator(operator, attribute)
  const value = readLiteral(node.value, written, attribute, scope.tolerate)
  checkNullOperator(operator, value)
  return Object.freeze({ kind: 'compare', attribute, operator, value })
}

/** Whether an attribute is compared with null, if its type is not known. */
function isNull(
  { value, attribute }: CompareFilter<AttributePath>,
  written: string | undefined,
  { tolerate }: NameScope,
): boolean {
  if (value === null || !isBareWord(value, written)) return value === null
  const where = printPath(attribute)
  if (tolerate('literalCase', where)) return value === NULL_WORD
  if (tolerate('unquotedText', where)) return false
  throw refuse(`"${shorten(where)}" is compared with a word without quotes that is neither true, false nor null`)
}

function bindValuePath(path: AttributePath, inner: ParsedFilter, scope: NameScope): Filter | boolean {
  const attribute = lookUp(path, scope)
  if (attribute === undefined) return false
  if (attribute.isExtension || (attribute.type !== 'complex' && !attribute.multiValued)) {
    throw refuse(`Attribute "${attribute.path}" has no values that brackets could choose from`)
  }
  const filter = bind(inner, { ...scope, holder: attribute })
  if (filter === false) return false
  // The condition holds for every value, so only the existence of a value remains to be tested.
  return Object.freeze(
    filter === true ? { kind: 'present', attribute } : { kind: 'valuePath', attribute, filter },
  ) satisfies Filter
}

/** The attribute of a name; undefined if the schema lacks it and unknown attributes are allowed. */
function lookUp(path: AttributePath, scope: NameScope): Attribute | undefined {
  const { holder, schema, tolerate } = scope
  const attribute = holder ? findInside(path, holder) : findAttribute(path, schema, tolerate)
  if (attribute === undefined) {
    if (scope.lenient) return undefined
    throw refuse(
      holder ? `"${holder.path}" has no sub-attribute "${show(path)}"` : `There is no attribute "${show(path)}"`,
    )
  }
  checkReadable(attribute, scope)
  return attribute
}

/** Table 5: the expression in brackets is "based upon sub-attributes of the parent attribute". */
function findInside({ urn, name, sub }: AttributePath, holder: Attribute): Attribute | undefined {
  if (urn !== undefined || sub !== undefined) return undefined
  return isSimpleList(holder) && isValueName(name) ? holder : holder.subAttribute(name)
}

/** A client cannot search by an attribute that it cannot read: the answers would reveal the value bit by bit. */
function checkReadable(attribute: Attribute, { holder }: NameScope): void {
  for (let each: Attribute | undefined = attribute; each && each !== holder; each = each.parent) {
    if (each.mutability === 'writeOnly' || each.returned === 'never') {
      throw refuse(`Attribute "${attribute.path}" cannot be used in a filter`)
    }
  }
}

function show(path: AttributePath): string {
  return shorten(printPath(path))
}

function refuse(sentence: string): ScimError {
  return ScimError.invalidFilter(`${sentence}.`)
}
