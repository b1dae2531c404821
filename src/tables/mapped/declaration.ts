import type { Call } from '../../adapter/contract.js'
import type { SchemaDefinition } from '../../schema/model/definition.js'
import type { AttributeOverride, SchemaExtension } from '../../schema/schemas/schema.js'
import type { RowCondition, TableMapping } from '../../sql/mapping.js'

/** The required content of a scope column: {@link tenant}, a fixed value, or a function of the call. */
export type ScopeValue = typeof tenant | string | number | boolean | ((call: Call) => unknown)

/** Stands for the tenant of the call in a scope: `scope: { org_id: tenant }`. */
export const tenant: unique symbol = Symbol.for('express-scim.tenant')

/** How the resources of one type lie in tables that exist. */
export interface MappedType extends TableMapping {
  /**
   * Columns that keep customers apart, with their required content. The condition is put around every filter and on
   * every write, and new rows get the values.
   */
  readonly scope?: Readonly<Record<string, ScopeValue>>
  /**
   * A condition that rows have to meet besides, such as `` (column) => `${column('kind')} = 'person'` ``: others are
   * not there. New rows have to meet it by `scope`, which may hold fixed values, or by defaults of the database.
   */
  readonly where?: RowCondition
  /** A timestamp column that marks a row as deleted: DELETE sets it, and rows that have it are not there. */
  readonly deleted?: string
  /** Base schema. May be left out for `User` and `Group`. */
  readonly schema?: SchemaDefinition
  /** Extensions. Default for `User`: EnterpriseUser. Attributes without a column are left out of them. */
  readonly extensions?: readonly (SchemaDefinition | SchemaExtension)[]
  /** Policies of single attributes, as the router has them. */
  readonly policies?: Readonly<Record<string, AttributeOverride>>
  /** Paths of the attributes that say how others call the resource: the first that has a value. */
  readonly display?: readonly string[]
}
