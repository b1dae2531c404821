import { codeOf } from '../../database/failure.js'
import { ScimError } from '../../error.js'
import type { ColumnMapping, JsonMapping } from '../../sql/mapping.js'
import type { TableType } from './mapped-type.js'

/** The facts of an error, under the names of each driver. */
interface Violation {
  readonly detail?: string
  readonly column?: string
  readonly column_name?: string
  readonly table?: string
  readonly table_name?: string
}

/**
 * The error for a client if the database refuses a change; undefined for all other errors.
 *
 * @param isDelete Whether the resource was to be deleted.
 */
export function tableRefusal(error: unknown, type: TableType, isDelete: boolean): ScimError | undefined {
  const { detail = '', column, column_name: name, table, table_name: other } = error as Violation
  const attributeOf = (text: string): string | undefined => findAttribute(type, table ?? other, text)
  const code = codeOf(error) ?? ''
  switch (code) {
    // unique_violation: the detail names the columns, and behind them the values.
    case '23505': {
      const twice = repeatedAttribute(type, table ?? other, columnsOf(detail))
      if (twice !== undefined) {
        return ScimError.invalidValue(`Attribute "${twice}" has two values that its table holds as one.`)
      }
      return ScimError.uniqueness(attributeOf(columnsOf(detail)) ?? uniqueAttribute(type, table ?? other))
    }
    // not_null_violation. Of a column without an attribute no client can know.
    case '23502': {
      const attribute = attributeOf(column ?? name ?? '')
      return attribute === undefined
        ? undefined
        : ScimError.invalidValue(`Attribute "${attribute}" must have a value.`, { attribute })
    }
    // foreign_key_violation and restrict_violation: a column names a missing row, or other rows name the deleted row.
    case '23503':
    case '23001': {
      if (isDelete) return conflict('Other data refers to this resource, so it cannot be deleted.', error)
      const attribute = attributeOf(columnsOf(detail))
      return attribute === undefined
        ? conflict('Other data does not permit this change.', error)
        : ScimError.invalidValue(`Attribute "${attribute}" refers to something that does not exist.`, { attribute })
    }
    // integrity_constraint_violation and exclusion_violation.
    case '23000':
    case '23P01':
      return conflict('Other data does not permit this change.', error)
    // raise_exception: the error of an application's trigger without a code of its own. Its text may hold values.
    case 'P0001':
      return conflict(REFUSED, error)
    default:
      return MISFITS.has(code)
        ? ScimError.invalidValue('A value does not fit the column that it is stored in.')
        : undefined
  }
}

/** The error for a client if a trigger skips a write without an error. */
export function refusedByTrigger(): ScimError {
  return conflict(REFUSED)
}

const REFUSED = 'A rule of the database does not permit this change.'

// RFC 7644 section 3.12, 409: "The specified version number does not match the resource's latest version number, or a
// service provider refused to create a new, duplicate resource." RFC 9110 section 15.5.10: "a conflict with the current
// state of the target resource".
function conflict(detail: string, cause?: unknown): ScimError {
  return new ScimError(409, detail, { cause })
}

function columnsOf(detail: string): string {
  return detail.split(')=(')[0] ?? ''
}

/**
 * Values that are too long, out of range, no member of an enum, no uuid, or at odds with a CHECK, of a view as well.
 */
const MISFITS: ReadonlySet<string> = new Set([
  ...['22001', '22003', '22007', '22008', '22021', '22P02', '22P05', '23514', '44000'],
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
  const isNamed = (entry: string | ColumnMapping | JsonMapping): boolean =>
    typeof entry === 'string'
      ? words.has(entry)
      : 'json' in entry
        ? words.has(entry.json)
        : words.has(entry.column) || (typeof entry.folded === 'string' && words.has(entry.folded))
  const found = isTable(mapping.table, table)
    ? columns.find(({ entry }) => isNamed(entry))
    : children.find(({ entry }) => isTable(entry.table, table) && Object.values(entry.attributes).some(isNamed))
  return found?.attribute.path
}

/** The attribute whose values are unique in one resource: the index has all columns that name the resource. */
function repeatedAttribute({ children }: TableType, table: string | undefined, text: string): string | undefined {
  if (table === undefined) return undefined
  const words = new Set(text.match(/\w+/g) ?? [])
  return children.find(
    ({ entry }) => isTable(entry.table, table) && Object.keys(entry.on).every((one) => words.has(one)),
  )?.attribute.path
}

/** The attribute that is unique by its schema: the index may be on an expression that names no column of a mapping. */
function uniqueAttribute({ schema, mapping }: TableType, table: string | undefined): string | undefined {
  if (!isTable(mapping.table, table)) return undefined
  return schema.root.subAttributes.find(({ uniqueness, name }) => uniqueness !== 'none' && name !== 'id')?.path
}

/** If a driver does not report the table, it is taken to be this one. */
function isTable(name: string, told: string | undefined): boolean {
  return told === undefined || name.split('.').at(-1) === told
}
