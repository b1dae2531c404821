import type { Resource } from '../../schema/model/resource.js'

/** A value or a promise of it. */
export type Awaitable<T> = T | Promise<T>

/** "No such resource": answered with 404. Return it also for an id that is malformed for your store; never throw. */
export type Missing = null | undefined

type AssignedAttribute = 'id' | 'meta' | 'schemas'

/**
 * A resource on its way into the store: canonical, coerced, validated; without `id`, `meta` and `schemas`.
 * If an attribute is missing, clear the stored value. The exceptions are attributes that no client can read, such as
 * `password`: if one is missing, keep the stored value.
 */
export type Draft<R = Resource> = { readonly [Key in keyof R as Key extends AssignedAttribute ? never : Key]: R[Key] }

type StorableAttribute<T> = T extends readonly (infer Element)[]
  ? readonly StorableValue<Element>[] | AsyncIterable<StorableValue<Element>> | null
  : StorableValue<T> | null

/** The parts of complex attributes and of extensions may have the types of the store, too. */
type StorableValue<T> = T extends object
  ? { readonly [Key in keyof T]: StorableAttribute<T[Key]> | undefined }
  : T | Date

/**
 * A resource in the form of the store. `null` columns, `Date` objects and number ids are accepted. Leave out `schemas`,
 * `meta.resourceType`, `meta.location` and `$ref`: the router adds them. You may leave out attributes that
 * `call.select` does not name; for those that the schema requires write `undefined`, so that the compiler finds a
 * forgotten one. A multi-valued attribute may be an AsyncIterable, which is streamed to the client.
 */
export type Stored<R = Resource> = { readonly id: string | number; readonly meta?: StoredMeta | undefined } & {
  readonly [Key in keyof R as Key extends AssignedAttribute ? never : Key]: StorableAttribute<R[Key]> | undefined
}

/**
 * The row of a simple store for a resource: its attributes, id, times and version. Unlike a resource in JSON, it has
 * no `schemas` and no locations.
 *
 * @example
 * ```ts
 * import type { StoredRow, UserResource } from 'express-scim'
 *
 * const rows = new Map<string, StoredRow<UserResource>>()
 * rows.set('1', { id: '1', userName: 'ann', meta: { version: 1 } })
 * ```
 */
export type StoredRow<R = Resource> = Draft<R> & { readonly id: string; readonly meta?: StoredMeta | undefined }

/** The part of `meta` that a store keeps. All of it is optional. */
export interface StoredMeta {
  /** When the resource was created. */
  readonly created?: Date | string | null | undefined
  /** When the resource was last changed. */
  readonly lastModified?: Date | string | null | undefined
  /**
   * A text that changes with every change of the resource. Return it without quotes: the router makes the ETag of it.
   * Required if the resource type declares `supports: { versions: true }`.
   */
  readonly version?: string | number | null | undefined
}
