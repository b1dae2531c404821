import { CompiledStatements, parameter } from '../../database/compiled-statement.js'
import type { Attribute } from '../../schema/model/attribute.js'
import type { JsonObject } from '../../schema/model/resource.js'
import { join, NOTHING, raw, type SqlFragment, sql } from '../../sql/fragment.js'
import { type Lists, listsKey, rowColumns } from '../../tables/documents/select.js'
import type { DocumentTarget } from '../../tables/documents/store.js'
import type { KeyColumn, StoredType } from '../../tables/documents/stored-type.js'

/** Values that a document, its keys and the columns beside it get. */
export interface DocumentUpdate {
  readonly set: JsonObject
  readonly unset: readonly string[]
  /** Parts of complex attributes: the name, the parts, and their keys. */
  readonly within: readonly (readonly [name: string, parts: JsonObject, keys: JsonObject])[]
  readonly keys: JsonObject
  readonly unkeyed: readonly string[]
  readonly lists: readonly (readonly [name: string, values: readonly ChosenValues[]])[]
  readonly columns: readonly (readonly [name: KeyColumn, key: string | null])[]
}

/** Parts for those values of a list that have a text in a sub-attribute. */
export interface ChosenValues {
  readonly compared: string
  /** Whether letter case does not count. */
  readonly folds: boolean
  readonly text: string
  readonly key: string
  readonly set: JsonObject
  readonly keys: JsonObject
}

/** All that the text of the statement depends on, and no value of a request. */
interface Shape {
  readonly within: number
  /** For each list and each choice in it, whether letter case does not count. */
  readonly lists: readonly (readonly boolean[])[]
  readonly columns: readonly KeyColumn[]
  readonly isShown: boolean
  readonly isBound: boolean
}

/** The shape of the statement that writes the values. */
export function shapeOf({ within, lists, columns }: DocumentUpdate, isShown: boolean, isBound: boolean): Shape {
  return {
    within: within.length,
    lists: lists.map(([, values]) => values.map(({ folds }) => folds)),
    columns: columns.map(([name]) => name),
    isShown,
    isBound,
  }
}

/** The values of the parameters of the statement. */
export function assignedValues({
  set,
  unset,
  within,
  keys,
  unkeyed,
  lists,
  columns,
}: DocumentUpdate): Readonly<Record<string, unknown>> {
  const values: Record<string, unknown> = { set: JSON.stringify(set), unset, keys: JSON.stringify(keys), unkeyed }
  for (const [index, [name, parts, keysOfParts]] of within.entries()) {
    values[`within${index}`] = name
    values[`parts${index}`] = JSON.stringify(parts)
    values[`partKeys${index}`] = JSON.stringify(keysOfParts)
  }
  for (const [index, [name, chosen]] of lists.entries()) {
    values[`list${index}`] = name
    for (const [position, choice] of chosen.entries()) {
      const at = `${index}_${position}`
      values[`compared${at}`] = choice.compared
      values[`text${at}`] = choice.text
      values[`key${at}`] = choice.key
      values[`set${at}`] = JSON.stringify(choice.set)
      values[`keys${at}`] = JSON.stringify(choice.keys)
    }
  }
  for (const [name, key] of columns) values[name] = key
  return values
}

const updates = new CompiledStatements<StoredType>()

/** The statement for values of a shape; its text is made once. */
export function updateOf(target: DocumentTarget, lists: Lists, shape: Shape) {
  const key = `${JSON.stringify(shape)}${listsKey(target, lists)}`
  return updates.of(target.type, key, () => write(target, lists, shape))
}

