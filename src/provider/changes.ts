import type { AttributeChange, Stored } from '../adapter/contract.js'
import type { JsonObject } from '../schema/resource.js'
import type { Happening } from './events.js'
import type { ResourceType } from './resource-type.js'

/** The members that came and went, from the resource before and after; undefined where one of the two is not known. */
export function changesBetween(
  { roles }: ResourceType,
  before: Stored | undefined,
  after: Stored | undefined,
  action: Happening['action'],
): Readonly<Record<string, AttributeChange>> | undefined {
  if (roles.membership.length === 0) return undefined
  if ((before === undefined && action !== 'created') || (after === undefined && action !== 'deleted')) return undefined
  const changes: Record<string, AttributeChange> = {}
  for (const { path, name } of roles.membership) {
    const was = valuesOf(before, name)
    const is = valuesOf(after, name)
    if (was === undefined || is === undefined) return undefined
    const added = [...is].filter((value) => !was.has(value))
    const removed = [...was].filter((value) => !is.has(value))
    if (added.length > 0 || removed.length > 0) changes[path] = { added, removed }
  }
  return changes
}

/** Undefined for values that the store yields bit by bit: nobody reads a large group for an event. */
function valuesOf(resource: Stored | undefined, name: string): Set<string> | undefined {
  const values = (resource as JsonObject | undefined)?.[name] ?? []
  if (!Array.isArray(values)) return undefined
  return new Set(values.map(({ value }) => String(value)))
}
