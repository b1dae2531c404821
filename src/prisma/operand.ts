import type { FieldKind } from '../fields/kind.js'
import { type CompiledCondition, exactly, type FieldOperand } from '../fields/place.js'
import type { Operator } from '../filter/ast.js'
import { instantBounds } from '../filter/instant-bounds.js'
import { isStorable, otherForms } from '../filter/stored-text.js'
import { type ComparisonKey, isAscii } from '../schema/values/compare.js'
import { ALWAYS, certainly, NEVER, prismaLogic, type TernaryCondition } from './condition.js'
import type { TextMatching } from './provider.js'

/** The filter of Prisma on one field, for records with a value, and whether it is exact. */
type FieldTest = CompiledCondition<FieldFilter> | undefined
/** `nothing`: no value satisfies the filter. */
type FieldFilter = Readonly<Record<string, unknown>> | readonly Readonly<Record<string, unknown>>[] | 'nothing'

/** The comparisons of a field. */
export function prismaOperand(kind: FieldKind, matching: TextMatching): FieldOperand<TernaryCondition> {
  const { field, required } = kind
  const isText = kind.kind === 'keys' || kind.kind === 'sent' || kind.kind === 'letters'
  const missing = required ? undefined : certainly({ [field]: null })
  const present = missing ? prismaLogic.not(missing) : ALWAYS
  const met = (filter: FieldFilter): TernaryCondition => {
    if (filter === 'nothing') return NEVER
    const some = 'length' in filter ? (filter as readonly FieldFilter[]) : [filter]
    const where = prismaLogic.any(some.map((one) => certainly({ [field]: one }))).where
    return { where, certain: prismaLogic.all([present, certainly(where)]).certain }
  }
  return {
    missing,
    filled: isText ? prismaLogic.all([present, certainly({ NOT: { [field]: { equals: '' } } })]) : present,
    compare: (operator, key, sent, absent) => {
      const positive = operator === 'ne' ? 'eq' : operator
      const test = testField(kind, matching, positive, key, sent)
      if (!test) return undefined
      const found = met(test.condition)
      if (operator !== 'ne') {
        return { condition: absent && missing ? prismaLogic.any([missing, found]) : found, exact: test.exact }
      }
      if (!test.exact) return undefined
      const other = prismaLogic.not(found)
      return { condition: absent ? other : prismaLogic.all([present, other]), exact: true }
    },
  }
}

function testField(
  { kind, parse }: FieldKind,
  matching: TextMatching,
  operator: Exclude<Operator, 'ne'>,
  key: ComparisonKey,
  sent: unknown,
): FieldTest {
  switch (kind) {
    case 'exact': {
      if (operator !== 'eq') return undefined
      const parsed = parse?.(String(key))
      return exactly(parsed === undefined ? 'nothing' : { equals: parsed })
    }
    case 'boolean':
      return operator === 'eq' ? exactly({ equals: key }) : undefined
    case 'number':
      return testNumber(operator, Number(key))
    case 'instant':
      return testInstant(operator, key)
    default: {
      const text = String(key)
      if (!isStorable(text)) return undefined
      if (kind === 'letters') return testLetters(matching, operator, text)
      const others = kind === 'sent' && typeof sent === 'string' ? otherForms({ asSent: true }, text, sent) : []
      return testText(matching, operator, [text, ...others], kind === 'keys')
    }
  }
}

const ORDER = { gt: 'gt', ge: 'gte', lt: 'lt', le: 'lte' } as const
const PARTS = { co: 'contains', sw: 'startsWith', ew: 'endsWith' } as const

function isOrder(operator: Operator): operator is keyof typeof ORDER {
  return operator in ORDER
}

function isPart(operator: Operator): operator is keyof typeof PARTS {
  return operator in PARTS
}

/** Prisma refuses a number that a field of type Int cannot hold. */
function testNumber(operator: Operator, number: number): FieldTest {
  if (Number.isInteger(number) && Math.abs(number) >= 2 ** 31) return undefined
  if (operator === 'eq') return exactly({ equals: number })
  return isOrder(operator) ? exactly({ [ORDER[operator]]: number }) : undefined
}

/** A column may be more precise than the Date object that Prisma returns. The Date object counts. */
function testInstant(operator: Operator, key: ComparisonKey): FieldTest {
  const bounds = instantBounds(key)
  if (!bounds) return undefined
  const { begin, end, finer } = bounds
  switch (operator) {
    case 'eq':
      return exactly(finer ? 'nothing' : { gte: begin, lt: end })
    case 'gt':
      return exactly({ gte: end })
    case 'ge':
      return exactly({ gte: finer ? end : begin })
    case 'lt':
      return exactly({ lt: finer ? end : begin })
    case 'le':
      return exactly({ lt: end })
    default:
      return undefined
  }
}

/** Tests of a text whose field holds it as sent, without regard to letter case. */
function testLetters({ hasMode, pattern }: TextMatching, operator: Operator, text: string): FieldTest {
  // Only for ASCII letters is it certain that every database knows both cases.
  if (!isAscii(text)) return undefined
  if (hasMode) {
    const mode = 'insensitive'
    const escaped = pattern(text, true)
    if (operator === 'eq') return exactly({ equals: escaped, mode })
    return isPart(operator) ? exactly({ [PARTS[operator]]: escaped, mode }) : undefined
  }
  // LIKE ignores letter case, but also finds texts that its wildcards match, so the filter is not exact.
  if (operator === 'eq') return { condition: { startsWith: text, endsWith: text }, exact: false }
  return isPart(operator) ? { condition: { [PARTS[operator]]: text }, exact: false } : undefined
}

/** @param texts The comparison key, and other texts that count as equal. */
function testText(matching: TextMatching, operator: Operator, texts: readonly string[], folded: boolean): FieldTest {
  const [key = '', ...others] = texts
  if (operator === 'eq') return exactly(others.length === 0 ? { equals: key } : { in: texts })
  if (isPart(operator)) {
    const patterns = texts.map((text) => matching.pattern(text, folded))
    return {
      condition: texts.map((text, index) => ({ [PARTS[operator]]: patterns[index] ?? text })),
      exact: !patterns.includes(undefined),
    }
  }
  return matching.byCodePoint && isOrder(operator) ? exactly({ [ORDER[operator]]: key }) : undefined
}
