import type { Selection } from './contract.js'

/** A selection of attributes that the client did not name and that are all in the response. */
export function selectionOf(has: Selection['has']): Selection {
  return { has, shows: has, names: () => false }
}

/** All attributes. */
export const EVERYTHING: Selection = selectionOf(() => true)

/** No attribute: the store need not read any. */
export const NOTHING: Selection = selectionOf(() => false)

/** `meta` alone: the version and the times. */
export const META: Selection = selectionOf((attribute) => attribute === 'meta')
