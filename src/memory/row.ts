import type { Stored } from '../adapter/contract.js'
import type { JsonObject } from '../schema/resource.js'

/** The values of a multi-valued reference attribute by their `value`: one comes or goes without a look at the others. */
export type References = Map<string, JsonObject>

/** Where a resource is a member, and the state of the links that this was made of. */
export interface MemberOf {
  readonly epoch: number
  readonly list: readonly JsonObject[]
}

/** One resource in the store. */
export interface Row {
  readonly id: string
  /** Its place in the order of the list. */
  readonly sequence: number
  readonly created: string
  /** Milliseconds since 1970. */
  lastModified: number
  version: number
  /** The attributes as they were written, frozen; without `id`, `meta` and those in `references`. */
  attributes: JsonObject
  /** What is handed out, frozen: `id`, `meta` and those of the attributes that a client may ever read. */
  stored: Stored
  /** How other resources call this one. */
  display: string | undefined
  /** Multi-valued references, by the name of the attribute. */
  readonly references: Map<string, References>
  /** The same as they were last read, until one of them changes. */
  readonly lists: Map<string, readonly JsonObject[]>
  memberOf: MemberOf | undefined
}
