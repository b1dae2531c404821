import type { AttributeMapping } from '../../sql/mapping.js'
import type { MappedType } from './declaration.js'
import type { WritableColumns } from './writable-columns.js'

/** A declaration as it is given: each `write` takes undefined, and no key is unknown. */
export type CheckedDeclaration<Types> = Types & WritableColumns<Types> & KnownKeys<Types>

/**
 * A further condition on a declaration: a misspelt key of a type, or of the place of an attribute, does not compile.
 */
type KnownKeys<Types> = {
  readonly [Name in keyof Types]: NoOther<Types[Name], keyof MappedType> &
    (Types[Name] extends { readonly attributes: infer Places } ? { readonly attributes: KnownPlaces<Places> } : unknown)
}

type KnownPlaces<Places> = { readonly [Path in keyof Places]: KnownPlace<Places[Path]> }

type KnownPlace<Place> = Place extends string
  ? unknown
  : NoOther<Place, KeyOfAny<Exclude<AttributeMapping, string>>> &
      (Place extends { readonly attributes: infer Inner } ? { readonly attributes: KnownPlaces<Inner> } : unknown) &
      (Place extends { readonly references: infer Inner } ? { readonly references: KnownPlaces<Inner> } : unknown)

type NoOther<Given, Known extends PropertyKey> = { readonly [Key in Exclude<keyof Given, Known>]?: never }

type KeyOfAny<Union> = Union extends unknown ? keyof Union : never
