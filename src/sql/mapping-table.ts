import {
  BOOLEAN,
  type Checks,
  either,
  FUNCTION,
  objectOf,
  oneOf,
  placeOf,
  recordOf,
  required,
  SCALAR,
  TEXT,
  TRUE,
} from '../check-options.js'
import type {
  ChildTableMapping,
  ColumnMapping,
  JsonMapping,
  ReferenceMapping,
  RowConditions,
  TableMapping,
} from './mapping.js'

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

const ROWS = { where: FUNCTION, fixed: recordOf(SCALAR), until: TEXT } satisfies Checks<keyof RowConditions>

const CHILD: Checks<keyof ChildTableMapping> = {
  table: required(TEXT),
  on: required(recordOf(TEXT)),
  attributes: required(recordOf(required(placeOf('a column', { column: COLUMN, json: JSON_COLUMN })))),
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
    recordOf(
      required(placeOf('a column', { column: COLUMN, json: JSON_COLUMN, references: REFERENCE, attributes: CHILD })),
    ),
  ),
}
