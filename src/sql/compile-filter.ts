import { withoutValue } from '../filter/absent.js'
import type { CompareFilter, Filter } from '../filter/ast.js'
import { conjuncts, joinedByAnd } from '../filter/conjuncts.js'
import type { Attribute } from '../schema/model/attribute.js'
import { comparisonKey } from '../schema/values/compare.js'
import type { Dialect } from './dialect.js'
import { join, type SqlFragment, sql } from './fragment.js'
import { compareOperand, hasValueSql, type Operand, TRUE } from './operand.js'
import type { AttributePlace, ListPlace } from './place.js'

/** A filter as far as SQL can say it. */
export interface FilterSql {
  /** A condition that every match meets; TRUE if no part of the filter can be written in SQL. */
  readonly condition: SqlFragment
  /** The filter that matches must also meet; undefined if they are exactly the matches. */
  readonly rest: Filter | undefined
}

/**
 * Says a filter in SQL, with the meaning that `toPredicate` gives it in memory. Filters joined by `and` are parted into
 * the conditions that SQL can express and a rest.
 */
export function filterSql(filter: Filter, place: AttributePlace, dialect: Dialect): FilterSql {
  const compiler = new Compiler(dialect)
  const said: SqlFragment[] = []
  const rest: Filter[] = []
  for (const part of conjuncts(filter)) {
    const condition = compiler.compile(part, { place, depth: 0 })
    if (condition) said.push(condition)
    else rest.push(part)
  }
  return {
    condition: said.length === 0 ? TRUE : join(said, ' AND '),
    rest: joinedByAnd(rest),
  }
}

/** The subject of a filter: the resource, or one value of the attribute in front of brackets. */
interface FilterSubject {
  readonly place: AttributePlace
  /** How many keys lead to it. */
  readonly depth: number
}

type SqlCondition = SqlFragment | undefined
type Leaf = (operand: Operand) => SqlCondition

/** Conditions are true or else not: NULL counts as false, and `not` minds it. */
class Compiler {
  #lists = 0

  constructor(readonly dialect: Dialect) {}

  compile(filter: Filter, scope: FilterSubject): SqlCondition {
    const own = scope.place.say?.(filter)
    if (own) return own
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
        return inner && sql`(${inner}) IS NOT TRUE`
      }
      default: {
        const parts: SqlFragment[] = []
        for (const each of filter.filters) {
          const part = this.compile(each, scope)
          if (!part) return undefined
          parts.push(part)
        }
        return sql`(${join(parts, filter.kind === 'and' ? ' AND ' : ' OR ')})`
      }
    }
  }

  #compare(filter: CompareFilter, scope: FilterSubject): SqlCondition {
    const { attribute, operator, value } = filter
    // RFC 7643 section 2.5: null is the same as no value (decision A-02).
    if (value === null) {
      const equal = operator === 'eq'
      const leaf: Leaf = ({ sql: own }) => (equal ? sql`${own} IS NULL` : sql`${own} IS NOT NULL`)
      return this.#walk(attribute, scope, equal, { leaf, inside: undefined })
    }
    const key = comparisonKey(attribute)(value)
    if (key === undefined) return undefined
    const { absent, unspecified } = withoutValue(filter)
    const leaf: Leaf = (operand) => {
      const condition = compareOperand(this.dialect, operand, operator, key, value)
      return condition && unspecified ? sql`(${operand.sql} IS NULL OR ${condition})` : condition
    }
    return this.#walk(attribute, scope, absent, { leaf, inside: undefined })
  }

  #present(attribute: Attribute, scope: FilterSubject): SqlCondition {
    if (attribute.type !== 'complex')
      return this.#walk(attribute, scope, false, {
        leaf: (operand) => hasValueSql(this.dialect, operand),
        inside: undefined,
      })
    const depth = attribute.keys.length
    return this.#walk(attribute, scope, false, {
      leaf: undefined,
      // "if it contains a non-empty node for complex attributes, there is a match"
      inside: (place) => {
        if (place.filled) return TRUE
        const parts = attribute.subAttributes.map((sub) => this.#present(sub, { place, depth }))
        const said = parts.filter((part) => part !== undefined)
        return said.length < parts.length ? undefined : sql`(${join(said, ' OR ')})`
      },
    })
  }

  /**
   * Goes from the subject of the scope to an attribute and writes the condition on each value: on a simple one by
   * `leaf`, of a complex one by `inside`.
   *
   * @param absent Whether the condition holds where nothing has the attribute.
   */
  #walk(
    attribute: Attribute,
    { place, depth }: FilterSubject,
    absent: boolean,
    test: { readonly leaf: Leaf | undefined; readonly inside: ((place: AttributePlace) => SqlCondition) | undefined },
  ): SqlCondition {
    const path = [attribute.extension, attribute.parent, attribute].filter((each) => each !== undefined).slice(depth)
    const step = (at: AttributePlace, index: number): SqlCondition => {
      const each = path[index]
      if (!each) {
        if (test.inside) return test.inside(at)
        const operand = at.value(attribute)
        return operand && test.leaf?.(operand)
      }
      if (each.multiValued) return this.#some(at, each, absent, (element) => step(element, index + 1))
      if (each.type !== 'complex') {
        const operand = at.value(each)
        return operand && test.leaf?.(operand)
      }
      const object = at.object(each)
      const inner = object && step(object.place, index + 1)
      // Below an object that is not there every value is NULL, which the leaf has an answer for; brackets have none.
      if (!inner || !test.inside || index < path.length - 1) return inner
      const present = object.present()
      return present && sql`(${present} AND ${inner})`
    }
    return step(place, 0)
  }

  /**
   * RFC 7644 section 3.4.2.2: "If the specified attribute in a filter expression is a multi-valued attribute, the
   * filter matches if any of the values of the specified attribute match the specified criterion".
   */
  #some(
    place: AttributePlace,
    attribute: Attribute,
    absent: boolean,
    test: (element: AttributePlace) => SqlCondition,
  ): SqlCondition {
    const list = this.#list(place, attribute)
    const inner = list && test(list.element)
    if (!inner) return undefined
    const some = exists(list, inner)
    return absent ? sql`(NOT ${exists(list, undefined)} OR ${some})` : some
  }

  #list(place: AttributePlace, attribute: Attribute): ListPlace | undefined {
    this.#lists += 1
    return place.list(attribute, `v${this.#lists}`)
  }
}

function exists({ from, where }: ListPlace, condition: SqlFragment | undefined): SqlFragment {
  const conditions = [where, condition].filter((each) => each !== undefined)
  return conditions.length === 0
    ? sql`EXISTS (SELECT 1 FROM ${from})`
    : sql`EXISTS (SELECT 1 FROM ${from} WHERE ${join(conditions, ' AND ')})`
}
