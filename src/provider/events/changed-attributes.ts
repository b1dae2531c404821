import { isDeepStrictEqual } from 'node:util'
import type { Changes } from '../../adapter/contract.js'
import type { InTurns } from '../../in-turns.js'
import { isObject } from '../../is-object.js'
import { ASSIGNED } from '../../schema/model/assigned.js'
import { hasLongList, isLongList } from '../../schema/reading/read-ahead.js'
import { isUnreadable } from '../../schema/resources/unreadable.js'
import type { ResourceType } from '../setup/resource-type.js'
import type { ResourceChange } from './events.js'

/**
 * The names of the top-level attributes that a change concerns: the written attributes, and if the resource before is
 * known, only those with another value now. An attribute that no client can read counts as changed each time it is
 * written. Lists of references, which may be long, are not compared once more.
 *
 * @param changes The values that came and went; undefined if they are unknown.
 */
export function* changedAttributes(
  { schema, references }: ResourceType,
  { attributes = [], before, resource }: ResourceChange,
  changes: Changes | undefined,
): InTurns<readonly string[]> {
  const written = [...attributes]
  if (before === undefined || resource === undefined) return written
  const unread = new Set(schema.root.subAttributes.filter(isUnreadable).map(({ name }) => name))
  const lists = new Set(
    references.filter(({ multiValued, keys }) => multiValued && keys.length === 1).map(({ path }) => path),
  )
  const was = new Map(Object.entries(before))
  const is = new Map(Object.entries(resource))
  const all = new Set([...written, ...was.keys(), ...is.keys()])
  const changed: string[] = []
  for (const name of all) {
    if (ASSIGNED.has(name)) continue
    if (unread.has(name)) {
      if (written.includes(name)) changed.push(name)
    } else if (changes && Object.hasOwn(changes, name)) changed.push(name)
    else if (lists.has(name)) {
      if (changes === undefined && written.includes(name)) changed.push(name)
    } else if (yield* differs(was.get(name), is.get(name))) changed.push(name)
  }
  return changed
}

// Values of a list that are compared in one go.
const STRETCH = 512

/** Whether two values differ. Long lists are compared with pauses. */
function* differs(before: unknown, after: unknown): InTurns<boolean> {
  if (before === after) return false
  if (isLongList(before) && isLongList(after)) {
    if (before.length !== after.length) return true
    for (let index = 0; index < before.length; index += 1) {
      if (!isDeepStrictEqual(before[index], after[index])) return true
      if (index % STRETCH === 0) yield
    }
    return false
  }
  // The attributes of an extension.
  if (isObject(before) && isObject(after) && hasLongList(before)) {
    for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
      if (yield* differs(before[name], after[name])) return true
    }
    return false
  }
  return !isDeepStrictEqual(before, after)
}
