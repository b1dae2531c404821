import type { Selection } from './contract.js'

/** All attributes. */
export const EVERYTHING: Selection = { has: () => true }

/** No attribute: the store need not read any. */
export const NOTHING: Selection = { has: () => false }

/** `meta` alone: the version and the times. */
export const META: Selection = { has: (attribute) => attribute === 'meta' }
