import { isInList } from '../../schema/model/attribute.js'
import type { JsonObject } from '../../schema/model/resource.js'
import { ChangedRow } from '../../tables/documents/before.js'
import type { PatchedOnce } from '../../tables/documents/combined-writes.js'
import { newVersion } from '../../tables/documents/identifier.js'
import { type DocumentRow, type DocumentRowText, readRowText } from '../../tables/documents/row.js'
import { KEYS } from '../../tables/documents/row-statements.js'
import type { Lists } from '../../tables/documents/select.js'
import type { DocumentTarget } from '../../tables/documents/store.js'
import type { StoredType } from '../../tables/documents/stored-type.js'
import { withHolders } from '../../tables/documents/with-holders.js'
import { isStale, OVERTAKEN, type WriteOptions, writeOnce } from '../../tables/documents/write.js'
import type { Assignments } from './assignments.js'
import { keysOfParts } from './chosen-values.js'
import { assignedValues, type ChosenValues, type DocumentUpdate, shapeOf, updateOf } from './set-statement.js'

interface SetRow extends DocumentRowText {
  /** Whether the statement can say the result, as `'true'`. */
  readonly decides: string
  /** Whether anything is different then, as `'true'`. */
  readonly differs: string
  readonly next_version: string | null
  readonly next_modified: string | null
  readonly next_data: string | null
}

/**
 * Gives attributes other values. The result of the statement is bound to the version that it has seen: a faster writer
 * leaves nothing to update, and the patch is done under a lock.
 */
export async function setAttributes(
  target: DocumentTarget,
  id: string,
  assignments: Assignments,
  lists: Lists,
  options: WriteOptions,
): Promise<PatchedOnce> {
  const { store, type, tenant } = target
  const isShown = type.display.some(({ path }) => assignments.paths.has(path))
  if (isShown && type.display.some(isInList)) return OVERTAKEN
  const assigned = assignedOf(type, assignments)
  const { ifMatch } = options
  const statement = updateOf(target, lists, shapeOf(assigned, isShown, ifMatch !== undefined))
  const given = {
    ...assignedValues(assigned),
    tenant,
    id,
    version: newVersion(),
    time: new Date().toISOString(),
    ifMatch,
  }
  return writeOnce<PatchedOnce>(target, options, async (connection) => {
    const row: SetRow | undefined = (await statement.run(connection, given)).rows[0]
    if (!row) return undefined
    const { decides, differs, next_version, next_modified, next_data, ...text } = row
    if (isStale(row, options)) return 'stale'
    if (decides !== 'true') return OVERTAKEN
    const whole = await withHolders(connection, target, lists, text)
    const read = (text: DocumentRowText): DocumentRow => readRowText(store.database.store, text)
    if (differs !== 'true') return { before: read(whole), after: undefined, changes: [] }
    if (next_version === null || next_modified === null || next_data === null) return OVERTAKEN
    // Lists that are made of other resources are as they were.
    const after = read({ ...whole, version: next_version, last_modified: next_modified, data: next_data })
    return new ChangedRow(after, () => read(whole))
  })
}

/** The values to write into the document, its keys, and the columns. */
function assignedOf(type: StoredType, { set, unset, within, chosen, paths }: Assignments): DocumentUpdate {
  const written = { ...set, ...within }
  const keys = type.keysOf(written)
  const isKeyed = (name: string): boolean => Object.hasOwn(keys, name)
  const keysSet = Object.fromEntries(
    Object.keys(set)
      .filter(isKeyed)
      .map((name) => [name, keys[name]]),
  )
  const columns = KEYS.flatMap((name) => {
    const column = type.columns[name]
    if (!column || !paths.has(column.attribute.path)) return []
    const value = column.attribute.keys.reduce<unknown>(
      (holder, key) => (holder as JsonObject | undefined)?.[key],
      written,
    )
    const key = value === undefined ? undefined : column.toKey(value)
    return [[name, key === undefined ? null : String(key)] as const]
  })
  const lists = new Map<string, ChosenValues[]>()
  for (const { choice, parts } of chosen) {
    const { attribute, compared, text, key } = choice
    const values = lists.get(attribute.name) ?? []
    const keysOf = keysOfParts(type, attribute, parts)
    values.push({ compared: compared.name, folds: !compared.caseExact, text, key, set: parts, keys: keysOf })
    lists.set(attribute.name, values)
  }
  return {
    set,
    unset,
    within: Object.entries(within).map(([name, parts]) => [name, parts, (keys[name] ?? {}) as JsonObject]),
    keys: keysSet,
    unkeyed: [...Object.keys(set).filter((name) => !isKeyed(name)), ...unset],
    lists: [...lists],
    columns,
  }
}
