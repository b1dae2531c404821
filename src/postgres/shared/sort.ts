import type { Sort } from '../../adapter/contract.js'
import type { Attribute } from '../../schema/attribute.js'
import { raw, type SqlFragment, sql } from '../../sql/fragment.js'
import { jsonDialect, jsonOperand } from '../../sql/json-place.js'
import type { Operand } from '../../sql/operand.js'
import type { AttributePlace } from '../../sql/place.js'
import { postgresql } from '../../sql/postgresql.js'

/** What resources are sorted by, NULL for those without a value. */
export interface SortColumn {
  readonly sql: SqlFragment
  /** The same as it is selected, for positions. */
  readonly selected: SqlFragment
  readonly type: Operand['type']
  /** A position as a driver takes it. */
  readonly bind: (key: string | number | boolean) => SqlFragment
  /** What the driver gives for the column, as JSON. */
  readonly toJson: (value: unknown) => string | boolean | null
  readonly descending: boolean
}

/**
 * The order of a list in SQL; undefined when SQL cannot tell.
 *
 * @param documentPaths Attributes whose keys are in the document `r.keys`.
 */
export function sortColumn(
  place: AttributePlace,
  { attribute, order }: Sort,
  documentPaths: ReadonlySet<string>,
): SortColumn | undefined {
  const operand = operandOf(documentPaths, place, attribute)
  if (!operand) return undefined
  const isText = operand.type === 'text' || operand.type === 'instantText' || operand.type === 'exact'
  // Ids of other types are texts to a client, and "10" comes before "9".
  const text = operand.type === 'exact' ? postgresql.text(operand.sql) : operand.sql
  const column = isText ? postgresql.byCodePoint(sql`(${text})`) : operand.sql
  return {
    sql: column,
    // A timestamp is finer than the Date object that a driver makes of it, and so may be a number: a walk would stand still
    // at such a position. What a driver makes of a boolean is for the host to say.
    selected: isText ? column : postgresql.text(column),
    type: operand.type,
    bind: (key) => {
      // It is read as the column has it, of which there are several kinds: 0.1 is another number as real than as numeric.
      if (operand.type === 'number') return sql`${String(key)}`
      return sql`${isText ? key : String(key)}::${raw(TYPES[operand.type])}`
    },
    toJson: (value) => {
      if (value === null || value === undefined) return null
      return operand.type === 'boolean' ? value === 'true' : String(value)
    },
    descending: order === 'descending',
  }
}

const TYPES: Readonly<Record<Exclude<Operand['type'], 'number'>, string>> = {
  text: 'text',
  instantText: 'text',
  exact: 'text',
  boolean: 'boolean',
  instant: 'timestamptz',
}

function operandOf(
  documentPaths: ReadonlySet<string>,
  place: AttributePlace,
  attribute: Attribute,
): Operand | undefined {
  const path = [attribute.extension, attribute.parent, attribute].filter((each) => each !== undefined)
  const several = path.findIndex(({ multiValued }) => multiValued)
  if (several >= 0) return preferredOperand(documentPaths, path, several)
  let at: AttributePlace | undefined = place
  for (const each of path) {
    if (each === attribute) return at?.value(attribute)
    at = at?.object(each)?.place
  }
  return undefined
}

/**
 * RFC 7644 section 3.4.2.3: "If it's a multi-valued attribute, resources are sorted by the value of the primary attribute
 * (see Section 2.4 of [RFC7643]), if any, or else the first value in the list, if any."
 */
function preferredOperand(
  documentPaths: ReadonlySet<string>,
  path: readonly Attribute[],
  several: number,
): Operand | undefined {
  const attribute = path.at(-1)
  const list = path[several]
  if (!attribute || !list || !documentPaths.has(attribute.path) || path.length - several > 2) return undefined
  const inner = list === attribute ? [] : [attribute.name]
  const element = raw('e.element')
  const operand = jsonOperand(postgresql, element, 'keys', attribute, inner)
  if (!operand) return undefined
  const array = jsonDialect(postgresql, 'keys').value(raw('r.keys'), list.keys)
  const order = list.subAttribute('primary')
    ? raw(`(e.element -> 'primary') IS NOT DISTINCT FROM 'true'::jsonb DESC, `)
    : raw('')
  return {
    sql: sql`(SELECT ${operand.sql} FROM jsonb_array_elements(${array}) WITH ORDINALITY AS e(element, n) ORDER BY ${order}e.n LIMIT 1)`,
    type: operand.type,
  }
}
