import type { Call } from '../adapter/contract.js'
import { postgresqlStore } from '../database/postgresql/store-dialect.js'
import { identifier, join, type SqlFragment, sql } from '../sql/fragment.js'
import { columnOf } from '../sql/table-place.js'
import type { MappedType } from '../tables/mapped/declaration.js'
import { scopeOf, type TableType, tableType, withReferenceTypes } from '../tables/mapped/mapped-type.js'
import { namesOwner } from '../tables/mapped/members.js'
import { tableAs } from '../tables/mapped/target.js'

/** A table that has rows of tenants. */
export interface TenantTable {
  /** As the lines of an export name it. */
  readonly name: string
  readonly table: SqlFragment
  /** The condition that a row `t` belongs to the tenant. */
  readonly owned: (tenant: string | undefined) => SqlFragment
}

/** The tables of documents, in the order in which rows may be put in. */
export function documentTables(schema: string): readonly TenantTable[] {
  return ['resource', 'reference', 'lookup'].map((name) => ({
    name,
    table: identifier(`${schema}.${name}`),
    owned: (tenant) => sql`${columnOf('t', 'tenant')} = ${tenant ?? ''}`,
  }))
}

/**
 * The tables of a declaration: resources before their values and memberships. Rows that do not count are the tenant's
 * as well.
 */
export function declaredTables(given: Readonly<Record<string, MappedType>>): readonly TenantTable[] {
  const declared = withReferenceTypes(given)
  const types = Object.entries(declared).map(([name, type]) => tableType(name, type, declared, postgresqlStore))
  const owners = types.map((type) => ({
    table: type.mapping.table,
    owned: (tenant: string | undefined) => scopedRows(type, tenant, 't'),
  }))
  const parts = types.flatMap((type) =>
    [...type.children, ...type.references].map(({ entry }) => ({
      table: entry.table,
      owned: (tenant: string | undefined) =>
        sql`EXISTS (SELECT 1 FROM ${tableAs(type, 'r')} WHERE ${namesOwner(entry, 't', 'r')} AND ${scopedRows(type, tenant, 'r')})`,
    })),
  )
  // A table may hold the values of several attributes.
  const tables = new Map<string, ((tenant: string | undefined) => SqlFragment)[]>()
  for (const { table, owned } of [...owners, ...parts]) tables.set(table, [...(tables.get(table) ?? []), owned])
  return [...tables].map(([name, conditions]) => ({
    name,
    table: identifier(name),
    owned: (tenant) =>
      sql`(${join(
        conditions.map((owned) => owned(tenant)),
        ' OR ',
      )})`,
  }))
}

function scopedRows(type: TableType, tenant: string | undefined, alias: string): SqlFragment {
  // The values of a scope depend on the tenant of a call, and on nothing else that is known here.
  const conditions = scopeOf(type, { tenant } as Call).map(
    ([column, value]) => sql`${columnOf(alias, column)} = ${value}`,
  )
  return conditions.length === 0 ? sql`TRUE` : join(conditions, ' AND ')
}
