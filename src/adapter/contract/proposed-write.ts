import type { Resource } from '../../schema/model/resource.js'
import type { Identity, TenantOf } from './identity.js'
import type { Draft, StoredRow } from './stored.js'

/** A write before it is stored: the argument of the option `validate` and of the rule of an identity. */
export interface ProposedWrite<
  Auth extends Identity = Identity,
  Name extends string = string,
  R = Resource,
  Path extends string = string,
> {
  /**
   * The action of the client. For a POST that reuses an existing resource the rule is called twice: with `create`, then
   * with `replace`.
   */
  readonly action: 'create' | 'replace' | 'patch' | 'delete'
  /** Name of the resource type. */
  readonly resourceType: Name
  /** Id of the resource; undefined for `create`. */
  readonly id: string | undefined
  /** Reads the stored resource; undefined for `create`. The first call reads, later calls return the same. */
  readonly before: () => Promise<StoredRow<R> | undefined>
  /**
   * The resource as it will be; undefined for `delete`. The first call reads the stored resource if the result depends
   * on it.
   */
  readonly after: () => Promise<Draft<R> | undefined>
  /**
   * Whether the write changes the value at a path: `'active'`, `'emails.value'`, `'urn:…:User:department'`. It reads
   * the stored resource only if the request alone does not decide. For an attribute that no client can read, such as
   * `password`: whether the request sets it.
   */
  readonly changed: (path: Path) => Promise<boolean>
  /** The identity that `authenticate` returned. */
  readonly auth: Auth
  /** The tenant of that identity. */
  readonly tenant: TenantOf<Auth>
  /**
   * The value that the option `transaction` passed to its callback, else undefined. Use it for queries: the write is
   * part of the same transaction.
   */
  readonly transaction: unknown
  /** Aborts if the client closes the connection or the time for the request is over. */
  readonly signal: AbortSignal
}
