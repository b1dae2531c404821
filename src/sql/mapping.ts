/**
 * How the attributes of a resource type lie in tables that exist. Keys are attribute paths as clients write them
 * (`userName`, `name.givenName`, `urn:…:User:department`), in any letter case.
 *
 * @example
 * ```ts
 * import type { TableMapping } from 'express-scim/sql'
 *
 * const accounts: TableMapping = {
 *   table: 'accounts',
 *   attributes: {
 *     id: { column: 'id', type: 'uuid' },
 *     userName: 'email',
 *     'name.givenName': 'first_name',
 *     emails: { table: 'account_emails', on: { account_id: 'id' }, attributes: { value: 'address', type: 'kind' } },
 *     '*': { json: 'scim' },
 *   },
 * }
 * ```
 */
export interface TableMapping {
  /** Name of the table; `schema.table` if the table is in another schema. */
  readonly table: string
  /** The columns and tables, by the paths of the attributes. */
  readonly attributes: Readonly<Record<string, AttributeMapping>>
}

/** A column by its name alone, or one of the other ways in which values are kept. */
export type AttributeMapping = string | ColumnMapping | JsonMapping | ChildTableMapping | ReferenceMapping

/** One column for one attribute. */
export interface ColumnMapping {
  /** Name of the column. */
  readonly column: string
  /** Of identifiers that are no text in the database. */
  readonly type?: 'uuid' | 'integer'
  /**
   * A column that holds the folded form of a case-insensitive text, kept by the adapter: it compares as in memory, in
   * any locale of the database, and a plain index on it is used. `true`: the column itself holds no capitals, or is of
   * type citext (PostgreSQL).
   *
   * @defaultValue `lower(column)`
   */
  readonly folded?: string | true
  /**
   * The value of the attribute, from the driver's value of the column.
   *
   * @defaultValue as it is
   */
  // biome-ignore lint/suspicious/noExplicitAny: a driver's value of a column has any type.
  readonly read?: (value: any) => unknown
  /**
   * The stored value, from the value of the attribute, which is undefined if there is none: `mappedResources` takes no
   * function whose argument cannot be.
   *
   * @defaultValue as it is
   */
  // biome-ignore lint/suspicious/noExplicitAny: the type of the attribute, or undefined.
  readonly write?: (value: any) => unknown
  /**
   * The value of the attribute as SQL, from the quoted name of the column. Needed beside `read`, so that filters and
   * sorting need not be left to the router: `` (column) => `${column} IS NULL` ``.
   */
  readonly expression?: (column: string) => string
  /** The column is read and never written, e.g. because the database fills it. */
  readonly readOnly?: boolean
}

/**
 * A JSON column for an attribute, or as `'*'` for all attributes without a mapping of their own. As `'*'`
 * of a table of values it is for the sub-attributes that have no column there.
 */
export interface JsonMapping {
  /** Name of the column. */
  readonly json: string
  /** A second JSON column, in which the adapter keeps comparison keys: filters then mean what they mean in memory. */
  readonly keys?: string
}

/**
 * A condition that rows have to meet, as SQL of the database; `column` gives the quoted name of a column of the row:
 * `` (column) => `${column('archived_at')} IS NULL` ``. It is written as it stands, so it must contain no part of a
 * request.
 */
export type RowCondition = (column: (name: string) => string) => string

/** Which rows of a table of values or memberships count. */
export interface RowConditions {
  /**
   * Only rows that meet it count. Others are neither shown nor changed; new rows have to meet it by `fixed` or by
   * defaults.
   */
  readonly where?: RowCondition
  /** Columns with a fixed value. Only rows that have it count, and new rows get it: `{ role: 'member' }`. */
  readonly fixed?: Readonly<Record<string, string | number | boolean>>
  /**
   * A column with the time until which a row counts, such as `valid_to` or `deleted_at`; NULL: for good. A removed row
   * stays in the table and gets the present time. A member who joins again gets a new row, or the old one where an
   * index permits no second.
   */
  readonly until?: string
}

/** A table with a row for each value of a multi-valued attribute. */
export interface ChildTableMapping extends RowConditions {
  /** Name of the table; `schema.table` if the table is in another schema. */
  readonly table: string
  /**
   * Columns of the table that name the resource, each with the column of the resource's own table: `{ account_id: 'id'
   * }`.
   */
  readonly on: Readonly<Record<string, string>>
  /**
   * Columns of the sub-attributes; of a simple attribute its own as `value`. `'*'` is a JSON column of this table: each
   * row keeps there the sub-attributes that have no column, `{ value: 'address', type: 'kind', '*': { json: 'scim' }
   * }`. Without it such sub-attributes are not stored.
   */
  readonly attributes: Readonly<Record<string, string | ColumnMapping | JsonMapping>>
}

/** A table with a row for each reference to another resource, such as the members of groups. */
export interface ReferenceMapping extends RowConditions {
  /** Name of the table; `schema.table` if the table is in another schema. */
  readonly table: string
  /**
   * Columns of the table that name the resource, each with the column of the resource's own table: `{ team_id: 'id' }`.
   */
  readonly on: Readonly<Record<string, string>>
  /** The column with the id of the other resource, for each type that it may have: `{ User: 'account_id' }`. */
  readonly references: Readonly<Record<string, string | ColumnMapping>>
}
