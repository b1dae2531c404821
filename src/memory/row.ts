import type { StoredMeta } from '../adapter/contract.js'
import type { JsonObject } from '../schema/model/resource.js'

/**
 * The values of a multi-valued reference attribute by their `value`: one comes or goes without a look at the others.
 */
export type MemberRows = Map<string, JsonObject>

/** Identifiers that leave a list of references. */
export interface LeavingIds {
  readonly count: number
  readonly values: Iterable<string>
}

/** The stored attributes of a resource, with its `id` and `meta`. */
export type RowAttributes = JsonObject & { id: string; meta?: StoredMeta | undefined }

/** One resource in the store. */
export interface MemoryRow {
  readonly id: string
  /** Its place in the order of the list. */
  readonly sequence: number
  readonly created: string
  /** Milliseconds since 1970. */
  lastModified: number
  version: number
  /**
   * The stored attributes, with `id` and `meta`, without the lists in `references`. Its parts are frozen and handed out
   * as they are; of the object itself copies are.
   */
  attributes: RowAttributes
  /** `attributes` without those that no client may read; the same object if there are none. */
  readable: RowAttributes
  /** How other resources call this one. */
  display: string | undefined
  /** Multi-valued references, by the name of the attribute. */
  readonly references: Map<string, MemberRows>
  /** Multi-valued references as they were last read, until one of them changes, by the name of the attribute. */
  lists: Map<string, readonly JsonObject[]> | undefined
}
