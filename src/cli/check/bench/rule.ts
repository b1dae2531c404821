import type { Bench } from './bench.js'
import type { Capabilities } from './capabilities.js'
import type { Level } from './outcome.js'

/** One requirement of the standard that a client can check. */
export interface Rule {
  /** Ids of requirements, as docs/conformance.md lists them. */
  readonly requirements: readonly string[]
  readonly level: Level
  /** Such as `RFC 7644 section 3.3`. */
  readonly section: string
  /** The rule as a sentence. */
  readonly title: string
  /** Why the rule cannot be checked at a server; undefined if it can. */
  readonly skip?: (capabilities: Capabilities) => string | undefined
  readonly run: (bench: Bench) => Promise<void>
}

/** Rules about one thing. */
export interface Area {
  readonly name: string
  readonly rules: readonly Rule[]
}

/** Makes one rule. Ids are separated by blanks. */
export function rule(
  requirements: string,
  level: Level,
  section: string,
  title: string,
  run: (bench: Bench) => Promise<void>,
  skip?: Rule['skip'],
): Rule {
  return { requirements: requirements.split(' '), level, section, title, run, ...(skip && { skip }) }
}

/** Makes an area whose rules are all skipped for the same reasons. */
export function area(name: string, skip: Rule['skip'] | undefined, rules: readonly Rule[]): Area {
  if (skip === undefined) return { name, rules }
  return { name, rules: rules.map((one) => ({ ...one, skip: (given) => skip(given) ?? one.skip?.(given) })) }
}

/** A reason to skip if the server has no users. */
export const needsUsers: NonNullable<Rule['skip']> = ({ user }) =>
  user === undefined ? 'The server has no resource type User.' : undefined

/** A reason to skip if the server has no groups. */
export const needsGroups: NonNullable<Rule['skip']> = ({ group }) =>
  group === undefined ? 'The server has no resource type Group.' : undefined

/** A reason to skip if the server says that it does not have a feature. */
export function needs(feature: keyof Capabilities['supports']): NonNullable<Rule['skip']> {
  return (given) =>
    needsUsers(given) ?? (given.supports[feature] ? undefined : `The server says that it has no ${feature}.`)
}
