import type { FieldKind } from '../fields/kind.js'
import { exactly, type FieldOperand } from '../fields/place.js'
import type { Operator } from '../filter/ast.js'
import { instantBounds } from '../filter/instant-bounds.js'
import { isStorable, otherForms } from '../filter/stored-text.js'
import { type ComparisonKey, isAscii } from '../schema/values/compare.js'
import { type MongoCondition, mongoLogic, NEVER } from './condition.js'

/** The comparisons of a field. Its values have the types of the drivers: text, number, boolean, Date. */
export function mongoOperand(kind: FieldKind): FieldOperand<MongoCondition> {
  const { field, required } = kind
  const isText = kind.kind === 'keys' || kind.kind === 'sent' || kind.kind === 'letters'
  return {
    compare: (operator, key, sent, absent) => {
      const condition = compareField(kind, operator, key, sent, absent && !required)
      return condition && exactly(condition)
    },
    missing: required ? undefined : { [field]: null },
    filled: { [field]: isText ? { $nin: [null, ''] } : { $ne: null } },
  }
}

function compareField(
  { field, kind, parse }: FieldKind,
  operator: Operator,
  key: ComparisonKey,
  sent: unknown,
  absent: boolean,
): MongoCondition | undefined {
  switch (kind) {
    case 'exact': {
      const parsed = parse?.(String(key))
      return parsed === undefined
        ? compareNone(field, operator, absent)
        : compareEqual(field, operator, [parsed], absent)
    }
    case 'number':
    case 'boolean':
      return compareEqual(field, operator, [key], absent) ?? compareOrder(field, operator, key)
    case 'instant':
      return compareInstant(field, operator, key, absent)
    case 'letters':
      // MongoDB is certain to ignore the case of ASCII letters only.
      return isAscii(String(key)) ? comparePattern(field, operator, String(key), 'i', absent) : undefined
    default: {
      const text = String(key)
      if (!isStorable(text)) return undefined
      const others = kind === 'sent' && typeof sent === 'string' ? otherForms({ asSent: true }, text, sent) : []
      return compareText(field, operator, [text, ...others], absent)
    }
  }
}

/** The conditions for `eq` and `ne`; undefined for another operator. */
function compareEqual(
  field: string,
  operator: Operator,
  values: readonly unknown[],
  absent: boolean,
): MongoCondition | undefined {
  if (operator === 'eq') {
    const [first] = values
    if (values.length === 1 && !absent) return { [field]: { $eq: first } }
    return { [field]: { $in: absent ? [...values, null] : values } }
  }
  if (operator !== 'ne') return undefined
  return { [field]: { $nin: absent ? values : [...values, null] } }
}

/** The conditions for `eq` and `ne` with a literal that equals no stored value. */
function compareNone(field: string, operator: Operator, absent: boolean): MongoCondition | undefined {
  if (operator === 'eq') return NEVER
  if (operator !== 'ne') return undefined
  return absent ? mongoLogic.everything : { [field]: { $ne: null } }
}

const ORDER = { gt: '$gt', ge: '$gte', lt: '$lt', le: '$lte' } as const

function isOrder(operator: Operator): operator is keyof typeof ORDER {
  return operator in ORDER
}

function compareOrder(field: string, operator: Operator, value: unknown): MongoCondition | undefined {
  return isOrder(operator) ? { [field]: { [ORDER[operator]]: value } } : undefined
}

/** A Date has milliseconds; the value of the client may be more precise. */
function compareInstant(
  field: string,
  operator: Operator,
  key: ComparisonKey,
  absent: boolean,
): MongoCondition | undefined {
  const bounds = instantBounds(key)
  if (!bounds) return undefined
  const { begin, end, finer } = bounds
  if (!finer) return compareEqual(field, operator, [begin], absent) ?? compareOrder(field, operator, begin)
  const whole = operator === 'gt' || operator === 'ge' ? 'ge' : 'lt'
  return compareNone(field, operator, absent) ?? compareOrder(field, whole, end)
}

/** @param texts The comparison key, and other texts that count as equal. */
function compareText(
  field: string,
  operator: Operator,
  texts: readonly string[],
  absent: boolean,
): MongoCondition | undefined {
  if (operator === 'co' || operator === 'sw' || operator === 'ew') {
    const patterns = texts.map((text) => comparePattern(field, operator, text, undefined, absent))
    const usable = patterns.filter((pattern) => pattern !== undefined)
    return usable.length < patterns.length ? undefined : mongoLogic.any(usable)
  }
  // MongoDB orders texts by their bytes in UTF-8, which is the order of code points.
  return compareEqual(field, operator, texts, absent) ?? compareOrder(field, operator, texts[0])
}

function comparePattern(
  field: string,
  operator: Operator,
  text: string,
  options: 'i' | undefined,
  absent: boolean,
): MongoCondition | undefined {
  const pattern = patternOf(operator, text)
  // A pattern cannot contain U+0000, and has at most 32,764 characters.
  if (pattern === undefined || pattern.length > MAX_PATTERN || !isStorable(text)) return undefined
  const match = { [field]: { $regex: pattern, ...(options && { $options: options }) } }
  if (operator !== 'ne') return match
  return mongoLogic.all([mongoLogic.not(match), ...(absent ? [] : [{ [field]: { $ne: null } }])])
}

const MAX_PATTERN = 16_000
// `$` would also match before a line feed at the end.
const END = '(?![\\s\\S])'

function patternOf(operator: Operator, text: string): string | undefined {
  const literal = text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
  switch (operator) {
    case 'eq':
    case 'ne':
      return `^${literal}${END}`
    case 'co':
      return literal
    case 'sw':
      return `^${literal}`
    case 'ew':
      return `${literal}${END}`
    default:
      return undefined
  }
}
