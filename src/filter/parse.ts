import { strict, type Tolerate } from '../compatibility.js'
import type { ScimError } from '../error.js'
import type { AttributePath } from '../schema/define/schema.js'
import type { CompareFilter, Operator, ParsedFilter } from './ast.js'
import {
  BLANK,
  CLOSE,
  CLOSE_BRACKET,
  DOT,
  fail,
  isEndOfWord,
  OPEN,
  OPEN_BRACKET,
  peek,
  type Scanner,
  scanAttributePath,
  scanBlank,
  scanClose,
  scanNoBlank,
  scanSubAttribute,
  scanValue,
  scanWord,
} from './lex.js'

/**
 * The largest filter that is accepted. RFC 7644 section 7.2 demands that servers protect themselves; a larger filter is
 * refused with 400 invalidFilter.
 */
export interface FilterLimits {
  /**
   * Characters.
   *
   * @defaultValue `8_192`
   */
  readonly length?: number
  /**
   * Brackets inside brackets.
   *
   * @defaultValue `50`
   */
  readonly depth?: number
  /**
   * Comparisons, value paths, `not`, and chains of `and` or `or`, together.
   *
   * @defaultValue `500`
   */
  readonly nodes?: number
}

/** The options of a parser. */
export interface ParseOptions {
  /** Default: strict. */
  readonly tolerate?: Tolerate
  /**
   * The limits of length, depth and number of conditions.
   *
   * @defaultValue those of the router
   */
  readonly limits?: FilterLimits
}

/** The default limits, also those of the router. */
export const FILTER_LIMITS = Object.freeze({ length: 8_192, depth: 50, nodes: 500 }) satisfies Required<FilterLimits>

/** A {@link Scanner} that counts nodes. */
export interface Parser extends Scanner {
  depth: number
  nodes: number
  readonly maxDepth: number
  readonly maxNodes: number
}

/**
 * Parses a filter, RFC 7644 section 3.4.2.2. `resolveFilter` looks the names up later. Throws 400 invalidFilter with
 * the position of the error.
 *
 * @example
 * ```ts
 * import { parseFilter } from 'express-scim'
 *
 * const { kind } = parseFilter('userName eq "bjensen" and active eq true') // 'and'
 * ```
 */
export function parseFilter(text: string, options: ParseOptions = {}): ParsedFilter {
  return parseWhole(startParser(text, 'filter', options))
}

/**
 * Parses a filter that `resolveFilter` gets next. That function knows the types of the attributes, so it alone judges
 * TRUE, False or Null without quotes, and reports one tolerance for the word (decision A-17).
 */
export function parseFilterToBind(text: string, options: ParseOptions): ParsedFilter {
  return parseWhole(startParser(text, 'filter', options, true))
}

function parseWhole(parser: Parser): ParsedFilter {
  scanNoBlank(parser)
  const filter = parseFilterExpression(parser, false)
  scanClose(parser, undefined, '"and", "or" or the end')
  return filter
}

/** Starts a parser. Throws if the text is too long. */
export function startParser(
  text: string,
  reading: 'filter' | 'path',
  { tolerate, limits }: ParseOptions,
  leavesWords = false,
): Parser {
  const parser: Parser = {
    text,
    reading,
    position: 0,
    written: undefined,
    tolerate: tolerate ?? strict,
    leavesWords,
    depth: 0,
    nodes: 0,
    maxDepth: limits?.depth ?? FILTER_LIMITS.depth,
    maxNodes: limits?.nodes ?? FILTER_LIMITS.nodes,
  }
  const length = limits?.length ?? FILTER_LIMITS.length
  if (text.length > length) throw fail(parser, `no more than ${length} characters are accepted`)
  return parser
}

/**
 * FILTER, or valFilter when `inside` brackets: filters joined by "or". RFC 7644 section 3.4.2.2: ""not" takes
 * precedence over "and", which takes precedence over "or"".
 */
export function parseFilterExpression(parser: Parser, inside: boolean): ParsedFilter {
  const first = parseAnd(parser, inside)
  if (!scanConnective(parser, 'or')) return first
  const filters = [first]
  do filters.push(parseAnd(parser, inside))
  while (scanConnective(parser, 'or'))
  return joined(parser, 'or', filters)
}