function write(target: DocumentTarget, lists: Lists, shape: Shape): SqlFragment {
  const { store, type } = target
  const { time } = store.database.store
  const own = sql`r.tenant = ${parameter('tenant')} AND r.type = ${type.name} AND r.id = ${parameter('id')}`
  const resources = raw(`${store.prefix}resource AS r`)
  const fits = shape.isBound ? sql` AND b.version = ANY(${parameter('ifMatch')}::text[])` : NOTHING
  const columns = shape.columns.map((name) => sql`, ${raw(name)} = ${parameter(name)}`)
  const display = shape.isShown ? sql`, display = coalesce(${join(type.display.map(textOf), ', ')})` : NOTHING
  const chosen = shape.lists.map((choices, index) => chosenSql(choices, index))
  const chosenIn = (column: 'data' | 'keys'): SqlFragment =>
    join(
      shape.lists.map(
        (_, index) => sql` || jsonb_build_object(${text(`list${index}`)}, ${raw(`l${index}.${column}`)})`,
      ),
      '',
    )
  const decides = shape.lists.map((_, index) => raw(`l${index}.fits IS TRUE`))
  const names = { set: 'set', parts: 'parts', unset: 'unset' }
  const keyNames = { set: 'keys', parts: 'partKeys', unset: 'unkeyed' }
  return sql`WITH b AS (
  SELECT r.tenant, r.type, r.id, r.version, r.created, r.last_modified, r.data, ${assignedSql(raw('r.data'), shape, names)}${chosenIn('data')} AS next,
    ${chosen.length > 0 ? sql`'{}'::jsonb${chosenIn('keys')}` : raw('NULL::jsonb')} AS chosen_keys, ${chosen.length > 0 ? join(decides, ' AND ') : raw('TRUE')} AS decides
  FROM ${resources}${join(chosen, '')} WHERE ${own}
), w AS (
  UPDATE ${resources} SET version = ${parameter('version')}, last_modified = ${time.later(sql`${parameter('time')}`, raw('r.last_modified'))}, data = b.next,
    keys = ${assignedSql(raw('r.keys'), shape, keyNames)}${raw(chosen.length > 0 ? ' || b.chosen_keys' : '')}${join(columns, '')}${display}
  FROM b WHERE ${own} AND r.version = b.version AND b.decides AND b.next IS DISTINCT FROM b.data${fits}
  RETURNING r.version, r.last_modified, r.data::text AS data
)
SELECT ${rowColumns(target, lists)}, r.decides::text AS decides, (r.next IS DISTINCT FROM r.data)::text AS differs,
  w.version AS next_version, ${time.select(raw('w.last_modified'))} AS next_modified, w.data AS next_data
FROM b AS r LEFT JOIN w ON TRUE`
}

/** The text at a path of the written document, unless it is empty. */
function textOf({ keys }: Attribute): SqlFragment {
  return sql`nullif(b.next #>> ${keys}::text[], '')`
}

const text = (name: string): SqlFragment => sql`${parameter(name)}::text`
const jsonb = (name: string): SqlFragment => sql`${parameter(name)}::text::jsonb`

function assignedSql(
  document: SqlFragment,
  { within }: Shape,
  names: { readonly set: string; readonly parts: string; readonly unset: string },
): SqlFragment {
  const parts = Array.from(
    { length: within },
    (_, index) =>
      sql` || jsonb_build_object(${text(`within${index}`)}, coalesce(${document} -> ${text(`within${index}`)}, '{}') || ${jsonb(`${names.parts}${index}`)})`,
  )
  return sql`((${document} || ${jsonb(names.set)}${join(parts, '')}) - ${parameter(names.unset)}::text[])`
}

/**
 * A list and its keys as they are after the choices. It fits only if each choice has found one value, because several
 * that get the same parts may become equal, of which the engine keeps one (decision A-56), and if texts and keys find
 * the same: lower case of PostgreSQL's "C" collation is that of ASCII alone, so other letters that are prepared to
 * ASCII, and keys that a process of another declaration has written, are left to the engine.
 */
function chosenSql(choices: readonly boolean[], list: number): SqlFragment {
  const elements = (column: 'data' | 'keys'): SqlFragment => {
    const values = sql`${raw(`r.${column}`)} -> ${text(`list${list}`)}`
    return sql`jsonb_array_elements(CASE WHEN jsonb_typeof(${values}) = 'array' THEN ${values} ELSE '[]' END)`
  }
  const each = choices.map((folds, position) => {
    const at = `${list}_${position}`
    const stored = sql`(x.d ->> ${text(`compared${at}`)}) COLLATE "C"`
    const byText = sql`(${folds ? sql`lower(${stored})` : stored} IS NOT DISTINCT FROM ${text(`text${at}`)})`
    const byKey = sql`((x.k ->> ${text(`compared${at}`)}) IS NOT DISTINCT FROM ${text(`key${at}`)})`
    return {
      data: sql` || CASE WHEN ${byText} THEN ${jsonb(`set${at}`)} ELSE '{}' END`,
      keys: sql` || CASE WHEN ${byKey} THEN ${jsonb(`keys${at}`)} ELSE '{}' END`,
      found: sql` AND count(*) FILTER (WHERE ${byText}) = 1`,
      isAlike: sql` AND ${byText} = ${byKey}`,
    }
  })
  const all = (part: 'data' | 'keys' | 'found' | 'isAlike'): SqlFragment =>
    join(
      each.map((choice) => choice[part]),
      '',
    )
  return sql`,
    LATERAL (SELECT jsonb_agg(x.d${all('data')} ORDER BY x.n) AS data, jsonb_agg(x.k${all('keys')} ORDER BY x.n) AS keys,
      bool_and(jsonb_typeof(x.d) = 'object' AND jsonb_typeof(x.k) = 'object'${all('isAlike')})${all('found')} AS fits
    FROM ROWS FROM (${elements('data')}, ${elements('keys')}) WITH ORDINALITY AS x(d, k, n)) AS ${raw(`l${list}`)}`
}
