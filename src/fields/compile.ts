import { withoutValue } from '../filter/absent.js'
import type { CompareFilter, Filter } from '../filter/ast.js'
import { conjuncts, joinedByAnd } from '../filter/conjuncts.js'
import type { Attribute } from '../schema/model/attribute.js'
import { comparisonKey } from '../schema/values/compare.js'
import { type CompiledCondition, exactly, type FieldOperand, type FieldPlace, type Logic } from './place.js'

/** A filter, compiled as far as the database can express it. */
export interface FieldFilter<Condition> {
  /** A condition that every match satisfies. */
  readonly condition: Condition
  /** The filter that matches must also satisfy; undefined if the condition finds exactly the matches. */
  readonly rest: Filter | undefined
}

/**
 * Compiles a filter into conditions of a database, with the same meaning as `toPredicate` in memory. Filters joined by
 * `and` that the database cannot express completely form the rest. The part that it can express still narrows the
 * result.
 */
export function compileFields<Condition>(
  filter: Filter,
  place: FieldPlace<Condition>,
  logic: Logic<Condition>,
): FieldFilter<Condition> {
  const compiler = new Compiler(logic)
  const conditions: Condition[] = []
  const rest: Filter[] = []
  for (const part of conjuncts(filter)) {
    const compiled = compiler.compile(part, { place, depth: 0 })
    if (compiled) conditions.push(compiled.condition)
    if (!compiled?.exact) rest.push(part)
  }
  return { condition: logic.all(conditions), rest: joinedByAnd(rest) }
}

/** The object that a filter tests: the resource, or one value of the attribute before the brackets. */
interface FilterSubject<Condition> {
  readonly place: FieldPlace<Condition>
  /** How many of an attribute's keys lead to that object. */
  readonly depth: number
}

/** The tests of a simple value and of a complex one; undefined if there is no such test. */
interface ValueTest<Condition> {
  readonly leaf: ((operand: FieldOperand<Condition>) => CompiledCondition<Condition> | undefined) | undefined
  readonly inside: ((place: FieldPlace<Condition>) => CompiledCondition<Condition> | undefined) | undefined
}

class Compiler<Condition> {
  constructor(readonly logic: Logic<Condition>) {}

