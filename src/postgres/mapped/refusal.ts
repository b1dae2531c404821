import { ScimError } from '../../error.js'
import type { ColumnMapping } from '../../sql/mapping.js'
import { codeOf } from '../database/failure.js'
import type { TableType } from './mapped-type.js'

/** What drivers tell of an error, each by its own names. */
interface Violation {
  readonly detail?: string
  readonly column?: string
  readonly column_name?: string
  readonly table?: string
  readonly table_name?: string
}

/** What a client is told of a value that a table refuses; undefined for all other errors. */
export function tableRefusal(error: unknown, type: TableType): ScimError | undefined {
  const { detail = '', column, column_name: name, table, table_name: other } = error as Violation
  const attributeOf = (text: string): string | undefined => findAttribute(type, table ?? other, text)
  switch (codeOf(error)) {
    // unique_violation: the detail names the columns, and behind them the values.
    case '23505':
      return ScimError.uniqueness(attributeOf(columnsOf(detail)) ?? uniqueAttribute(type, table ?? other))
    // not_null_violation. Of a column without an attribute no client can know.
    case '23502': {
      const attribute = attributeOf(column ?? name ?? '')
      return attribute === undefined ? undefined : ScimError.invalidValue(`Attribute "${attribute}" needs a value.`)
    }
    // foreign_key_violation. When a row is deleted that others refer to, the detail names its id, which is no attribute.
    case '23503': {
      const attribute = attributeOf(columnsOf(detail))
      return attribute === undefined
        ? undefined
        : ScimError.invalidValue(`Attribute "${attribute}" refers to something that does not exist.`)
    }
    default:
      return MISFITS.has(codeOf(error) ?? '')
        ? ScimError.invalidValue('A value does not fit the column that it is stored in.')
        : undefined
  }
}

function columnsOf(detail: string): string {
  return detail.split(')=(')[0] ?? ''
}

/** Values that are too long, out of range, no member of an enum, no uuid, or at odds with a CHECK. */
const MISFITS: ReadonlySet<string> = new Set([
  ...['22001', '22003', '22007', '22008', '22021', '22P02', '22P05', '23514'],
  // A row of an index has room for some 2,700 bytes.
  '54000',
])

/** The attribute whose column is named in a text. */
function findAttribute(
  { columns, children, mapping }: TableType,
  table: string | undefined,
  text: string,
): string | undefined {
  const words = new Set(text.match(/\w+/g) ?? [])
  const isNamed = (entry: string | ColumnMapping): boolean =>
    typeof entry === 'string'
      ? words.has(entry)
      : words.has(entry.column) || (typeof entry.folded === 'string' && words.has(entry.folded))
  const found = isTable(mapping.table, table)
    ? columns.find(({ entry }) => isNamed(entry))
    : children.find(({ entry }) => isTable(entry.table, table) && Object.values(entry.attributes).some(isNamed))
  return found?.attribute.path
}

/** The attribute that is unique by its schema: the index may be on an expression that names no column of a mapping. */
function uniqueAttribute({ schema, mapping }: TableType, table: string | undefined): string | undefined {
  if (!isTable(mapping.table, table)) return undefined
  return schema.root.subAttributes.find(({ uniqueness, name }) => uniqueness !== 'none' && name !== 'id')?.path
}

/** Drivers that do not tell the table are taken to mean this one. */
function isTable(name: string, told: string | undefined): boolean {
  return told === undefined || name.split('.').at(-1) === told
}
