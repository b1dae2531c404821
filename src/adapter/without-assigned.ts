import type { JsonObject } from '../schema/resource.js'
import type { Draft } from './contract.js'

/** A draft has none of what the server assigns. */
export function withoutAssigned({ id: _id, meta: _meta, schemas: _schemas, ...draft }: JsonObject): Draft {
  return draft
}
