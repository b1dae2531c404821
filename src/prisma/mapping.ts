import type { ConstantMapping, FieldMapping } from '../fields/mapping.js'

/**
 * Where the attributes of a resource type are in a model of Prisma. Keys are attribute paths as clients write them
 * (`userName`, `name.givenName`, `urn:…:User:department`), in any letter case.
 *
 * @example
 * ```ts
 * import type { ModelMapping } from 'express-scim/prisma'
 *
 * const accounts: ModelMapping = {
 *   attributes: {
 *     id: { field: 'id', required: true },
 *     userName: { field: 'email', folded: 'emailKey' },
 *     'name.givenName': 'firstName',
 *     active: { field: 'enabled', required: true },
 *     emails: { relation: 'addresses', attributes: { value: { field: 'address', required: true }, type: 'kind' } },
 *   },
 * }
 * ```
 */
export interface ModelMapping {
  /** The fields and relations, by the paths of the attributes. */
  readonly attributes: Readonly<Record<string, ModelAttributeMapping>>
}

/** The name of a field of the model, or an object with more details. */
export type ModelAttributeMapping = string | FieldMapping | RelationMapping | ConstantMapping

/** A relation to many, with a record for each value of a multi-valued attribute. */
export interface RelationMapping {
  /** Name of the relation. */
  readonly relation: string
  /** A condition of Prisma that chooses the records: `{ role: 'member' }`. */
  readonly where?: PrismaCondition
  /** The fields of the sub-attributes. The field of a simple attribute is named `value`. */
  readonly attributes: Readonly<Record<string, string | FieldMapping | ConstantMapping>>
}

/** A filter object of Prisma, as `where` takes it. */
export type PrismaCondition = Readonly<Record<string, unknown>>
