import type { Attribute } from '../schema/model/attribute.js'
import type { Dialect } from './dialect.js'
import { identifier, join, raw, render, type SqlFragment, sql } from './fragment.js'
import { type DocumentForm, jsonList, jsonPlace } from './json-place.js'
import type {
  ChildTableMapping,
  ColumnMapping,
  JsonMapping,
  ReferenceMapping,
  RowCondition,
  RowConditions,
} from './mapping.js'
import type { Operand } from './operand.js'
import type { AttributePlace, ListPlace, ObjectPlace } from './place.js'
import { mappingOf, type ReadMapping, restOfValues } from './read-mapping.js'

/** The attributes of a resource in the columns and tables that a mapping names. */
export function tablePlace(dialect: Dialect, mapping: ReadMapping, alias: string): AttributePlace {
  const restPlace = mapping.rest && jsonPlace(dialect, ...documentOf(alias, mapping.rest))
  const place: AttributePlace = {
    value: (attribute) => {
      const entry = mappingOf(mapping, attribute)
      if (!entry) return restValue(attribute)
      return 'column' in entry ? columnOperand(dialect, alias, entry, attribute) : undefined
    },
    object: (attribute) => {
      const entry = mappingOf(mapping, attribute)
      if (!entry) return isSplit(attribute) ? columnsObject(attribute) : restObject(attribute)
      if (!('json' in entry)) return undefined
      const [document, form] = documentOf(alias, entry)
      return {
        place: jsonPlace(dialect, document, form),
        present: () => sql`${dialect.json.value(document, [])} IS NOT NULL`,
      }
    },
    list: (attribute, listAlias) => {
      const entry = mappingOf(mapping, attribute)
      if (!entry) return isSplit(attribute) ? undefined : restList(attribute, listAlias)
      if ('references' in entry) return referenceTable(dialect, alias, entry, listAlias)
      if ('table' in entry) return childTable(dialect, alias, entry, listAlias)
      return 'json' in entry ? jsonList(dialect, ...documentOf(alias, entry), [], listAlias) : undefined
    },
  }

  /** The place in the column of `'*'` that an attribute is looked up in. */
  function restOf({ parent, extension }: Attribute): AttributePlace | undefined {
    const holder = parent ?? extension
    return holder ? restOf(holder)?.object(holder)?.place : restPlace
  }

  function restValue(attribute: Attribute): Operand | undefined {
    return restOf(attribute)?.value(attribute)
  }

  function restObject(attribute: Attribute): ObjectPlace | undefined {
    return restOf(attribute)?.object(attribute)
  }

  function restList(attribute: Attribute, listAlias: string): ListPlace | undefined {
    return restOf(attribute)?.list(attribute, listAlias)
  }

  /** Whether some sub-attribute has a column of its own. */
  function isSplit(attribute: Attribute): boolean {
    return attribute.subAttributes.some((sub) => mappingOf(mapping, sub) !== undefined || isSplit(sub))
  }

  function columnsObject(attribute: Attribute): ObjectPlace {
    return { place, present: () => anyPresent(attribute.subAttributes.filter(isKept)) }
  }

  /** An object whose parts lie in columns is there when one of them has a value. */
  function anyPresent(parts: readonly Attribute[]): SqlFragment | undefined {
    const conditions: SqlFragment[] = []
    for (const part of parts) {
      const condition = part.multiValued
        ? undefined
        : part.type === 'complex'
          ? place.object(part)?.present()
          : notNull(part)
      if (!condition) return undefined
      conditions.push(condition)
    }
    return sql`(${join(conditions, ' OR ')})`
  }

  function isKept(attribute: Attribute): boolean {
    return restPlace !== undefined || mappingOf(mapping, attribute) !== undefined || isSplit(attribute)
  }

  function notNull(attribute: Attribute): SqlFragment | undefined {
    const operand = place.value(attribute)
    return operand && sql`${operand.sql} IS NOT NULL`
  }

  return place
}

/** The comparison key of a column; undefined if only a program can compute it. */
export function columnOperand(
  dialect: Dialect,
  alias: string,
  mapping: ColumnMapping,
  attribute: Attribute,
): Operand | undefined {
  const { column, expression, read, type, folded } = mapping
  const plain = columnOf(alias, column)
  const own = expression ? raw(`(${expression(render(plain, dialect.parameter, 1, dialect.identifier).text)})`) : plain
  if (read && !expression) return undefined
  if (type) return { sql: own, type: 'exact', parse: type === 'uuid' ? parseUuid(dialect) : parseInteger(dialect) }
  switch (attribute.type) {
    case 'boolean':
      return { sql: own, type: 'boolean' }
    case 'integer':
    case 'decimal':
      return { sql: own, type: 'number' }
    case 'dateTime':
      return { sql: own, type: 'instant' }
    case 'binary':
    case 'complex':
      return undefined
    default:
      if (attribute.caseExact || (folded === true && !dialect.exact))
        return { sql: own, type: 'text', asSent: true, column: own }
      // A column may hold capitals where it is its collation that knows none.
      if (folded === true) return { sql: dialect.fold(own), type: 'text', folded: true, column: own }
      if (folded !== undefined) return { sql: columnOf(alias, folded), type: 'text', column: columnOf(alias, folded) }
      return { sql: dialect.fold(own), type: 'text', folded: true }
  }
}

