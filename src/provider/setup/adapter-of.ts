import type { Call, ResourceAdapter, Supports } from '../../adapter/contract.js'
import { type IdTest, withIdShape } from '../../adapter/id-shape.js'
import { checkOption, kindOf, objectOf } from '../../check-options.js'
import { propertiesOf } from '../../is-object.js'
import { SetupError } from '../../setup-error.js'
import { didYouMean, nearest } from '../../suggest.js'
import { SUPPORTS } from './option-table.js'
import type { ResourceEntry } from './options.js'

const CALLBACKS = ['create', 'get', 'list', 'replace', 'delete'] as const
const MEMBERS: ReadonlySet<string> = new Set([...CALLBACKS, 'patch', 'supports', 'enforces'])

/**
 * The adapter of a resource type for a call. Throws a {@link SetupError} for an adapter that lacks a callback: at once,
 * or at the call if a function returns the adapter.
 */
export function adapterOf(
  name: string,
  adapter: ResourceEntry['adapter'],
  isId: IdTest | undefined,
): (call: Call) => ResourceAdapter {
  const check = (candidate: unknown): ResourceAdapter => {
    checkCallbacks(name, candidate)
    return isId ? withIdShape(candidate, isId) : candidate
  }
  if (typeof adapter !== 'function') {
    const checked = check(adapter)
    return () => checked
  }
  const checked = new WeakMap<object, ResourceAdapter>()
  const perCall = adapter as (call: Call) => ResourceAdapter
  return (call) => {
    const candidate = perCall(call)
    const known = checked.get(candidate)
    if (known) return known
    const made = check(candidate)
    checked.set(candidate, made)
    return made
  }
}

/**
 * What an adapter declares of its abilities; a function that returns an adapter for each tenant cannot declare any.
 * Throws a {@link SetupError} for an unknown ability.
 */
export function supportsOf(name: string, adapter: ResourceEntry['adapter']): Supports | undefined {
  if (typeof adapter !== 'object') return undefined
  const owner = `the adapter of ${name}`
  checkOption(adapter.supports, objectOf(SUPPORTS), { owner, code: 'ERR_SCIM_ADAPTER', path: 'supports' })
  return adapter.supports
}

function checkCallbacks(name: string, candidate: unknown): asserts candidate is ResourceAdapter {
  const members = propertiesOf(candidate)
  for (const callback of CALLBACKS) {
    if (typeof members[callback] === 'function') continue
    const misspelt = nearest(callback, otherMembers(candidate))
    const other = misspelt === undefined ? '' : `, but a member "${misspelt}"`
    const suggestion = misspelt === undefined ? '' : didYouMean(misspelt, [callback])
    throw invalid(`The adapter of ${name} has no ${callback} callback${other}.${suggestion}`)
  }
  const { patch } = members
  if (patch !== undefined && typeof patch !== 'function') {
    throw invalid(`Member patch of the adapter of ${name} must be a function, got ${kindOf(patch)}.`)
  }
}

/** The names of the members that the contract does not have; those of a class are on prototypes. */
function otherMembers(adapter: unknown): readonly string[] {
  const names: string[] = []
  let holder: unknown = adapter
  while (typeof holder === 'object' && holder !== null && holder !== Object.prototype) {
    names.push(...Object.getOwnPropertyNames(holder).filter((name) => !MEMBERS.has(name)))
    holder = Object.getPrototypeOf(holder)
  }
  return names
}

function invalid(sentence: string): SetupError {
  return new SetupError('ERR_SCIM_ADAPTER', sentence)
}
