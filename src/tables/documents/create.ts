import type { AttributeChange, Draft, Stored, WriteResult } from '../../adapter/contract.js'
import { protectUnreadable } from '../shared/protect-unreadable.js'
import { withChanges } from '../shared/reference-change.js'
import { type Document, documentAttributes, documentOf } from './document.js'
import { newId, newVersion } from './identifier.js'
import { readRow } from './read.js'
import { writeReferences } from './references.js'
import { insertRow, writeLookups } from './row-statements.js'
import { NO_LISTS, viewRow } from './select.js'
import type { DocumentTarget } from './store.js'
import { answeredLists, listDeltas, type WriteOptions, write } from './write.js'

/** Stores a new resource. */
export async function createResource(
  target: DocumentTarget,
  draft: Draft,
  options: WriteOptions,
): Promise<Stored | WriteResult> {
  const { store, type } = target
  const attributes = documentAttributes(type, draft)
  const document = documentOf(
    type,
    await protectUnreadable(attributes, undefined, type.unreadable, store.protect, false),
  )
  const deltas = listDeltas(type, draft).filter(([, { add }]) => add.length > 0)
  const now = new Date()
  const id = newId(now.getTime())
  // A new resource is in no group yet.
  const isNeeded = (name: string): boolean => name !== type.memberOf?.name && options.isNeeded(name)
  const lists = answeredLists(type, { ...options, isNeeded })
  return write(target, options, deltas.length > 0 || hasLookups(document), async (connection) => {
    const version = newVersion()
    await insertRow(connection, target, id, version, now, document)
    await writeLookups(connection, target, id, undefined, document)
    const changes: [string, AttributeChange][] = []
    for (const [attribute, delta] of deltas)
      changes.push([attribute.path, await writeReferences(connection, target, id, attribute, delta, 'overwrite')])
    if (deltas.length > 0 && lists.attributes.length > 0) {
      const row = await readRow(connection, target, id, lists, false)
      if (row) return withChanges(target.call, viewRow(target, lists, row), changes)
    }
    const row = { id, version, created: now, last_modified: now, data: document.data }
    return withChanges(target.call, viewRow(target, NO_LISTS, row), changes)
  })
}

function hasLookups({ lookups }: Document): boolean {
  return lookups.some(({ keys }) => keys.size > 0)
}
