import {
  BOOLEAN,
  type Check,
  type Checks,
  either,
  FUNCTION,
  objectOf,
  oneOf,
  recordOf,
  required,
  TEXT,
} from '../check-options.js'
import type {
  ChildTableMapping,
  ColumnMapping,
  JsonMapping,
  ReferenceMapping,
  RowConditions,
  TableMapping,
} from './mapping.js'

const TRUE: Check = { expects: 'true', accepts: (value) => value === true }
const FIXED: Check = {
  expects: 'a string, a number or a boolean',
  accepts: (value) => ['string', 'number', 'boolean'].includes(typeof value),
}

const COLUMN = {
  column: required(TEXT),
  type: oneOf('uuid', 'integer'),
  folded: either(TEXT, TRUE),
  read: FUNCTION,
  write: FUNCTION,
  expression: FUNCTION,
  readOnly: BOOLEAN,
} satisfies Checks<keyof ColumnMapping>

const JSON_COLUMN = { json: required(TEXT), keys: TEXT } satisfies Checks<keyof JsonMapping>

const ROWS = { where: FUNCTION, fixed: recordOf(FIXED), until: TEXT } satisfies Checks<keyof RowConditions>

const CHILD: Checks<keyof ChildTableMapping> = {
  table: required(TEXT),
  on: required(recordOf(TEXT)),
  attributes: required(recordOf(required(placeIn({ column: COLUMN, json: JSON_COLUMN })))),
  ...ROWS,
}

const REFERENCE: Checks<keyof ReferenceMapping> = {
  table: required(TEXT),
  on: required(recordOf(TEXT)),
  references: required(recordOf(required(either(TEXT, objectOf(COLUMN))))),
  ...ROWS,
}

/** The values that each key of a mapping takes, down to the single column. */
export const MAPPING: Checks<keyof TableMapping> = {
  table: required(TEXT),
  attributes: required(
    recordOf(required(placeIn({ column: COLUMN, json: JSON_COLUMN, references: REFERENCE, attributes: CHILD }))),
  ),
}

/** The name of a column, or one of some objects: each has a key that no other has. */
function placeIn(kinds: Readonly<Record<string, Checks>>): Check {
  // A misspelt key may be the key that decides the kind.
  const any: Checks = Object.fromEntries(
    Object.values(kinds).flatMap((checks) =>
      Object.entries(checks).map(([key, { required: _required, ...check }]) => [key, check] as const),
    ),
  )
  const names = Object.keys(kinds)
  return {
    expects: `the name of a column, or an object with ${names.slice(0, -1).join(', ')} or ${names.at(-1)}`,
    accepts: (value) => TEXT.accepts(value) || isPlace(value, any, names),
    keys: (value) => kinds[names.find((name) => name in value) ?? ''] ?? any,
  }
}

/** Whether the kind of a value is clear, or the value has a misspelt key, which has a message of its own. */
function isPlace(value: unknown, any: Checks, names: readonly string[]): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return names.some((name) => name in value) || Object.keys(value).some((key) => !Object.hasOwn(any, key))
}