/** A column of the table with that alias. */
export function columnOf(alias: string, column: string): SqlFragment {
  return sql`${identifier(alias)}.${identifier(column)}`
}

/** A JSON column as a document, and the kind of its simple values. */
function documentOf(alias: string, { json, keys }: JsonMapping): readonly [SqlFragment, DocumentForm] {
  return keys === undefined ? [columnOf(alias, json), 'values'] : [columnOf(alias, keys), 'keys']
}

function childTable(dialect: Dialect, alias: string, mapping: ChildTableMapping, listAlias: string): ListPlace {
  const columns = new Map(Object.entries(mapping.attributes).map(([name, entry]) => [name.toLowerCase(), entry]))
  const rest = restOfValues(mapping)
  const restPlace = rest && jsonPlace(dialect, ...documentOf(listAlias, rest))
  const value = (attribute: Attribute): Operand | undefined => {
    const simple = attribute.multiValued && attribute.type !== 'complex'
    const entry = columns.get(simple ? 'value' : attribute.name.toLowerCase())
    if (entry === undefined) return simple ? undefined : restPlace?.value(attribute)
    if (typeof entry === 'object' && 'json' in entry) return undefined
    return columnOperand(dialect, listAlias, typeof entry === 'string' ? { column: entry } : entry, attribute)
  }
  return listTable(dialect, alias, mapping, listAlias, value)
}

function referenceTable(dialect: Dialect, alias: string, mapping: ReferenceMapping, listAlias: string): ListPlace {
  const columns = Object.entries(mapping.references).map(
    ([type, entry]) => [type, typeof entry === 'string' ? { column: entry } : entry] as const,
  )
  const value = (attribute: Attribute): Operand | undefined => {
    if (attribute.name === 'type') return typeOperand(attribute)
    if (attribute.name !== 'value') return undefined
    const [first, ...others] = columns
    if (first && others.length === 0) return columnOperand(dialect, listAlias, first[1], attribute)
    const texts = columns.map(([, { column }]) => dialect.text(columnOf(listAlias, column)))
    const either = sql`coalesce(${join(texts, ', ')})`
    if (attribute.caseExact) return { sql: either, type: 'text', asSent: true }
    return { sql: dialect.fold(either), type: 'text', folded: true }
  }
  const typeOperand = (attribute: Attribute): Operand => {
    const cases = columns.map(([type, { column }]) => {
      const name = dialect.literal(attribute.caseExact ? type : type.toLowerCase())
      return sql`WHEN ${columnOf(listAlias, column)} IS NOT NULL THEN ${name}`
    })
    return { sql: sql`(CASE ${join(cases, ' ')} END)`, type: 'text' }
  }
  return listTable(dialect, alias, mapping, listAlias, value, true)
}

/** The conditions that a row of a table of values or memberships counts. */
export function rowConditions(
  dialect: Dialect,
  { fixed = {}, until, where }: RowConditions,
  alias: string,
): readonly SqlFragment[] {
  const conditions = Object.entries(fixed).map(
    ([column, value]) =>
      sql`${columnOf(alias, column)} = ${typeof value === 'boolean' ? dialect.boolean(value) : value}`,
  )
  if (where) conditions.push(rowCondition(dialect, where, alias))
  if (until === undefined) return conditions
  const end = columnOf(alias, until)
  return [...conditions, sql`(${end} IS NULL OR ${dialect.timestamp(end)} > ${dialect.instant(new Date())})`]
}

/** A condition of the application on the rows of the table with that alias. */
export function rowCondition(dialect: Dialect, where: RowCondition, alias: string): SqlFragment {
  const quoted = (column: string): string =>
    render(columnOf(alias, column), dialect.parameter, 1, dialect.identifier).text
  return raw(`(${where(quoted)})`)
}

function listTable(
  dialect: Dialect,
  alias: string,
  mapping: ChildTableMapping | ReferenceMapping,
  listAlias: string,
  value: AttributePlace['value'],
  filled = false,
): ListPlace {
  const links = Object.entries(mapping.on).map(
    ([own, other]) => sql`${columnOf(listAlias, own)} = ${columnOf(alias, other)}`,
  )
  return {
    from: sql`${identifier(mapping.table)} AS ${identifier(listAlias)}`,
    where: join([...links, ...rowConditions(dialect, mapping, listAlias)], ' AND '),
    element: { value, object: () => undefined, list: () => undefined, filled },
  }
}

function parseUuid(dialect: Dialect): (text: string) => SqlFragment | undefined {
  return (text) => (/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(text) ? dialect.uuid(text) : undefined)
}

function parseInteger(dialect: Dialect): (text: string) => SqlFragment | undefined {
  return (text) => (/^(?:0|-?[1-9]\d{0,17})$/.test(text) ? dialect.integer(text) : undefined)
}