  compile(filter: Filter, scope: FilterSubject<Condition>): CompiledCondition<Condition> | undefined {
    switch (filter.kind) {
      case 'compare':
        return this.#compare(filter, scope)
      case 'present':
        return this.#present(filter.attribute, scope)
      case 'valuePath': {
        const depth = filter.attribute.keys.length
        return this.#walk(filter.attribute, scope, false, {
          leaf: undefined,
          inside: (place) => this.compile(filter.filter, { place, depth }),
        })
      }
      case 'not': {
        const inner = this.compile(filter.filter, scope)
        // An inexact condition also holds for resources that do not match, so its negation could exclude matches.
        return inner?.exact ? exactly(this.logic.not(inner.condition)) : undefined
      }
      case 'and':
        return this.#all(filter.filters.map((each) => this.compile(each, scope)))
      default:
        return this.#any(filter.filters.map((each) => this.compile(each, scope)))
    }
  }

  /** A part that the database cannot express is left out: the other parts still hold for every match. */
  #all(parts: readonly (CompiledCondition<Condition> | undefined)[]): CompiledCondition<Condition> | undefined {
    const compiled = parts.filter((part) => part !== undefined)
    if (compiled.length === 0) return undefined
    const exact = compiled.length === parts.length && compiled.every((part) => part.exact)
    return { condition: this.logic.all(compiled.map(({ condition }) => condition)), exact }
  }

  #any(parts: readonly (CompiledCondition<Condition> | undefined)[]): CompiledCondition<Condition> | undefined {
    const compiled = parts.filter((part) => part !== undefined)
    // If one part always holds, the others do not matter.
    const always = compiled.find(({ condition }) => condition === this.logic.everything)
    if (always?.exact) return always
    if (compiled.length < parts.length) return undefined
    const condition = this.logic.any(compiled.map((part) => part.condition))
    return { condition, exact: compiled.every(({ exact }) => exact) }
  }

  #compare(filter: CompareFilter, scope: FilterSubject<Condition>): CompiledCondition<Condition> | undefined {
    const { attribute, operator, value } = filter
    const { logic } = this
    // RFC 7643 section 2.5: null is the same as no value (decision A-02).
    if (value === null) {
      const equal = operator === 'eq'
      const leaf: ValueTest<Condition>['leaf'] = ({ missing = logic.nothing }) =>
        exactly(equal ? missing : logic.not(missing))
      return this.#walk(attribute, scope, equal, { leaf, inside: undefined })
    }
    const key = comparisonKey(attribute)(value)
    if (key === undefined) return undefined
    const { absent, unspecified } = withoutValue(filter)
    return this.#walk(attribute, scope, absent, {
      leaf: (operand) => operand.compare(operator, key, value, unspecified),
      inside: undefined,
    })
  }

  #present(attribute: Attribute, scope: FilterSubject<Condition>): CompiledCondition<Condition> | undefined {
    if (attribute.type !== 'complex') {
      const leaf: ValueTest<Condition>['leaf'] = ({ filled }) => (filled === undefined ? undefined : exactly(filled))
      return this.#walk(attribute, scope, false, { leaf, inside: undefined })
    }
    const depth = attribute.keys.length
    return this.#walk(attribute, scope, false, {
      leaf: undefined,
      // "if it contains a non-empty node for complex attributes, there is a match"
      inside: (place) => this.#any(attribute.subAttributes.map((sub) => this.#present(sub, { place, depth }))),
    })
  }

  /**
   * Follows the path of an attribute from the subject of the filter, and applies the test to each value there.
   *
   * @param absent Whether the condition holds if no object has the attribute.
   */
  #walk(
    attribute: Attribute,
    { place, depth }: FilterSubject<Condition>,
    absent: boolean,
    { leaf, inside }: ValueTest<Condition>,
  ): CompiledCondition<Condition> | undefined {
    const path = [attribute.extension, attribute.parent, attribute].filter((each) => each !== undefined).slice(depth)
    const atValue = (at: FieldPlace<Condition>, simple: Attribute): CompiledCondition<Condition> | undefined => {
      const operand = at.value(simple)
      return operand && leaf?.(operand)
    }
    const step = (at: FieldPlace<Condition>, index: number): CompiledCondition<Condition> | undefined => {
      const each = path[index]
      if (!each) return inside ? inside(at) : atValue(at, attribute)
      if (each.multiValued) return this.#some(at, each, absent, (element) => step(element, index + 1))
      if (each.type !== 'complex') return atValue(at, each)
      const object = at.object(each)
      const inner = object && step(object.place, index + 1)
      // If the object is missing, its fields have no value, and the test of a simple value handles that. A test in
      // brackets demands an object.
      if (!inner || !inside || index < path.length - 1) return inner
      if (object.present === undefined) return { ...inner, exact: false }
      return { ...inner, condition: this.logic.all([object.present, inner.condition]) }
    }
    return step(place, 0)
  }

  /**
   * RFC 7644 section 3.4.2.2: "If the specified attribute in a filter expression is a multi-valued attribute, the
   * filter matches if any of the values of the specified attribute match the specified criterion".
   */
  #some(
    place: FieldPlace<Condition>,
    attribute: Attribute,
    absent: boolean,
    test: (element: FieldPlace<Condition>) => CompiledCondition<Condition> | undefined,
  ): CompiledCondition<Condition> | undefined {
    const list = place.list(attribute)
    const inner = list && test(list.element)
    if (!inner) return undefined
    const some = list.some(inner.condition)
    const one = absent ? list.some(this.logic.everything) : this.logic.everything
    if (some === undefined || one === undefined) return undefined
    return { ...inner, condition: absent ? this.logic.any([this.logic.not(one), some]) : some }
  }
}
