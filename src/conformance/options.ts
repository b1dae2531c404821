import type { AnyAdapter } from '../adapter/any-adapter.js'
import type { Awaitable, Call, Identity, Supports } from '../adapter/contract.js'
import type { IdShape } from '../adapter/id-shape.js'
import type { ScimError } from '../error.js'
import type { SchemaDefinition } from '../schema/definition.js'
import type { AttributeOverride, ExtensionEntry } from '../schema/schema.js'

/** An adapter, or a function that gives the one of a tenant. */
export type CheckedAdapter = AnyAdapter | ((call: never) => AnyAdapter)

/**
 * A resource type whose adapter is checked. What `resources` of scimRouter says of it is said here too; the rest helps
 * the kit where a store knows more than the schema.
 */
export interface CheckedResourceType {
  /** May be left out when `create` makes it. */
  readonly adapter?: CheckedAdapter
  /** Base schema. May be left out for `User` and `Group`. */
  readonly schema?: SchemaDefinition
  /** Default for `User`: EnterpriseUser. */
  readonly extensions?: readonly ExtensionEntry[]
  /** The shape of its identifiers: the adapter is not asked for a resource by a text of another one. */
  readonly ids?: IdShape
  /** Policies of single attributes, by path. */
  readonly attributes?: Readonly<Record<string, AttributeOverride | undefined>>
  /** What the adapter can do beside the six callbacks. Default: what the adapter itself says. */
  readonly supports?: Supports
  /** Paths of attributes that the store does not keep: `['ims', 'x509Certificates', 'emails.display']`. */
  readonly omit?: readonly string[]
  /**
   * Attributes that the store insists on, in place of those that the kit makes up; different ones for each number. `mark`
   * tells the resources of one check from all others.
   */
  readonly sample?: (number: number, mark: string) => Readonly<Record<string, unknown>>
  /** What the store has in an attribute that no client can read, such as the hash of a password. */
  readonly reveal?: (id: string, attribute: string, call: Call) => Awaitable<unknown>
}

/** What {@link adapterChecks} needs to know. */
export interface AdapterChecksOptions {
  /** The resource types by name, as in `resources` of scimRouter. */
  readonly resourceTypes: Readonly<Record<string, CheckedResourceType>>
  /** Makes the adapters, by resource type, before the first check runs. It is called once. */
  readonly create?: () => Awaitable<Readonly<Record<string, CheckedAdapter>>>
  /**
   * Who asks: two clients of different tenants. One alone says that the adapter knows no tenants, and leaves the checks of
   * isolation out. Default: tenants `kit-a` and `kit-b`.
   */
  readonly identities?: readonly [Identity] | readonly [Identity, Identity]
  /** As `call.params` has them. */
  readonly params?: Readonly<Record<string, string>>
  /** As `call.request` has it. */
  readonly request?: unknown
  /** As the option of scimRouter. Writes run in it. */
  readonly transaction?: <T>(work: (handle: unknown) => Promise<T>, call: Call) => Promise<T>
  /** As the option of scimRouter. */
  readonly mapError?: (error: unknown) => ScimError | undefined
  /** The option of scimRouter by which passwords are hashed before the store gets them: it is not looked for clear text then. */
  readonly password?: { readonly hash: (password: string, call: Call) => Awaitable<string> }
  /** Makes the store fail, until the function that it returns is called. Given, it is checked that failures are told. */
  readonly breakStore?: () => Awaitable<() => Awaitable<void>>
  /** How many connections, cursors or files the store holds. Given, it is checked that none is kept. */
  readonly openHandles?: () => Awaitable<number>
  /** How many values a large attribute gets. Default 1,000. */
  readonly members?: number
  /** Milliseconds that a callback may take. Default 5,000. */
  readonly timeout?: number
}
