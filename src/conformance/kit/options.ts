import type { AnyAdapter } from '../../adapter/any-adapter.js'
import type { Awaitable, Call, Identity, Supports } from '../../adapter/contract.js'
import type { IdShape } from '../../adapter/id-shape.js'
import type { ScimError } from '../../error.js'
import type { AttributeOverride, ExtensionEntry } from '../../schema/define/schema.js'
import type { SchemaDefinition } from '../../schema/model/definition.js'

/** An adapter, or a function that returns the adapter of a tenant. */
export type CheckedAdapter = AnyAdapter | ((call: never) => AnyAdapter)

/**
 * A resource type whose adapter is checked, with the same options as in `resources` of scimRouter, and further ones for
 * a store that has rules beyond the schema.
 */
export interface CheckedResourceType {
  /** Optional if the option `create` returns the adapter. */
  readonly adapter?: CheckedAdapter
  /** The base schema. Optional for `User` and `Group`. */
  readonly schema?: SchemaDefinition
  /** Default for `User`: EnterpriseUser. */
  readonly extensions?: readonly ExtensionEntry[]
  /** The form of the ids. The adapter is not called for an id of another form. */
  readonly ids?: IdShape
  /** Policies of attributes, by path. */
  readonly attributes?: Readonly<Record<string, AttributeOverride | undefined>>
  /**
   * The optional abilities of the adapter.
   *
   * @defaultValue the abilities that the adapter declares
   */
  readonly supports?: Supports
  /** Paths of attributes that the store does not keep: `['ims', 'x509Certificates', 'emails.display']`. */
  readonly omit?: readonly string[]
  /**
   * Attributes that the store requires, in place of the generated ones; they must differ for each number.
   * `mark` identifies the resources of one check.
   */
  readonly sample?: (number: number, mark: string) => Readonly<Record<string, unknown>>
  /** Returns the stored value of an attribute that no client can read, such as the hash of a password. */
  readonly reveal?: (id: string, attribute: string, call: Call) => Awaitable<unknown>
}

/** The options of {@link adapterChecks}. */
export interface AdapterChecksOptions {
  /** The resource types by name, as in `resources` of scimRouter. */
  readonly resourceTypes: Readonly<Record<string, CheckedResourceType>>
  /** Makes the adapters, by resource type, before the first check runs. Called once. */
  readonly create?: () => Awaitable<Readonly<Record<string, CheckedAdapter>>>
  /**
   * The identities of two clients of different tenants. With a single one the kit leaves out the checks of isolation,
   * because the adapter knows no tenants.
   *
   * @defaultValue tenants `kit-a` and `kit-b`
   */
  readonly identities?: readonly [Identity] | readonly [Identity, Identity]
  /** The value of `call.params`. */
  readonly params?: Readonly<Record<string, string>>
  /** The value of `call.request`. */
  readonly request?: unknown
  /** The option of scimRouter. Writes run in it. */
  readonly transaction?: <T>(work: (handle: unknown) => Promise<T>, call: Call) => Promise<T>
  /** The option of scimRouter. */
  readonly mapError?: (error: unknown) => ScimError | undefined
  /**
   * The option of scimRouter that hashes passwords. If given, the kit does not search the store for passwords in clear
   * text.
   */
  readonly password?: { readonly hash: (password: string, call: Call) => Awaitable<string> }
  /**
   * Makes the store fail until the returned function is called. If given, the kit checks that the adapter throws then.
   */
  readonly breakStore?: () => Awaitable<() => Awaitable<void>>
  /**
   * The number of connections, cursors or files that the store has open. If given, the kit checks that all are closed.
   */
  readonly openHandles?: () => Awaitable<number>
  /**
   * The number of values of a large attribute.
   *
   * @defaultValue `1_000`
   */
  readonly members?: number
  /**
   * The most milliseconds for one callback.
   *
   * @defaultValue `5_000`
   */
  readonly timeout?: number
}
