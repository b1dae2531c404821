import type { Filter } from './ast.js'
import { compileFilter, elementsAt, type Spend } from './evaluate.js'

/** The limit of a long evaluation, and its pauses for other requests. */
export interface Turns {
  /** Called with the amount of work ahead; throws if the sum is too large. */
  readonly spend: Spend
  /** Pauses for other requests if a pause is due; undefined if not. */
  readonly pause: () => Promise<void> | undefined
}

/** Whether a resource satisfies a filter: synchronous, unless the resource is large. */
export type Matcher = (resource: object) => boolean | Promise<boolean>

// The list values and characters that may be tested without a pause: some milliseconds of work.
const MUCH = 50_000
const LONG = Symbol('There is too much to look at in one go.')

/**
 * Compiles a filter that is bound to a schema, as `toPredicate` does. One resource may have a hundred thousand values
 * or a text of a megabyte, and a filter may have hundreds of conditions on them. Such a resource is tested condition by
 * condition, and between brackets value by value, with pauses.
 */
export function toMatcher(filter: Filter, turns: Turns): Matcher {
  return matcherAt(filter, 0, turns)
}

type MatchAt = (holder: unknown) => boolean | Promise<boolean>

function matcherAt(filter: Filter, depth: number, turns: Turns): MatchAt {
  let spent = 0
  const quick = compileFilter(filter, depth, (amount) => {
    spent += amount
    if (spent > MUCH) throw LONG
    turns.spend(amount)
  })
  let slow: ((holder: unknown) => Promise<boolean>) | undefined
  return (holder) => {
    spent = 0
    try {
      return quick(holder)
    } catch (error) {
      if (error !== LONG) throw error
      slow ??= inParts(filter, depth, turns)
      return slow(holder)
    }
  }
}

function inParts(filter: Filter, depth: number, turns: Turns): (holder: unknown) => Promise<boolean> {
  switch (filter.kind) {
    case 'not': {
      const inner = matcherAt(filter.filter, depth, turns)
      return async (holder) => !(await inner(holder))
    }
    case 'and':
    case 'or': {
      const decisive = filter.kind === 'or'
      const checks = filter.filters.map((each) => matcherAt(each, depth, turns))
      return async (holder) => {
        for (const check of checks) if ((await settled(check(holder), turns)) === decisive) return decisive
        return !decisive
      }
    }
    case 'valuePath': {
      const inner = matcherAt(filter.filter, filter.attribute.keys.length, turns)
      return async (holder) => {
        for (const element of elementsAt(holder, filter.attribute.keys.slice(depth))) {
          const meets = inner(element)
          if (typeof meets === 'boolean' ? meets : await meets) return true
          const pause = turns.pause()
          if (pause) await pause
        }
        return false
      }
    }
    default: {
      // A single condition on one resource runs without a pause.
      const whole = compileFilter(filter, depth, turns.spend)
      return async (holder) => whole(holder)
    }
  }
}

async function settled(meets: boolean | Promise<boolean>, turns: Turns): Promise<boolean> {
  const met = await meets
  await turns.pause()
  return met
}
