import { ScimError } from '../../error.js'
import { codeOf } from '../failure.js'
import type { TableType } from './mapped-type.js'

/** What drivers tell of an error, each by its own names. */
interface Violation {
  readonly detail?: string
  readonly column?: string
  readonly column_name?: string
}

/** What a client is told of a value that a table refuses; undefined for all other errors. */
export function tableRefusal(error: unknown, type: TableType): ScimError | undefined {
  const { detail = '', column, column_name: name } = error as Violation
  switch (codeOf(error)) {
    // unique_violation: the detail names the columns, and behind them the values.
    case '23505':
      return ScimError.uniqueness(attributeOf(type, detail.split(')=(')[0] ?? ''))
    // not_null_violation
    case '23502': {
      const attribute = attributeOf(type, column ?? name ?? '')
      return ScimError.invalidValue(attribute && `Attribute "${attribute}" needs a value.`)
    }
    // string_data_right_truncation, check_violation, numeric_value_out_of_range, character_not_in_repertoire
    case '22001':
    case '23514':
    case '22003':
    case '22021':
    case '22P05':
      return ScimError.invalidValue('A value does not fit the column that it is stored in.')
    default:
      return undefined
  }
}

/** The attribute whose column is named in a text. */
function attributeOf({ columns, schema }: TableType, text: string): string | undefined {
  const words = new Set(text.match(/\w+/g) ?? [])
  const found = columns.find(
    ({ entry }) => words.has(entry.column) || (typeof entry.folded === 'string' && words.has(entry.folded)),
  )
  return (
    found?.attribute ?? schema.root.subAttributes.find(({ uniqueness, name }) => uniqueness !== 'none' && name !== 'id')
  )?.path
}