function parseAnd(parser: Parser, inside: boolean): ParsedFilter {
  const first = parseTerm(parser, inside)
  if (!scanConnective(parser, 'and')) return first
  const filters = [first]
  do filters.push(parseTerm(parser, inside))
  while (scanConnective(parser, 'and'))
  return joined(parser, 'and', filters)
}

function joined(parser: Parser, kind: 'and' | 'or', filters: ParsedFilter[]): ParsedFilter {
  countNode(parser)
  return Object.freeze({ kind, filters: Object.freeze(filters) })
}

/** Skips `SP ("and" / "or") SP` if it is the given connective; else the position does not change. */
function scanConnective(parser: Parser, connective: 'and' | 'or'): boolean {
  const { text } = parser
  let start = parser.position
  if (start >= text.length) return false
  while (text.charCodeAt(start) === BLANK) start++
  const length = connective.length
  if (!isWord(text, start, connective) || isWordCharacter(text.charCodeAt(start + length))) return false
  scanBlank(parser, `"${connective}"`)
  parser.position = start + length
  scanBlank(parser, 'another expression')
  return true
}

/** attrExp, valuePath, or [not] "(" FILTER ")" */
function parseTerm(parser: Parser, inside: boolean): ParsedFilter {
  if (peek(parser) === OPEN) return parseBrackets(parser, inside)
  if (isWord(parser.text, parser.position, 'not')) {
    const start = parser.position
    const brackets = skipNot(parser)
    if (brackets) {
      const filter = parseBrackets(parser, inside)
      countNode(parser)
      return Object.freeze({ kind: 'not', filter })
    }
    parser.position = start
  }
  const start = parser.position
  const attribute = scanAttributePath(parser)
  if (peek(parser) !== OPEN_BRACKET) return parseAttributeExpression(parser, attribute, start)
  // Erratum 4690: a value path has no value path inside (decision A-18).
  if (inside) throw fail(parser, 'a value filter cannot stand inside another')
  const filter = parseValueFilter(parser)
  return valuePath(parser, attribute, peek(parser) === DOT ? parseFilterBehind(parser, attribute, filter) : filter)
}

/** Erratum 7319: there may be a blank between "not" and its bracket, or none. */
function skipNot(parser: Parser): boolean {
  parser.position += 3
  const next = peek(parser)
  if (next !== OPEN && next !== BLANK) return false
  let index = parser.position
  while (parser.text.charCodeAt(index) === BLANK) index++
  if (parser.text.charCodeAt(index) !== OPEN) return false
  if (next === BLANK) scanBlank(parser, '"("')
  return true
}

function parseBrackets(parser: Parser, inside: boolean): ParsedFilter {
  enter(parser)
  scanNoBlank(parser)
  const filter = parseFilterExpression(parser, inside)
  scanClose(parser, CLOSE, '"and", "or" or ")"')
  leave(parser)
  return filter
}

/** Parses a valFilter between its brackets. */
export function parseValueFilter(parser: Parser): ParsedFilter {
  enter(parser)
  scanNoBlank(parser)
  const filter = parseFilterExpression(parser, true)
  scanClose(parser, CLOSE_BRACKET, '"and", "or" or "]"')
  leave(parser)
  return filter
}

function valuePath(parser: Parser, attribute: AttributePath, filter: ParsedFilter): ParsedFilter {
  countNode(parser)
  return Object.freeze({ kind: 'valuePath', attribute, filter })
}

/**
 * Tolerance: `emails[type eq "work"].value eq "x"` is read as `emails[type eq "work" and value eq "x"]` (decision
 *
 */
function parseFilterBehind(parser: Parser, holder: AttributePath, filter: ParsedFilter): ParsedFilter {
  if (!parser.tolerate('filterAfterValuePath', holder.name)) {
    throw fail(parser, 'a filter ends with "]", only the path of a PATCH operation goes on')
  }
  parser.position++
  const start = parser.position
  const attribute = Object.freeze({ urn: undefined, name: scanSubAttribute(parser), sub: undefined })
  const expression = parseAttributeExpression(parser, attribute, start)
  return joined(parser, 'and', filter.kind === 'and' ? [...filter.filters, expression] : [filter, expression])
}

