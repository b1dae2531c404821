import type { Filter } from './ast.js'
import { compileFilter, elementsAt, type Spend } from './evaluate.js'

/** How a long evaluation lets others have their turn. */
export interface Turns {
  /** Is told how much is about to be looked at; throws when it was too much. */
  readonly spend: Spend
  /** Lets other requests have their turn when it is time to; undefined when it is not. */
  readonly pause: () => Promise<void> | undefined
}

/** Whether a resource meets a filter: at once, unless there is much to look at. */
export type Matcher = (resource: object) => boolean | Promise<boolean>

// Values of lists and characters that are looked at in one go: some milliseconds.
const MUCH = 50_000
const LONG = Symbol('There is too much to look at in one go.')

/**
 * Compiles a filter that is bound to a schema, as `toPredicate` does. One resource may have a hundred thousand values or a
 * text of a megabyte, and a filter hundreds of conditions on them: such a one is evaluated condition by condition, and
 * value by value between brackets, with pauses.
 */
export function toMatcher(filter: Filter, turns: Turns): Matcher {
  return matcherAt(filter, 0, turns) as Matcher
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
      // One condition on one resource is looked at as a whole.
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
