import type { Call } from '../../adapter/contract.js'
import type { AttributeOverride, SchemaExtension } from '../../schema/define/schema.js'
import type { SchemaDefinition } from '../../schema/model/definition.js'
import type { RowCondition, TableMapping } from '../../sql/mapping.js'

/** The required content of a scope column: {@link tenant}, a fixed value, or a function of the call. */
export type ScopeValue = typeof tenant | string | number | boolean | ((call: Call) => unknown)

/** Stands for the tenant of the call in a scope: `scope: { org_id: tenant }`. */
export const tenant: unique symbol = Symbol.for('express-scim.tenant')

/** How the resources of one type lie in tables that exist. */
export interface MappedType extends TableMapping {
  /**
   * Columns that keep customers apart, with their required content: `tenant`, a function of the call, or a fixed value.
   * Every filter and every write has the condition, and new rows get the values.
   *
   * @defaultValue none: all rows
   */
  readonly scope?: Readonly<Record<string, ScopeValue>>
  /**
   * A further condition on the rows, such as `` (column) => `${column('kind')} = 'person'` ``: clients do not see other
   * rows. New rows must meet it by `scope`, which may hold fixed values, or by defaults of the database.
   *
   * @defaultValue no condition
   */
  readonly where?: RowCondition
  /**
   * A timestamp column that marks a row as deleted: DELETE sets it, and clients do not see rows that have a value in
   * it.
   *
   * @defaultValue none: DELETE removes the row
   */
  readonly deleted?: string
  /**
   * Base schema.
   *
   * @defaultValue the schema of RFC 7643 for `User` and `Group`; other types must have one
   */
  readonly schema?: SchemaDefinition
  /**
   * Schema extensions. Attributes without a column are left out of them.
   *
   * @defaultValue `[EnterpriseUser]` for `User`, else none
   */
  readonly extensions?: readonly (SchemaDefinition | SchemaExtension)[]
  /**
   * Policies of single attributes, as the option `attributes` of the router has them.
   *
   * @defaultValue none
   */
  readonly policies?: Readonly<Record<string, AttributeOverride>>
  /**
   * Paths of the attributes whose value other resources show as `display` of the resource: the first that has a value.
   *
   * @defaultValue `['displayName', 'name.formatted', 'userName']` for `User`, `['displayName']` for `Group`, else none
   */
  readonly display?: readonly string[]
}
