import { createHash } from 'node:crypto'
import { type Checks, checkGiven } from '../check-options.js'
import type { Connection, ConnectionPool } from '../database/database.js'
import { execute } from '../database/execute.js'
import { SetupError } from '../setup-error.js'
import { raw, render, sql } from '../sql/fragment.js'
import type { MappedType } from '../tables/mapped/declaration.js'
import { EXPORT, IMPORT, PLACE, TENANT } from './option-table.js'
import { declaredTables, documentTables, type TenantTable } from './tenant-tables.js'

/** A database that a tenant is moved from or to. */
export interface TenantPlace {
  /** The Pool of `pg`, or anything else that gives connections. */
  readonly pool: ConnectionPool
  /**
   * Database schema of documents.
   *
   * @defaultValue `'scim'`
   */
  readonly schema?: string
  /** The declaration of `mappedResources`, for tables that exist in place of documents. */
  readonly resources?: Readonly<Record<string, MappedType>>
}

/** The data of a tenant in one place. */
export interface TenantDigest {
  /** How many lines the export has. */
  readonly lines: number
  /** SHA-256 of all lines, in hex. */
  readonly sha256: string
}

/** Rows that are read, or written by one transaction. */
const BATCH = 500

/**
 * All rows of a tenant, each as a line of JSON: documents with their lookups, or the tables of a
 * declaration. It is read in one transaction that sees one state; keep the tenant from writing meanwhile, or the writes
 * of that time stay behind. Lines hold names and hashes of passwords: keep them as the database is kept.
 *
 * @param options.after The line to go on behind, of an export that was broken off.
 *
 * @example
 * ```ts
 * import { createWriteStream } from 'node:fs'
 * import { pipeline } from 'node:stream/promises'
 * import { exportTenant } from 'express-scim/postgres'
 * import pg from 'pg'
 *
 * const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL })
 * async function* lines() {
 *   for await (const line of exportTenant({ pool }, { tenant: 'acme' })) yield `${line}\n`
 * }
 * await pipeline(lines, createWriteStream('acme.jsonl', { mode: 0o600 }))
 * ```
 */
export async function* exportTenant(
  place: TenantPlace,
  options: { readonly tenant: string | undefined; readonly after?: string | undefined },
): AsyncGenerator<string, void, undefined> {
  checkMove('exportTenant', place, options, EXPORT)
  const { tenant, after } = options
  const tables = tablesOf(place)
  const last = after === undefined ? undefined : readLine(tables, after)
  const connection = await place.pool.connect()
  let failed: Error | undefined
  try {
    await begin(connection)
    for (const table of last ? tables.slice(tables.indexOf(last.table)) : tables) {
      const behind = table === last?.table ? last.row : undefined
      for await (const row of rowsOf(connection, table, tenant, behind)) yield `${prefixOf(table)}${row}}`
    }
  } catch (error) {
    failed = error instanceof Error ? error : new Error(String(error))
    throw error
  } finally {
    // It has only read.
    await connection.query('ROLLBACK').catch(() => undefined)
    connection.release(failed)
  }
}

/**
 * Puts the lines of an export into another database whose tables exist (`migrate()`), in transactions of 500 rows. An
 * import that was broken off goes on behind the last row that is there. Throws the database's error for a row that
 * exists already.
 *
 * @param options.lines Gives the lines behind one, or all of them: `(after) => exportTenant(from, { tenant, after })`.
 * @returns The data of the tenant afterwards: the same as {@link tenantDigest} of where it came from, or something is
 *   missing.
 *
 * @example
 * ```ts
 * import { exportTenant, importTenant, type TenantPlace, tenantDigest } from 'express-scim/postgres'
 *
 * export async function move(tenant: string, from: TenantPlace, to: TenantPlace): Promise<void> {
 *   const there = await importTenant(to, { tenant, lines: (after) => exportTenant(from, { tenant, after }) })
 *   const here = await tenantDigest(from, { tenant })
 *   if (there.sha256 !== here.sha256) throw new Error(`${here.lines} lines here, ${there.lines} there`)
 * }
 * ```
 */
export async function importTenant(
  place: TenantPlace,
  options: {
    readonly tenant: string | undefined
    readonly lines: (after: string | undefined) => AsyncIterable<string> | Iterable<string>
  },
): Promise<TenantDigest> {
  checkMove('importTenant', place, options, IMPORT)
  const { tenant, lines } = options
  const tables = tablesOf(place)
  let batch: { readonly table: TenantTable; readonly rows: string[] } | undefined
  for await (const line of lines(await lastLine(place, tables, tenant))) {
    if (line === '') continue
    const { table, row } = readLine(tables, line)
    if (batch && (batch.table !== table || batch.rows.length >= BATCH)) {
      await insert(place, batch.table, batch.rows)
      batch = undefined
    }
    batch ??= { table, rows: [] }
    batch.rows.push(row)
  }
  if (batch) await insert(place, batch.table, batch.rows)
  return tenantDigest(place, { tenant })
}

/**
 * How many rows a database has of a tenant, and a digest of all they hold: two places that have the same have the same
 * digest.
 */
export async function tenantDigest(
  place: TenantPlace,
  options: { readonly tenant: string | undefined },
): Promise<TenantDigest> {
  checkMove('tenantDigest', place, options, TENANT)
  const { tenant } = options
  const hash = createHash('sha256')
  let lines = 0
  for await (const line of exportTenant(place, { tenant })) {
    lines += 1
    hash.update(`${line}\n`)
  }
  return { lines, sha256: hash.digest('hex') }
}

