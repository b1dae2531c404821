import type { Operator } from '../filter/ast.js'
import { instantBounds } from '../filter/instant-bounds.js'
import { isStorable, otherForms } from '../filter/stored-text.js'
import type { ComparisonKey } from '../schema/values/compare.js'
import { sortableInstant } from '../schema/values/date-time.js'
import type { Dialect, Fold } from './dialect.js'
import { join, raw, type SqlFragment, sql } from './fragment.js'

/** The expression by which the database compares an attribute. */
export interface Operand {
  /** The comparison key of the value; NULL when there is none. */
  readonly sql: SqlFragment
  /**
   * How it is compared: `text` by code point, `instantText` as the text of an instant that sorts like instants,
   * `instant` as a timestamp. `exact` is an identifier of another type, such as uuid: equal or as its text.
   */
  readonly type: 'text' | 'number' | 'boolean' | 'instantText' | 'instant' | 'exact'
  /** Of a `text`: it holds values as they came, and no comparison keys. */
  readonly asSent?: boolean | undefined
  /** Of a `text`: it holds values as they came, in small letters that the database has made. */
  readonly folded?: boolean | undefined
  /**
   * Of a `text`: a column that its collation takes for equal wherever the key is equal, so that an index on it is used.
   */
  readonly column?: SqlFragment | undefined
  /** Of an `exact` operand: the value that a text stands for; undefined if it can stand for none. */
  readonly parse?: ((text: string) => SqlFragment | undefined) | undefined
}

/** The conditions that no value meets, and that every value meets. */
export const FALSE: SqlFragment = Object.freeze(raw('FALSE'))
export const TRUE: SqlFragment = Object.freeze(raw('TRUE'))

/**
 * `operand operator literal` for a value that is there; for NULL it counts as false. Undefined when SQL
 * cannot tell.
 *
 * @param key The comparison key of the literal.
 * @param sent The literal as it was sent.
 */
export function compareOperand(
  dialect: Dialect,
  operand: Operand,
  operator: Operator,
  key: ComparisonKey,
  sent: unknown,
): SqlFragment | undefined {
  switch (operand.type) {
    case 'number':
      return compareBy(operator, operand.sql, dialect.number(Number(key)))
    case 'boolean':
      return compareBy(operator, operand.sql, dialect.boolean(key === true))
    case 'instant':
      return compareInstant(dialect, dialect.timestamp(operand.sql), operator, key)
    case 'instantText':
      return compareText(dialect, operand, operator, [instantText(key)])
    case 'exact':
      return compareExact(dialect, operand, operator, String(key))
    case 'text': {
      const text = String(key)
      if (!isStorable(text) || (operand.folded && !dialect.folds(text))) return undefined
      const others = typeof sent === 'string' ? otherForms(operand, text, sent) : []
      const fold = (value: SqlFragment): SqlFragment =>
        dialect.foldAs ? dialect.foldAs(value, operand.sql) : dialect.fold(value)
      return compareText(dialect, operand, operator, [text, ...others], operand.folded ? fold : undefined)
    }
  }
}

/** Whether a value is not empty; NULL counts as false. */
export function hasValueSql({ exact = asItIs }: Dialect, { sql: value, type }: Operand): SqlFragment {
  return type === 'text' ? sql`${exact(value)} <> ''` : sql`${value} IS NOT NULL`
}

function asItIs(text: SqlFragment): SqlFragment {
  return text
}

/** The text of an instant that sorts like instants, finer fractions and all. */
export function instantText(key: ComparisonKey): string {
  return typeof key === 'number' ? sortableInstant(key) : String(key)
}

const SYMBOLS = { eq: '=', ne: '<>', gt: '>', ge: '>=', lt: '<', le: '<=' } as const

function compareBy(operator: Operator, value: SqlFragment, literal: SqlFragment): SqlFragment | undefined {
  const symbol = operator in SYMBOLS ? SYMBOLS[operator as keyof typeof SYMBOLS] : undefined
  return symbol && sql`${value} ${raw(symbol)} ${literal}`
}

/**
 * @param literals The comparison key, and other texts that count as the same.
 * @param fold Makes small letters of the others.
 */
function compareText(
  dialect: Dialect,
  { sql: value, column }: Pick<Operand, 'sql' | 'column'>,
  operator: Operator,
  [key = '', ...others]: readonly string[],
  fold?: Fold,
): SqlFragment {
  const { exact = asItIs } = dialect
  switch (operator) {
    case 'eq':
    case 'ne': {
      const folded = others.map((other) => (fold ? fold(dialect.string(other)) : dialect.string(other)))
      const isSame = amongTexts(exact(value), operator, [dialect.string(key), ...folded].map(exact))
      if (operator === 'ne' || !column || !dialect.exact) return isSame
      return sql`(${amongTexts(column, operator, [key, ...others].map(dialect.string))} AND ${isSame})`
    }
    case 'co':
    case 'sw':
    case 'ew': {
      const match = dialect[PATTERNS[operator]]
      const own = match(value, key)
      if (others.length === 0) return own
      return sql`(${join([own, ...others.map((other) => match(value, other, fold))], ' OR ')})`
    }
    default:
      return sql`${dialect.byCodePoint(value)} ${raw(SYMBOLS[operator])} ${exact(sql`${key}`)}`
  }
}

function amongTexts(value: SqlFragment, operator: 'eq' | 'ne', texts: readonly SqlFragment[]): SqlFragment {
  const [first] = texts
  if (first && texts.length === 1) return sql`${value} ${raw(SYMBOLS[operator])} ${first}`
  return sql`${value} ${raw(operator === 'eq' ? 'IN' : 'NOT IN')} (${join(texts, ', ')})`
}

const PATTERNS = { co: 'contains', sw: 'startsWith', ew: 'endsWith' } as const

function compareExact(
  dialect: Dialect,
  operand: Operand,
  operator: Operator,
  literal: string,
): SqlFragment | undefined {
  if (operator !== 'eq' && operator !== 'ne') {
    return isStorable(literal)
      ? compareText(dialect, { sql: dialect.text(operand.sql) }, operator, [literal])
      : undefined
  }
  const parsed = operand.parse?.(literal)
  // A text that is no such identifier is equal to none.
  if (parsed === undefined) return operator === 'eq' ? FALSE : sql`${operand.sql} IS NOT NULL`
  return compareBy(operator, operand.sql, parsed)
}

/**
 * A timestamp may be finer than the Date object that is made of it. It counts as the millisecond it lies in, told by
 * the two ends of it, so that an index on the column is used.
 */
function compareInstant(
  dialect: Dialect,
  value: SqlFragment,
  operator: Operator,
  key: ComparisonKey,
): SqlFragment | undefined {
  const bounds = instantBounds(key)
  if (!bounds) return undefined
  const { finer } = bounds
  const begin = dialect.instant(bounds.begin)
  const end = dialect.instant(bounds.end)
  switch (operator) {
    case 'eq':
      return finer ? FALSE : sql`(${value} >= ${begin} AND ${value} < ${end})`
    case 'ne':
      return finer ? sql`${value} IS NOT NULL` : sql`(${value} < ${begin} OR ${value} >= ${end})`
    case 'gt':
      return sql`${value} >= ${end}`
    case 'ge':
      return sql`${value} >= ${finer ? end : begin}`
    case 'lt':
      return sql`${value} < ${finer ? end : begin}`
    case 'le':
      return sql`${value} < ${end}`
    default:
      return undefined
  }
}
