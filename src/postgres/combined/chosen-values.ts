import type { PatchOperation } from '../../patch/patch.js'
import { type Attribute, isResourceReference } from '../../schema/model/attribute.js'
import type { JsonObject } from '../../schema/model/resource.js'
import { isUnreadable } from '../../schema/resources/unreadable.js'
import { comparisonKey, isAscii } from '../../schema/values/compare.js'
import type { StoredType } from '../../tables/documents/stored-type.js'

/** The values of a list that have a text in a sub-attribute, such as `emails[type eq "work"]`. */
export interface Choice {
  /** The multi-valued attribute. */
  readonly attribute: Attribute
  /** The sub-attribute that is compared. */
  readonly compared: Attribute
  /** The text as it is stored; in lower case if letter case does not count. ASCII alone. */
  readonly text: string
  /** The comparison key of the text. */
  readonly key: string
}

/**
 * The choice that the filter of an operation makes, if a statement can make it just as well. That is a single `eq` with
 * an ASCII text. Undefined for all other filters, and for values that point to resources or have parts that they
 * must not lose.
 */
export function choiceOf(type: StoredType, { attribute, filter, prunes }: PatchOperation): Choice | undefined {
  if (prunes || !isPlainList(attribute) || filter?.kind !== 'compare' || filter.operator !== 'eq') return undefined
  const { attribute: compared, value } = filter
  if (compared.type !== 'string' || compared.multiValued || compared.parent !== attribute) return undefined
  if (typeof value !== 'string' || !isAscii(value) || value.includes('\0')) return undefined
  if (!type.documentPaths.has(compared.path)) return undefined
  const key = comparisonKey(compared)(value)
  return typeof key === 'string'
    ? { attribute, compared, text: compared.caseExact ? value : value.toLowerCase(), key }
    : undefined
}

/** The comparison keys of some parts of a value of a list, as the keys of a resource have them. */
export function keysOfParts(type: StoredType, { name }: Attribute, parts: JsonObject): JsonObject {
  const { [name]: list } = type.keysOf({ [name]: [parts] })
  return ((list as readonly JsonObject[] | undefined)?.[0] ?? {}) as JsonObject
}

function isPlainList(attribute: Attribute): boolean {
  return (
    attribute.type === 'complex' &&
    attribute.multiValued &&
    attribute.mutability === 'readWrite' &&
    attribute.extension === undefined &&
    !isUnreadable(attribute) &&
    !isResourceReference(attribute) &&
    attribute.subAttributes.every(({ required }) => !required)
  )
}
