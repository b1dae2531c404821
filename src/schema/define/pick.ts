import { kindOf, TEXTS } from '../../check-options.js'
import { SetupError } from '../../setup-error.js'
import { didYouMean } from '../../suggest.js'
import { COMMON_ATTRIBUTES } from '../model/common-attributes.js'
import type { AttributeDefinition, SchemaDefinition } from '../model/definition.js'
import type { AttributePathOf } from '../model/resource.js'
import { defineSchema } from './define-schema.js'

type PickedAttribute<Definition, Path extends string> = Definition extends { readonly name: infer Name extends string }
  ? Name extends Path
    ? Definition
    : Definition extends { readonly subAttributes: infer Subs extends readonly AttributeDefinition[] }
      ? [Extract<Path, `${Name}.${string}`>] extends [never]
        ? never
        : {
            readonly [Key in keyof Definition]: Key extends 'subAttributes'
              ? readonly PickedSubAttribute<Subs[number], Name, Path>[]
              : Definition[Key]
          }
      : never
  : never

type PickedSubAttribute<Definition, Holder extends string, Path extends string> = Definition extends {
  readonly name: infer Name extends string
}
  ? `${Holder}.${Name}` extends Path
    ? Definition
    : never
  : never

/** The part of a schema that {@link pick} keeps. */
export type PickedSchema<Schema extends SchemaDefinition, Path extends string> = {
  readonly [Key in keyof Schema]: Key extends 'attributes'
    ? readonly PickedAttribute<Schema['attributes'][number], Path>[]
    : Schema[Key]
}

/**
 * Makes a narrower schema, for a store that keeps less than all of it: RFC 7643 section 4.1 requires of a user no more
 * than `userName`. Under /Schemas clients see the remaining attributes, the type of the adapter has no other
 * attributes, and {@link ResourceOf} knows it. `externalId` and the other common attributes belong to every resource,
 * named or not. Throws a {@link SetupError} with code `ERR_SCIM_SCHEMA` for a path that the schema does not have, and
 * if a required attribute is left out.
 *
 * @param schema `User`, `Group`, `EnterpriseUser` or one of your own.
 * @param paths Attributes, and sub-attributes of complex ones: `emails` keeps all of it, `name.givenName` a part of
 *   `name`.
 *
 * @example
 * ```ts
 * import { pick, type ResourceOf, User } from 'express-scim'
 *
 * export const Person = pick(User, ['userName', 'externalId', 'name.givenName', 'name.familyName', 'active', 'emails'])
 * export interface PersonResource extends ResourceOf<typeof Person> {}
 * ```
 */
export function pick<const Schema extends SchemaDefinition, const Path extends AttributePathOf<Schema>>(
  schema: Schema,
  paths: readonly Path[],
): PickedSchema<Schema, Path> {
  if (!TEXTS.accepts(paths)) throw invalid(`pick must be called with ${TEXTS.expects}, got ${kindOf(paths)}.`)
  const wanted = new Set<string>(paths)
  const known = pathsOf(schema)
  for (const path of wanted) {
    if (known.has(path)) continue
    throw invalid(`pick names "${path}", which schema ${schema.id} does not have.${didYouMean(path, [...known])}`)
  }
  const attributes = schema.attributes.flatMap((attribute) => picked(attribute, wanted))
  return defineSchema({ ...schema, attributes }) as PickedSchema<Schema, Path>
}

function picked(attribute: AttributeDefinition, wanted: ReadonlySet<string>): readonly AttributeDefinition[] {
  const { name, subAttributes = [] } = attribute
  if (wanted.has(name)) return [attribute]
  const kept = subAttributes.filter((sub) => wanted.has(`${name}.${sub.name}`))
  if (kept.length === 0) {
    requireOptional(attribute, name)
    return []
  }
  for (const sub of subAttributes) if (!kept.includes(sub)) requireOptional(sub, `${name}.${sub.name}`)
  return [{ ...attribute, subAttributes: kept }]
}

function requireOptional({ required }: AttributeDefinition, path: string): void {
  if (required) throw invalid(`pick must keep "${path}", because the schema requires it.`)
}

function pathsOf({ attributes }: SchemaDefinition): ReadonlySet<string> {
  const all = [...COMMON_ATTRIBUTES, ...attributes]
  return new Set(
    all.flatMap(({ name, subAttributes = [] }) => [name, ...subAttributes.map((sub) => `${name}.${sub.name}`)]),
  )
}

function invalid(message: string): SetupError {
  return new SetupError('ERR_SCIM_SCHEMA', message)
}