/** attrExp = (attrPath SP "pr") / (attrPath SP compareOp SP compValue) */
function parseAttributeExpression(parser: Parser, attribute: AttributePath, start: number): ParsedFilter {
  const end = parser.position
  scanBlank(parser, 'an operator')
  const operator = scanOperator(parser)
  if (operator === undefined) throw noOperator(parser, parser.text.slice(start, end))
  countNode(parser)
  if (operator === 'pr') return Object.freeze({ kind: 'present', attribute })
  scanBlank(parser, 'a value')
  const value = scanValue(parser, start, end)
  const node: CompareFilter<AttributePath> = { kind: 'compare', attribute, operator, value }
  return Object.freeze(parser.written === undefined ? node : markWritten(node, parser.written))
}

// Keyed by the two characters of an operator, so that a look-up needs no substring.
const OPERATORS: ReadonlyMap<number, Operator | 'pr'> = new Map(
  (['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le', 'pr'] as const).map((operator) => [
    lettersAt(operator, 0),
    operator,
  ]),
)

/** Two characters as a number, with capital letters in lower case. */
function lettersAt(text: string, position: number): number {
  return (text.charCodeAt(position) | 0x20) * 0x10000 + (text.charCodeAt(position + 1) | 0x20)
}

/** Scans an operator. Returns undefined, and does not move, if there is none. */
function scanOperator(parser: Parser): Operator | 'pr' | undefined {
  const { text, position } = parser
  const operator = OPERATORS.get(lettersAt(text, position))
  if (operator === undefined || !isEndOfWord(text, position + 2)) return undefined
  parser.position += 2
  return operator
}

// RFC 7644 section 3.4.2.2: "Providers MUST decline to filter results if the specified filter operation is not
// recognized and return [...] "invalidFilter" and an appropriate human-readable response".
function noOperator(parser: Parser, path: string): ScimError {
  const from = parser.position
  const word = scanWord(parser)
  parser.position = from
  if (path.toLowerCase() === 'not') return fail(parser, '"not" should be followed by "("')
  if (word === '') return fail(parser, 'an operator should stand here')
  const shown = /^[\w=!<>&|~.:-]{1,24}$/.test(word) ? `the operator "${word}"` : 'this operator'
  return fail(parser, `${shown} is not supported; there are eq, ne, co, sw, ew, pr, gt, ge, lt and le`)
}

const WRITTEN = Symbol('written')

/** Records how a literal was written, apart from the tree: only some tolerances need it. */
function markWritten<T extends object>(node: T, written: string): T {
  return Object.defineProperty(node, WRITTEN, { value: written })
}

/**
 * The text of a node's literal, if its value alone does not show how it was written: without double quotes, or a number
 * such as 1.0.
 */
export function writtenLiteral(node: CompareFilter<AttributePath>): string | undefined {
  return (node as { readonly [WRITTEN]?: string })[WRITTEN]
}

function enter(parser: Parser): void {
  if (++parser.depth > parser.maxDepth) {
    throw fail(parser, `no more than ${parser.maxDepth} brackets inside each other are accepted`)
  }
  parser.position++
}

function leave(parser: Parser): void {
  parser.depth--
  parser.position++
}

function countNode(parser: Parser): void {
  if (++parser.nodes > parser.maxNodes) throw fail(parser, `no more than ${parser.maxNodes} expressions are accepted`)
}

/**
 * Whether a word begins here, in any letter case: "Attribute names and attribute operators [...] are case insensitive".
 */
function isWord(text: string, start: number, word: string): boolean {
  for (let index = 0; index < word.length; index++) {
    // Setting bit 5 turns a capital letter into a small one, and turns no other character into a letter.
    if ((text.charCodeAt(start + index) | 0x20) !== word.charCodeAt(index)) return false
  }
  return true
}

function isWordCharacter(code: number): boolean {
  return code > BLANK && code !== OPEN
}
