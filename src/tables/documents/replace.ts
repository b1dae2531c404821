import type { AttributeChange, Draft, Stored, WriteResult } from '../../adapter/contract.js'
import { protectUnreadable } from '../shared/protect-unreadable.js'
import { withChanges } from '../shared/reference-change.js'
import { documentAttributes, documentOf } from './document.js'
import { readRow } from './read.js'
import { writeReferences } from './references.js'
import { updateRow } from './row-statements.js'
import { listsOf, viewRow } from './select.js'
import type { DocumentTarget } from './store.js'
import { answeredLists, isStale, listDeltas, OVERTAKEN, type WriteOptions, writeRow } from './write.js'

/** Replaces the stored resource by a draft. */
export function replaceResource(
  target: DocumentTarget,
  id: string,
  draft: Draft,
  options: WriteOptions,
): Promise<Stored | WriteResult | 'stale' | undefined> {
  const { store, type } = target
  const attributes = documentAttributes(type, draft)
  const lists = answeredLists(type, options)
  const isNamed = (name: string): boolean => name === type.memberOf?.name && target.call.select.names?.(name) === true
  const named = listsOf(type, isNamed)
  return writeRow<Stored | WriteResult | 'stale' | undefined>(target, options, async (connection, locked) => {
    const current = await readRow(connection, target, id, named, locked)
    if (!current) return undefined
    if (isStale(current, options)) return 'stale'
    // If the answer could not be written, nothing may be stored.
    viewRow(target, named, current)
    const data = await protectUnreadable(attributes, current.data, type.unreadable, store.protect, true)
    const changes: [string, AttributeChange][] = []
    for (const [attribute, delta] of listDeltas(type, draft)) {
      changes.push([attribute.path, await writeReferences(connection, target, id, attribute, delta, 'overwrite')])
    }
    const row = await updateRow(connection, target, id, current, documentOf(type, data), lists, locked)
    return row ? withChanges(target.call, viewRow(target, lists, row), changes) : OVERTAKEN
  })
}
