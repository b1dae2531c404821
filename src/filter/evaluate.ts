import type { Attribute } from '../schema/model/attribute.js'
import { comparisonKey, identityKey } from '../schema/values/compare.js'
import { withoutValue } from './absent.js'
import type { CompareFilter, Filter } from './ast.js'
import { hasValue, type Test, testValue } from './test-value.js'
import { visitFilter } from './visit.js'

/** Whether a resource satisfies a filter. */
export type Predicate = (resource: object) => boolean

/**
 * Called before a large amount of work, with the number of list values or characters to test. It throws if the sum is
 * too large.
 */
export type Spend = (amount: number) => void

type Check = (holder: unknown) => boolean

// The work on shorter lists and texts is too small to count.
const LONG_LIST = 500
const LONG_TEXT = 4_096

/**
 * Compiles a filter that is bound to a schema. Resources may come directly from a store: null, Date objects and numbers
 * in place of strings are accepted. Only own properties are read.
 *
 * `emails.type ne "work"` is true if one of the emails has another type or none, and if there are no emails. To demand
 * that no email has the type work, write `not (emails.type eq "work")` (decisions ).
 */
export function toPredicate(filter: Filter, spend?: Spend): Predicate {
  return compile(filter, { depth: 0, toKey: comparisonKey, spend })
}

/**
 * Compiles the filter between the brackets of a PATCH path: whether one value of `attribute` satisfies it. The `value`
 * of a reference to a resource is compared with letter case.
 */
export function toValuePredicate(filter: Filter, attribute: Attribute, spend?: Spend): (value: unknown) => boolean {
  return compile(filter, { depth: attribute.keys.length, toKey: identityKey, spend })
}

/** Compiles a filter for an object that `depth` keys of its attributes lead to. */
export function compileFilter(filter: Filter, depth: number, spend: Spend | undefined): Check {
  return compile(filter, { depth, toKey: comparisonKey, spend })
}

interface CompileContext {
  /** How many keys of an attribute lead to the tested object. */
  readonly depth: number
  readonly toKey: typeof comparisonKey
  readonly spend: Spend | undefined
}

function compile(filter: Filter, context: CompileContext): Check {
  switch (filter.kind) {
    case 'compare':
      return compileCompare(filter, context)
    case 'present':
      return compilePath(filter.attribute, context, hasValue, false, false)
    case 'valuePath': {
      const inner = compile(filter.filter, { ...context, depth: filter.attribute.keys.length })
      return compilePath(
        filter.attribute,
        { ...context, spend: forEach(filter.filter, context.spend) },
        inner,
        false,
        false,
      )
    }
    case 'not': {
      const inner = compile(filter.filter, context)
      return (holder) => !inner(holder)
    }
    default:
      return joinChecks(
        filter.kind,
        filter.filters.map((each) => compile(each, context)),
      )
  }
}

/** Each condition between the brackets tests each value of a list. */
function forEach(filter: Filter, spend: Spend | undefined): Spend | undefined {
  if (!spend) return undefined
  let conditions = 0
  visitFilter(filter, ({ kind }) => {
    if (kind === 'compare' || kind === 'present') conditions += 1
  })
  return (values) => spend(values * conditions)
}

function joinChecks(kind: 'and' | 'or', checks: readonly Check[]): Check {
  const [first, second] = checks
  if (first && second && checks.length === 2) {
    return kind === 'and' ? (holder) => first(holder) && second(holder) : (holder) => first(holder) || second(holder)
  }
  const decisive = kind === 'or'
  return (holder) => {
    for (const check of checks) if (check(holder) === decisive) return decisive
    return !decisive
  }
}

function compileCompare(filter: CompareFilter, context: CompileContext): Check {
  const { attribute, operator, value } = filter
  // Decision A-02: null is equal to "no value", RFC 7643 section 2.5.
  if (value === null) {
    const equal = operator === 'eq'
    return compilePath(attribute, context, () => !equal, equal, equal)
  }
  const { absent, unspecified } = withoutValue(filter)
  const test = countingText(testValue(attribute, operator, value, context.toKey(attribute)), context.spend)
  return compilePath(attribute, context, test, absent, unspecified)
}

/** A test that reports long texts before it reads them: many conditions on one text add up. */
function countingText(test: Test, spend: Spend | undefined): Test {
  if (!spend) return test
  return (value) => {
    if (typeof value === 'string' && value.length > LONG_TEXT) spend(value.length)
    return test(value)
  }
}

/**
 * @param absent The result if no object holds the attribute.
 * @param unspecified The result for an object that holds the attribute and has no value of it.
 */
function compilePath(
  attribute: Attribute,
  { depth, spend }: CompileContext,
  test: Test,
  absent: boolean,
  unspecified: boolean,
): Check {
  const path = [attribute.extension, attribute.parent, attribute].filter((each) => each !== undefined).slice(depth)
  return path.reduceRight<Check>(
    (check, each) => compileStep(each, check, each === attribute ? unspecified : absent, spend),
    test,
  )
}

/**
 * RFC 7644 section 3.4.2.2: "If the specified attribute in a filter expression is a multi-valued attribute, the filter
 * matches if any of the values of the specified attribute match the specified criterion".
 */
function compileStep(attribute: Attribute, check: Check, absent: boolean, spend: Spend | undefined): Check {
  const { name } = attribute
  return (holder) => {
    if (typeof holder !== 'object' || holder === null || !Object.hasOwn(holder, name)) return absent
    const value = (holder as Readonly<Record<string, unknown>>)[name]
    if (value === undefined || value === null) return absent
    if (typeof value !== 'object') return check(value)
    if (Array.isArray(value)) {
      if (value.length > LONG_LIST) spend?.(value.length)
      return checkSome(value, check, absent)
    }
    if (attribute.multiValued) checkNotStreamed(value, attribute)
    return check(value)
  }
}

function checkSome(values: readonly unknown[], check: Check, absent: boolean): boolean {
  let assigned = false
  for (const value of values) {
    if (value === undefined || value === null) continue
    if (check(value)) return true
    assigned = true
  }
  return !assigned && absent
}

/** The values at the end of a path of keys. Values of lists are given one by one. */
export function* elementsAt(holder: unknown, keys: readonly string[]): Generator<unknown> {
  if (holder === undefined || holder === null) return
  if (Array.isArray(holder)) {
    for (const each of holder) yield* elementsAt(each, keys)
    return
  }
  const [key, ...rest] = keys
  if (key === undefined) yield holder
  else if (typeof holder === 'object' && Object.hasOwn(holder, key)) {
    yield* elementsAt((holder as Readonly<Record<string, unknown>>)[key], rest)
  }
}

function checkNotStreamed(value: object, attribute: Attribute): void {
  if (!(Symbol.asyncIterator in value)) return
  throw new TypeError(
    `A filter on "${attribute.path}" needs its values, and the adapter gave an AsyncIterable of them.`,
  )
}
