import type { Sort } from '../../adapter/contract.js'
import type { SortType, TableDialect } from '../../database/store-dialect.js'
import type { Attribute } from '../../schema/model/attribute.js'
import { raw, type SqlFragment, sql } from '../../sql/fragment.js'
import { jsonOperand } from '../../sql/json-place.js'
import type { Operand } from '../../sql/operand.js'
import type { AttributePlace } from '../../sql/place.js'

/** The value that resources are sorted by; NULL for resources without a value. */
export interface SortColumn {
  readonly sql: SqlFragment
  /** The value in the form in which it is selected, for positions. */
  readonly selected: SqlFragment
  readonly type: Operand['type']
  /** A position as a driver takes it. */
  readonly bind: (key: string | boolean) => SqlFragment
  /** The driver's value of the column, as JSON. */
  readonly toJson: (value: unknown) => string | boolean | null
  readonly descending: boolean
  /** The ORDER BY clause. */
  readonly order: (isRising: boolean) => SqlFragment
}

/**
 * The order of a list in SQL; undefined if SQL cannot express it.
 *
 * @param documentPaths Attributes whose keys are in the document `r.keys`.
 */
export function sortColumn(
  store: TableDialect,
  place: AttributePlace,
  { attribute, order }: Sort,
  documentPaths: ReadonlySet<string>,
): SortColumn | undefined {
  const operand = operandOf(store, documentPaths, place, attribute)
  if (!operand) return undefined
  const { dialect } = store
  const type = SORT_TYPES[operand.type]
  // Ids of other types are texts to a client, and "10" comes before "9".
  const text = operand.type === 'exact' ? dialect.text(operand.sql) : operand.sql
  const plain = type === 'instant' ? dialect.timestamp(operand.sql) : operand.sql
  const column = type === 'text' ? dialect.byCodePoint(sql`(${text})`) : plain
  return {
    sql: column,
    selected: store.sort.select(column, type),
    type: operand.type,
    bind: (key) => store.sort.bind(key, type),
    toJson: (value) => {
      if (value === null || value === undefined) return null
      return type === 'boolean' ? value === 'true' : String(value)
    },
    descending: order === 'descending',
    order: (isRising) => store.sort.order(column, isRising),
  }
}

const SORT_TYPES: Readonly<Record<Operand['type'], SortType>> = {
  text: 'text',
  instantText: 'text',
  exact: 'text',
  number: 'number',
  boolean: 'boolean',
  instant: 'instant',
}

function operandOf(
  store: TableDialect,
  documentPaths: ReadonlySet<string>,
  place: AttributePlace,
  attribute: Attribute,
): Operand | undefined {
  const path = [attribute.extension, attribute.parent, attribute].filter((each) => each !== undefined)
  const several = path.findIndex(({ multiValued }) => multiValued)
  if (several >= 0) return preferredOperand(store, documentPaths, path, several)
  let at: AttributePlace | undefined = place
  for (const each of path) {
    if (each === attribute) return at?.value(attribute)
    at = at?.object(each)?.place
  }
  return undefined
}

/**
 * RFC 7644 section 3.4.2.3: "If it's a multi-valued attribute, resources are sorted by the value of the primary
 * attribute (see Section 2.4 of [RFC7643]), if any, or else the first value in the list, if any."
 */
function preferredOperand(
  store: TableDialect,
  documentPaths: ReadonlySet<string>,
  path: readonly Attribute[],
  several: number,
): Operand | undefined {
  const attribute = path.at(-1)
  const list = path[several]
  const { preferred } = store.json
  if (!preferred || !attribute || !list || !documentPaths.has(attribute.path) || path.length - several > 2)
    return undefined
  const inner = list === attribute ? [] : [attribute.name]
  const type = jsonOperand(store.dialect, raw('NULL'), 'keys', attribute, inner)?.type
  if (type === undefined) return undefined
  const array = { document: raw('r.keys'), path: list.keys, hasPrimary: list.subAttribute('primary') !== undefined }
  const value = ({ document, simple }: { readonly document: SqlFragment; readonly simple: SqlFragment }): SqlFragment =>
    jsonOperand(store.dialect, list === attribute ? simple : document, 'keys', attribute, inner)?.sql ?? raw('NULL')
  return { sql: preferred(array, value), type }
}