function tablesOf({ schema = 'scim', resources }: TenantPlace): readonly TenantTable[] {
  return resources ? declaredTables(resources) : documentTables(schema)
}

/** Refuses unknown options: a misspelt tenant would move the data of no tenant. */
function checkMove(owner: string, place: TenantPlace, options: object, checks: Checks): void {
  const of = { owner, code: 'ERR_SCIM_OPTION', section: 'postgres.md' } as const
  checkGiven(place, PLACE, of)
  checkGiven(options, checks, of)
}

/** One state for all tables, and times in one zone wherever the server is. */
async function begin(connection: Connection): Promise<void> {
  await connection.query('BEGIN ISOLATION LEVEL REPEATABLE READ')
  await connection.query("SET LOCAL TimeZone = 'UTC'")
}

/** Rows as the database writes them, in the order of that text, which is the same in every server. */
async function* rowsOf(
  connection: Connection,
  { table, owned }: TenantTable,
  tenant: string | undefined,
  after: string | undefined,
): AsyncGenerator<string, void, undefined> {
  const behind = after === undefined ? raw('') : sql` AND to_jsonb(t)::text COLLATE "C" > ${after}`
  await execute(
    connection,
    sql`DECLARE tenant_rows NO SCROLL CURSOR FOR SELECT to_jsonb(t)::text AS row FROM ${table} AS t
  WHERE ${owned(tenant)}${behind} ORDER BY to_jsonb(t)::text COLLATE "C"`,
  )
  for (;;) {
    const { rows } = await connection.query(`FETCH ${BATCH} FROM tenant_rows`)
    for (const { row } of rows) yield row
    if (rows.length < BATCH) break
  }
  await connection.query('CLOSE tenant_rows')
}

/** The last row that is there: rows come in the order of the export, so that all before it are there, too. */
async function lastLine(
  place: TenantPlace,
  tables: readonly TenantTable[],
  tenant: string | undefined,
): Promise<string | undefined> {
  const connection = await place.pool.connect()
  try {
    await begin(connection)
    for (const table of [...tables].reverse()) {
      const { rows } = await execute(
        connection,
        sql`SELECT max(to_jsonb(t)::text COLLATE "C") AS row FROM ${table.table} AS t WHERE ${table.owned(tenant)}`,
      )
      const row: string | null = rows[0]?.row ?? null
      if (row !== null) return `${prefixOf(table)}${row}}`
    }
    return undefined
  } finally {
    await connection.query('ROLLBACK').catch(() => undefined)
    connection.release()
  }
}

async function insert({ pool }: TenantPlace, { name, table }: TenantTable, rows: readonly string[]): Promise<void> {
  const text = `[${rows.join(',')}]`
  const connection = await pool.connect()
  try {
    await begin(connection)
    // The database accepts no values for columns that it computes.
    const { rows: found } = await execute(
      connection,
      sql`SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) AS columns FROM pg_attribute
  WHERE attrelid = ${render(table).text}::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''`,
    )
    const columns = raw(String(found[0]?.columns))
    await requireColumns(connection, { name, table }, text)
    await execute(
      connection,
      sql`INSERT INTO ${table} (${columns}) OVERRIDING SYSTEM VALUE
  SELECT ${columns} FROM jsonb_populate_recordset(NULL::${table}, ${text}::jsonb)`,
    )
    await connection.query('COMMIT')
  } catch (error) {
    await connection.query('ROLLBACK').catch(() => undefined)
    throw error
  } finally {
    connection.release()
  }
}

/** Refuses rows that lack a column: what the library keeps in it would be missing, such as whose manager a user is. */
async function requireColumns(
  connection: Connection,
  { name, table }: Pick<TenantTable, 'name' | 'table'>,
  lines: string,
): Promise<void> {
  const { rows } = await execute(
    connection,
    sql`SELECT a.attname::text AS name FROM pg_attribute AS a
  WHERE a.attrelid = ${render(table).text}::regclass AND a.attnum > 0 AND NOT a.attisdropped
    AND EXISTS (SELECT 1 FROM jsonb_array_elements(${lines}::jsonb) AS l(line) WHERE NOT jsonb_exists(l.line, a.attname::text))
  ORDER BY a.attnum LIMIT 1`,
  )
  if (rows.length === 0) return
  throw new SetupError(
    'ERR_SCIM_OPTION',
    `A line of the import lacks column ${rows[0].name} of table ${name}: it comes from older tables. Bring those up to date by migrate(), or as your application makes them, and export again.`,
    'scale.md#moving-a-tenant',
  )
}

function prefixOf({ name }: TenantTable): string {
  return `{"table":${JSON.stringify(name)},"row":`
}

/** The row stays the text that it is: numbers may be longer than JavaScript has them. */
function readLine(tables: readonly TenantTable[], line: string): { readonly table: TenantTable; readonly row: string } {
  const table = tables.find((one) => line.startsWith(prefixOf(one)))
  if (table === undefined || !line.endsWith('}}')) {
    throw new SetupError(
      'ERR_SCIM_OPTION',
      'A line of the import names a table that this declaration does not have.',
      'scale.md#moving-a-tenant',
    )
  }
  return { table, row: line.slice(prefixOf(table).length, -1) }
}
