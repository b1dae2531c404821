import type { Stored } from '../../adapter/contract.js'
import type { StoreDialect } from '../../database/store-dialect.js'
import type { JsonObject } from '../../schema/model/resource.js'
import { raw, type SqlFragment, sql } from '../../sql/fragment.js'

/** A resource as the table has it. */
export interface DocumentRow {
  readonly id: string
  readonly version: string
  readonly created: Date
  readonly last_modified: Date
  readonly data: JsonObject
  /** Lists that are kept apart, by position: those of {@link Lists}. */
  readonly [list: `list_${number}`]: readonly ReferenceRow[] | null | undefined
}

/**
 * A row as it is selected. All values are texts, because other code in the process may have set the driver's parsers
 * for JSON, times and numbers.
 */
export interface DocumentRowText {
  readonly id: string
  readonly version: string
  readonly created: string
  readonly last_modified: string
  readonly data: string
  readonly [list: `list_${number}`]: string | null | undefined
}

/** Selects the times of a resource. */
export function selectTimes({ time }: StoreDialect): SqlFragment {
  return sql`${time.select(raw('r.created'))} AS created, ${time.select(raw('r.last_modified'))} AS last_modified`
}

/** Reads a row with its lists. */
export function readRowText({ time }: StoreDialect, row: DocumentRowText): DocumentRow {
  const { id, version, data } = row
  const read: Record<string, unknown> & DocumentRow = {
    id,
    version,
    data: JSON.parse(data),
    created: time.read(row.created),
    last_modified: time.read(row.last_modified),
  }
  for (const name in row) if (name.startsWith('list_')) read[name] = parseOptional(row[name as `list_${number}`])
  return read
}

function parseOptional(text: string | null | undefined): unknown {
  return text === null || text === undefined ? undefined : JSON.parse(text)
}

/** A value of a reference attribute: the id it has, the type of that resource, its name, further sub-attributes. */
export type ReferenceRow = readonly [
  value: string,
  target: string | null,
  display: string | null,
  data: JsonObject | null,
]

/** A resource as the adapter returns it, but for its lists. `unreadable` attributes are for the store alone. */
export function storedOf(row: DocumentRow, lists: JsonObject, attributes: JsonObject = row.data): Stored {
  return {
    ...attributes,
    ...lists,
    id: row.id,
    meta: { created: row.created, lastModified: row.last_modified, version: row.version },
  }
}
