import type { Stored } from '../../adapter/contract.js'
import type { JsonObject } from '../../schema/resource.js'

/** A resource as the table has it. */
export interface Row {
  readonly id: string
  readonly version: string
  readonly created: Date
  readonly last_modified: Date
  readonly data: JsonObject
  /** Lists that are kept apart, by position: those of {@link Lists}. */
  readonly [list: `list_${number}`]: readonly ReferenceRow[] | null | undefined
}

/** A value of a reference attribute: the id it has, the type of that resource, its name, further sub-attributes. */
export type ReferenceRow = readonly [
  value: string,
  target: string | null,
  display: string | null,
  data: JsonObject | null,
]

/** A resource as it is handed out, but for its lists. `unreadable` attributes are for the store alone. */
export function storedOf(row: Row, lists: JsonObject, attributes: JsonObject = row.data): Stored {
  return {
    ...attributes,
    ...lists,
    id: row.id,
    meta: { created: row.created, lastModified: row.last_modified, version: row.version },
  } as Stored
}
