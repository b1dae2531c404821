import type { Draft, Stored } from '../../adapter/contract.js'
import { protectUnreadable } from '../shared/unreadable.js'
import { documentAttributes, documentOf } from './document.js'
import { readRow } from './read.js'
import { writeReferences } from './references.js'
import { updateRow } from './row-statements.js'
import { listsOf, viewRow } from './select.js'
import type { Target } from './store.js'
import { answeredLists, isStale, listDeltas, OVERTAKEN, type WriteOptions, writeRow } from './write.js'

/** Puts a draft in the place of what is stored. */
export function replaceResource(
  target: Target,
  id: string,
  draft: Draft,
  options: WriteOptions,
): Promise<Stored | 'stale' | undefined> {
  const { store, type } = target
  const attributes = documentAttributes(type, draft)
  const lists = answeredLists(type, options)
  const isNamed = (name: string): boolean => name === type.memberOf?.name && target.call.select.names?.(name) === true
  const named = listsOf(type, isNamed)
  return writeRow<Stored | 'stale' | undefined>(target, options, async (connection, locked) => {
    const current = await readRow(connection, target, id, named, locked)
    if (!current) return undefined
    if (isStale(current, options)) return 'stale'
    // What cannot be answered is not written.
    viewRow(target, named, current)
    const data = await protectUnreadable(attributes, current.data, type.unreadable, store.protect, true)
    for (const [attribute, delta] of listDeltas(type, draft)) {
      await writeReferences(connection, target, id, attribute, delta, 'overwrite')
    }
    const row = await updateRow(connection, target, id, current, documentOf(type, data), lists, locked)
    return row ? viewRow(target, lists, row) : OVERTAKEN
  })
}
