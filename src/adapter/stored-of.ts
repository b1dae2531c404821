import type { JsonObject } from '../schema/model/resource.js'
import type { Stored, StoredMeta } from './contract.js'

/** A resource in the form of the store, of its id, the stored part of `meta` and its attributes. */
export function storedOf(id: Stored['id'], meta: StoredMeta | undefined, attributes: JsonObject): Stored {
  return { ...attributes, id, ...(meta && { meta }) }
}
