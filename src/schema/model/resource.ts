import type { AttributeDefinition, SchemaDefinition } from './definition.js'

/** A resource as JSON has it. */
export type JsonObject = { [key: string]: unknown }

/** Times, place and version of a resource, RFC 7643 section 3.1. */
export interface Meta {
  /** Name of the resource type. */
  readonly resourceType?: string | undefined
  /** When the resource was created, a dateTime. */
  readonly created?: string | undefined
  /** When the resource was last changed, a dateTime. */
  readonly lastModified?: string | undefined
  /** URL of the resource. */
  readonly location?: string | undefined
  /** The version, as in the header `ETag`. */
  readonly version?: string | undefined
}

/** The attributes of every resource, RFC 7643 section 3.1. */
export interface CommonAttributes {
  /** URIs of the schemas that the resource uses. */
  readonly schemas: readonly string[]
  /** The id that the server gave to the resource. */
  readonly id: string
  /** The id that the client gave to the resource. */
  readonly externalId?: string | undefined
  /** Times, location and version of the resource. */
  readonly meta: Meta
}

interface Scalars {
  readonly string: string
  readonly boolean: boolean
  readonly decimal: number
  readonly integer: number
  readonly dateTime: string
  readonly binary: string
  readonly reference: string
}

type Simplify<T> = { [Key in keyof T]: T[Key] } & {}

/** Editors complete the canonical values; any other text is accepted (RFC 7643 section 2.3.1). */
type CanonicalValueOf<A> = A extends { readonly canonicalValues: readonly (infer Value extends string)[] }
  ? Value | (string & {})
  : string

type SingleValueOf<A> = A extends { readonly type: 'complex'; readonly subAttributes: infer Subs }
  ? Subs extends readonly AttributeDefinition[]
    ? AttributesOf<Subs>
    : never
  : A extends { readonly type: infer Type extends keyof Scalars }
    ? Type extends 'string'
      ? CanonicalValueOf<A>
      : Scalars[Type]
    : CanonicalValueOf<A>

type ValueOf<A> = A extends { readonly multiValued: true } ? readonly SingleValueOf<A>[] : SingleValueOf<A>

type AttributesOf<Definitions extends readonly AttributeDefinition[]> = Simplify<
  {
    readonly [A in Definitions[number] as A extends { readonly required: true } ? A['name'] : never]: ValueOf<A>
  } & {
    readonly [A in Definitions[number] as A extends { readonly required: true } ? never : A['name']]?:
      | ValueOf<A>
      | undefined
  }
>

type ExtensionsOf<Extensions extends SchemaDefinition> = {
  readonly [Extension in Extensions as Extension['id']]?: AttributesOf<Extension['attributes']> | undefined
}

/**
 * The TypeScript type of a resource, from its base schema and a union of its extensions.
 *
 * @example
 * ```ts
 * import { defineSchema, type ResourceOf } from 'express-scim'
 *
 * const Device = defineSchema({
 *   id: 'urn:example:scim:schemas:Device',
 *   attributes: [{ name: 'serial', required: true }, { name: 'ports', type: 'integer', multiValued: true }],
 * })
 * // A named interface keeps what editors show short.
 * interface DeviceResource extends ResourceOf<typeof Device> {}
 * const ports = (device: DeviceResource): readonly number[] => device.ports ?? []
 * ```
 */
export type ResourceOf<Base extends SchemaDefinition, Extensions extends SchemaDefinition = never> = Simplify<
  CommonAttributes & AttributesOf<Base['attributes']> & ExtensionsOf<Extensions>
>

type Names<Definitions extends readonly AttributeDefinition[]> = Definitions[number] extends infer Definition
  ? Definition extends { readonly name: infer Name extends string; readonly subAttributes: infer Subs }
    ? Name | (Subs extends readonly AttributeDefinition[] ? `${Name}.${Subs[number]['name']}` : never)
    : Definition extends { readonly name: infer Name }
      ? Name
      : never
  : never

/**
 * The paths of the attributes of a resource, from its base schema and a union of its extensions: `'userName'`,
 * `'emails.value'`, `'urn:…:User:department'`.
 */
export type AttributePathOf<Base extends SchemaDefinition, Extensions extends SchemaDefinition = never> =
  | Exclude<keyof CommonAttributes, 'meta'>
  | `meta.${keyof Meta}`
  | 'meta'
  | Names<Base['attributes']>
  | (Extensions extends SchemaDefinition ? `${Extensions['id']}:${Names<Extensions['attributes']>}` : never)

/** Any resource, for code that works on every resource type. */
export interface Resource extends CommonAttributes {
  readonly [attribute: string]: unknown
}
