import type { ProposedWrite } from '../../adapter/contract/proposed-write.js'
import type { Awaitable, Call, Identity, ResourceAdapter } from '../../adapter/contract.js'
import type { EnterpriseUser } from '../../schema/core/enterprise-user.js'
import type { Group, GroupResource } from '../../schema/core/group.js'
import type { User, UserResource } from '../../schema/core/user.js'
import type { AttributeOverride, ExtensionEntry, SchemaOf } from '../../schema/define/schema.js'
import type { SchemaDefinition } from '../../schema/model/definition.js'
import type { AttributePathOf, Resource, ResourceOf } from '../../schema/model/resource.js'
import type { EventKind, EventName } from './event-table.js'
import type { EventHooks, Listener, ResourceEventOf } from './hooks.js'
import type { Authenticate, ResourceEntry, ScimRouterOptions } from './options.js'

// How TypeScript checks the options of scimRouter. A name, its schema and its extensions say which resource an adapter
// stores, which events there are and which attribute paths.

interface CoreSchemas {
  readonly User: typeof User
  readonly Group: typeof Group
}

/** The named types of their resources, which editors show short. */
interface CoreResources {
  readonly User: UserResource
  readonly Group: GroupResource
}

/** The base schema of an entry; `SchemaDefinition` if the compiler does not know it. */
type BaseOf<Name, Schema> = Schema extends SchemaDefinition
  ? Schema
  : Name extends keyof CoreSchemas
    ? CoreSchemas[Name]
    : SchemaDefinition

/** The extension schemas of an entry. A User without schema and extensions has the enterprise extension. */
type ExtensionsOf<Name, Schema, Extensions> = Extensions extends readonly ExtensionEntry[]
  ? LiteralSchema<SchemaOf<Extensions[number]>>
  : Schema extends SchemaDefinition
    ? never
    : Name extends 'User'
      ? typeof EnterpriseUser
      : never

type LiteralSchema<Schema extends SchemaDefinition> = Schema extends SchemaDefinition
  ? HasLiteralId<Schema> extends true
    ? Schema
    : never
  : never

type HasLiteralId<Schema extends SchemaDefinition> = string extends Schema['id'] ? false : true

/** The named type of a core resource type that has neither a schema nor extensions of its own. */
type ResourceIn<Name, Schema, Extensions> = [unknown, unknown] extends [Schema, Extensions]
  ? CoreResources[Name & keyof CoreResources]
  : ResourceOf<BaseOf<Name, Schema>, ExtensionsOf<Name, Schema, Extensions>>

type AdapterOf<Resource, Auth extends Identity> =
  | ResourceAdapter<Resource, Auth>
  | ((call: Call<Auth>) => ResourceAdapter<Resource, Auth>)

type PathsIn<Name, Schema, Extensions> =
  HasLiteralId<BaseOf<Name, Schema>> extends true
    ? AttributePathOf<BaseOf<Name, Schema>, ExtensionsOf<Name, Schema, Extensions>>
    : string

/**
 * The options that depend on the resource: the adapter and the paths of attributes. If the compiler does not know the
 * schema, it accepts any.
 */
type TypedParts<Name, Schema, Extensions, Auth extends Identity> = AdapterPart<Name, Schema, Extensions, Auth> &
  AttributesPart<Name, Schema, Extensions>

// Not a conditional type: TypeScript would resolve it, and `Auth` with it, before it has seen what `authenticate`
// returns.
interface AdapterPart<Name, Schema, Extensions, Auth extends Identity> {
  readonly adapter: AdapterOf<ResourceIn<Name, Schema, Extensions>, Auth> | UntypedAdapter<Name, Schema>
}

type UntypedAdapter<Name, Schema> = HasLiteralId<BaseOf<Name, Schema>> extends true ? never : ResourceEntry['adapter']

type AttributesPart<Name, Schema, Extensions> =
  HasLiteralId<BaseOf<Name, Schema>> extends true
    ? { readonly attributes?: { readonly [Path in PathsIn<Name, Schema, Extensions>]?: AttributeOverride } }
    : Pick<ResourceEntry, 'attributes'>

/** Only `User` and `Group` have a schema by their name. */
type SchemaPart<Name, Schema> = unknown extends Schema
  ? Name extends keyof CoreSchemas
    ? { readonly schema?: Schema }
    : { readonly schema: SchemaDefinition }
  : { readonly schema?: Schema }

type UntypedParts = Omit<ResourceEntry, 'adapter' | 'schema' | 'extensions' | 'attributes'>

/** A resource type whose schemas the compiler knows. */
export type TypedEntry<
  Name,
  Schema extends SchemaDefinition,
  Extensions extends readonly ExtensionEntry[],
  Auth extends Identity,
> = UntypedParts & { readonly schema: Schema; readonly extensions?: Extensions } & TypedParts<
    Name,
    Schema,
    Extensions,
    Auth
  >

