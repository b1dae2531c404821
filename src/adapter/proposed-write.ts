import type { Resource } from '../schema/resource.js'
import type { Draft, Identity, StoredRow, TenantOf } from './contract.js'

/** A write that waits for the rule of the application, as the option `validate` gets it, and a rule of the identity. */
export interface ProposedWrite<
  Auth extends Identity = Identity,
  Name extends string = string,
  R = Resource,
  Path extends string = string,
> {
  /**
   * The action of the client. For a POST that takes over an existing resource the rule is asked twice: `create`, then
   * `replace`.
   */
  readonly action: 'create' | 'replace' | 'patch' | 'delete'
  /** Name of the resource type. */
  readonly resourceType: Name
  /** Id of the resource; undefined for `create`. */
  readonly id: string | undefined
  /** The resource as it is stored; undefined for `create`. It is read when it is first asked for. */
  readonly before: () => Promise<StoredRow<R> | undefined>
  /**
   * The resource as it will be; undefined for `delete`. The first call reads the stored resource if the result depends
   * on it.
   */
  readonly after: () => Promise<Draft<R> | undefined>
  /**
   * Whether the write changes the value at a path: `'active'`, `'emails.value'`, `'urn:…:User:department'`. Nothing is
   * read if the request alone tells. For an attribute that no client can read, such as `password`: whether the request
   * sets it.
   */
  readonly changed: (path: Path) => Promise<boolean>
  readonly auth: Auth
  readonly tenant: TenantOf<Auth>
  /**
   * The value that the option `transaction` handed in, else undefined. Query the database through it: the write joins
   * the same transaction.
   */
  readonly transaction: unknown
  /** Aborts when the client goes away or the time for the request is over. */
  readonly signal: AbortSignal
}
