import { withoutValue } from '../filter/absent.js'
import type { CompareFilter, Filter } from '../filter/ast.js'
import { conjuncts, joinedByAnd } from '../filter/conjuncts.js'
import type { Attribute } from '../schema/attribute.js'
import { comparisonKey } from '../schema/compare.js'
import type { FieldOperand, FieldPlace, Logic, Said } from './place.js'

/** A filter as far as a database can say it. */
export interface FieldFilter<Condition> {
  /** A condition that every match meets. */
  readonly condition: Condition
  /** What matches have to meet besides; undefined: nothing, they are exactly the matches. */
  readonly rest: Filter | undefined
}

/**
 * Says a filter in conditions of a database, with the meaning that `toPredicate` gives it in memory. Of filters joined by
 * `and`, those that it cannot say in full are the rest; what it can say of them narrows what is found.
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
    const said = compiler.compile(part, { place, depth: 0 })
    if (said) conditions.push(said.condition)
    if (!said?.exact) rest.push(part)
  }
  return { condition: logic.all(conditions), rest: joinedByAnd(rest) }
}

/** What a filter is about: the resource, or one value of the attribute in front of brackets. */
interface FilterSubject<Condition> {
  readonly place: FieldPlace<Condition>
  /** How many keys lead to it. */
  readonly depth: number
}

/** What is asked of a simple value, and of a complex one; undefined: nothing can be. */
interface ValueTest<Condition> {
  readonly leaf: ((operand: FieldOperand<Condition>) => Said<Condition> | undefined) | undefined
  readonly inside: ((place: FieldPlace<Condition>) => Said<Condition> | undefined) | undefined
}

class Compiler<Condition> {
  constructor(readonly logic: Logic<Condition>) {}

  compile(filter: Filter, scope: FilterSubject<Condition>): Said<Condition> | undefined {
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
        // What is not met by some that are no matches may be met by none of the others.
        return inner?.exact ? exactly(this.logic.not(inner.condition)) : undefined
      }
      case 'and':
        return this.#all(filter.filters.map((each) => this.compile(each, scope)))
      default:
        return this.#any(filter.filters.map((each) => this.compile(each, scope)))
    }
  }

  /** What cannot be said is left out: matches meet the others all the same. */
  #all(parts: readonly (Said<Condition> | undefined)[]): Said<Condition> | undefined {
    const said = parts.filter((part) => part !== undefined)
    if (said.length === 0) return undefined
    const exact = said.length === parts.length && said.every((part) => part.exact)
    return { condition: this.logic.all(said.map(({ condition }) => condition)), exact }
  }

  #any(parts: readonly (Said<Condition> | undefined)[]): Said<Condition> | undefined {
    const said = parts.filter((part) => part !== undefined)
    // Where one is always met, the others do not matter.
    const always = said.find(({ condition }) => condition === this.logic.everything)
    if (always?.exact) return always
    if (said.length < parts.length) return undefined
    const condition = this.logic.any(said.map((part) => part.condition))
    return { condition, exact: said.every(({ exact }) => exact) }
  }

  #compare(filter: CompareFilter, scope: FilterSubject<Condition>): Said<Condition> | undefined {
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

  #present(attribute: Attribute, scope: FilterSubject<Condition>): Said<Condition> | undefined {
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
   * Goes from what the scope is about to an attribute and says there what is asked of each value.
   *
   * @param absent Whether the condition holds where nothing has the attribute.
   */
  #walk(
    attribute: Attribute,
    { place, depth }: FilterSubject<Condition>,
    absent: boolean,
    { leaf, inside }: ValueTest<Condition>,
  ): Said<Condition> | undefined {
    const path = [attribute.extension, attribute.parent, attribute].filter((each) => each !== undefined).slice(depth)
    const atValue = (at: FieldPlace<Condition>, simple: Attribute): Said<Condition> | undefined => {
      const operand = at.value(simple)
      return operand && leaf?.(operand)
    }
    const step = (at: FieldPlace<Condition>, index: number): Said<Condition> | undefined => {
      const each = path[index]
      if (!each) return inside ? inside(at) : atValue(at, attribute)
      if (each.multiValued) return this.#some(at, each, absent, (element) => step(element, index + 1))
      if (each.type !== 'complex') return atValue(at, each)
      const object = at.object(each)
      const inner = object && step(object.place, index + 1)
      // Below an object that is not there no field has a value, which the leaf has an answer for; brackets have none.
      if (!inner || !inside || index < path.length - 1) return inner
      if (object.present === undefined) return { ...inner, exact: false }
      return { ...inner, condition: this.logic.all([object.present, inner.condition]) }
    }
    return step(place, 0)
  }

  /**
   * RFC 7644 section 3.4.2.2: "If the specified attribute in a filter expression is a multi-valued attribute, the filter
   * matches if any of the values of the specified attribute match the specified criterion".
   */
  #some(
    place: FieldPlace<Condition>,
    attribute: Attribute,
    absent: boolean,
    test: (element: FieldPlace<Condition>) => Said<Condition> | undefined,
  ): Said<Condition> | undefined {
    const list = place.list(attribute)
    const inner = list && test(list.element)
    if (!inner) return undefined
    const some = list.some(inner.condition)
    const one = absent ? list.some(this.logic.everything) : this.logic.everything
    if (some === undefined || one === undefined) return undefined
    return { ...inner, condition: absent ? this.logic.any([this.logic.not(one), some]) : some }
  }
}

function exactly<Condition>(condition: Condition): Said<Condition> {
  return { condition, exact: true }
}
