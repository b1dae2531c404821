import { isDeepStrictEqual } from 'node:util'
import type { Changes } from '../../adapter/contract.js'
import { ASSIGNED } from '../../schema/assigned.js'
import { isUnreadable } from '../../schema/unreadable.js'
import type { ResourceType } from '../setup/resource-type.js'
import type { ResourceChange } from './events.js'

/**
 * The names of the top-level attributes that a change concerns: the written attributes, and if the resource before is
 * known, only those with another value now. An attribute that no client can read counts as changed each time it is
 * written. Lists of references, which may be long, are not compared once more.
 *
 * @param changes The values that came and went; undefined if nobody knows.
 */
export function changedAttributes(
  { schema, references }: ResourceType,
  { attributes = [], before, resource }: ResourceChange,
  changes: Changes | undefined,
): readonly string[] {
  const written = [...attributes]
  if (before === undefined || resource === undefined) return written
  const unread = new Set(schema.root.subAttributes.filter(isUnreadable).map(({ name }) => name))
  const lists = new Set(
    references.filter(({ multiValued, keys }) => multiValued && keys.length === 1).map(({ path }) => path),
  )
  const was = new Map(Object.entries(before))
  const is = new Map(Object.entries(resource))
  const all = new Set([...written, ...was.keys(), ...is.keys()])
  return [...all].filter((name) => {
    if (ASSIGNED.has(name)) return false
    if (unread.has(name)) return written.includes(name)
    if (changes && Object.hasOwn(changes, name)) return true
    if (lists.has(name)) return changes === undefined && written.includes(name)
    return !isDeepStrictEqual(was.get(name), is.get(name))
  })
}