type ValueAt<Map, Name> = Name extends keyof Map ? Map[Name] : unknown

/** Hooks, by the events of the resource types that there are. */
type TypedHooks<Names, Auth extends Identity> = Pick<EventHooks<Auth>, 'request' | 'exchange' | 'error' | 'change'> & {
  readonly [Event in EventName<Names & string>]?: (event: ResourceEventOf<KindOf<Event>, Auth>) => unknown
}

/** The kind of an event: of `group.member.added` it is `member.added`. */
type KindOf<Event> = Event extends `${string}.${infer Kind extends EventKind}` ? Kind : EventKind

/** A write of one of the resource types: `resourceType` tells the compiler which. */
type WriteIn<Schemas, Extensions, Auth extends Identity> = {
  readonly [Name in keyof Schemas]: ProposedWrite<
    Auth,
    Name & string,
    HasLiteralId<BaseOf<Name, Schemas[Name]>> extends true
      ? ResourceIn<Name, Schemas[Name], ValueAt<Extensions, Name>>
      : Resource,
    PathsIn<Name, Schemas[Name], ValueAt<Extensions, Name>>
  >
}[keyof Schemas]

/**
 * The options of `scimRouter` as the compiler checks them: `Schemas` and `Extensions` are inferred from `resources`,
 * `Auth` from `authenticate`. {@link ScimRouterOptions} is the same without the parts that depend on the resource
 * types.
 */
export interface TypedRouterOptions<Schemas, Extensions, Auth extends Identity, Tenants = undefined>
  extends Omit<ScimRouterOptions<Auth>, 'authenticate' | 'resources' | 'on' | 'sensitive' | 'tenants' | 'validate'> {
  /** See {@link ScimRouterOptions.authenticate}; the other options know the identity that it returns. */
  readonly authenticate: Authenticate<Auth> & TenantCheck<Schemas, Auth, Tenants>
  /** See {@link ScimRouterOptions.tenants}. */
  readonly tenants?: Tenants | undefined
  /** See {@link ScimRouterOptions.resources}; adapters are checked against their schemas. */
  readonly resources: { readonly [Name in keyof Extensions]: { readonly extensions?: Extensions[Name] } } & {
    readonly [Name in keyof Schemas]: { readonly schema?: Schemas[Name] } & SchemaPart<Name, Schemas[Name]> &
      UntypedParts &
      TypedParts<Name, Schemas[Name], ValueAt<Extensions, Name>, Auth>
  }
  /** See {@link ScimRouterOptions.validate}; `write` has the types of the resources. */
  readonly validate?: (write: WriteIn<Schemas, Extensions, Auth>) => Awaitable<void>
  /** See {@link ScimRouterOptions.on}; the names of events are checked. */
  readonly on?:
    | TypedHooks<keyof Schemas, Auth>
    | Listener<Auth>
    | readonly (TypedHooks<keyof Schemas, Auth> | Listener<Auth>)[]
  /** See {@link ScimRouterOptions.sensitive}; the paths are checked. */
  readonly sensitive?: readonly {
    readonly [Name in keyof Schemas]:
      | PathsIn<Name, Schemas[Name], ValueAt<Extensions, Name>>
      | ExtensionUris<ValueAt<Extensions, Name>>
  }[keyof Schemas][]
}

/**
 * `tenants: 'required'` needs an `authenticate` whose identities have a tenant. Options that the compiler does not know
 * may say it.
 */
type TenantCheck<Schemas, Auth extends Identity, Tenants> = string extends keyof Schemas
  ? unknown
  : Tenants extends 'required'
    ? CheckedTenant<Auth>
    : unknown

type CheckedTenant<Auth extends Identity> = [Auth] extends [WithTenant] ? unknown : Authenticate<WithTenant>

interface WithTenant extends Identity {
  readonly tenant: string
}

/** The URI of an extension stands for all of its attributes. */
type ExtensionUris<Extensions> = ExtensionsOf<'User', unknown, Extensions>['id']

/**
 * One more resource type, where its adapter is declared apart from the router or its name is known at run time only.
 *
 * @example
 * ```ts
 * import { defineSchema, resourceType } from 'express-scim'
 * import { memoryAdapter } from 'express-scim/memory'
 *
 * const Device = defineSchema({
 *   id: 'urn:example:scim:schemas:Device',
 *   attributes: [{ name: 'serial', required: true }],
 * })
 * export const devices = resourceType({
 *   endpoint: '/Devices',
 *   schema: Device,
 *   adapter: memoryAdapter({ schema: Device }),
 * })
 * ```
 */
export function resourceType<
  const Schema extends SchemaDefinition,
  const Extensions extends readonly ExtensionEntry[] = readonly [],
  Auth extends Identity = Identity,
>(entry: TypedEntry<string, Schema, Extensions, Auth>): TypedEntry<string, Schema, Extensions, Auth> {
  return entry
}
