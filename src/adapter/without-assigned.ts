import type { JsonObject } from '../schema/model/resource.js'
import type { Draft } from './contract.js'

/** A draft without the attributes that the server assigns. */
export function withoutAssigned({ id: _id, meta: _meta, schemas: _schemas, ...draft }: JsonObject): Draft {
  return draft
}
