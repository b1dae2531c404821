import { isDeepStrictEqual } from 'node:util'
import { isUnreadable } from '../../schema/unreadable.js'
import type { ResourceType } from '../setup/resource-type.js'
import type { ResourceChange } from './events.js'

/**
 * The names of the top-level attributes that a change is about: those that were written, and of them only the ones that have
 * another value now, where the resource before is known. What nobody can read is said to have changed whenever it is written.
 */
export function changedAttributes({ schema }: ResourceType, change: ResourceChange): readonly string[] {
  const { attributes = [], before, resource, changes = {} } = change
  const written = [...attributes]
  if (before === undefined || resource === undefined) return written
  const unread = new Set(schema.root.subAttributes.filter(isUnreadable).map(({ name }) => name))
  const lists = new Set(Object.keys(changes))
  const was = new Map(Object.entries(before))
  const is = new Map(Object.entries(resource))
  const all = new Set([...written, ...was.keys(), ...is.keys()])
  return [...all].filter((name) => {
    if (ASSIGNED.has(name)) return false
    if (unread.has(name)) return written.includes(name)
    if (lists.has(name)) return true
    return !isDeepStrictEqual(was.get(name), is.get(name))
  })
}

// RFC 7643 section 3.1: what the service provider assigns, and what follows from the rest.
const ASSIGNED: ReadonlySet<string> = new Set(['id', 'meta', 'schemas'])
