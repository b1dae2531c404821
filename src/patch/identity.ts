import type { InTurns } from '../in-turns.js'
import { hasProperties, isObject } from '../is-object.js'
import { memo } from '../memo.js'
import { type Attribute, isResourceReference, valueAttribute } from '../schema/model/attribute.js'
import type { JsonObject } from '../schema/model/resource.js'
import { identityKey, readText } from '../schema/values/compare.js'
import { ownProperty } from '../schema/values/values.js'
import type { PatchOperation } from './patch.js'
import { isAssigned, printer } from './same.js'

/**
 * When two values of a multi-valued attribute count as the same, and which sub-attributes a client may then change.
 */
export interface ValueIdentity {
  /** Returns a text that is equal for values that count as the same. */
  readonly keyOf: (value: unknown) => string
  /**
   * Returns a text that is equal for values with equal keys, and mostly different for others: the key, or a text that
   * is there already, where the key would have to be put together.
   */
  readonly headOf: (value: unknown) => string
  /** Tells values with this head apart: equal for those with equal keys, and for no others. */
  readonly tailOf: (value: unknown, head: string) => string
  /** Whether the values refer to resources. */
  readonly isReference: boolean
  /** Sub-attributes that an added value overwrites in a stored value of the same identity. */
  readonly changeable: readonly Attribute[]
}

/** The identity of the values of a multi-valued attribute. */
export const identityOf = memo((attribute: Attribute): ValueIdentity => {
  if (attribute.type !== 'complex') return { ...wholeKey(writeKey(attribute)), changeable: [] }
  const writable = attribute.subAttributes.filter(
    (sub) => sub.mutability !== 'readOnly' && sub.mutability !== 'immutable',
  )
  // Sub-attributes that the server sets do not count, because clients do not send them.
  const all = attribute.subAttributes.filter((sub) => sub.name !== 'primary' && sub.mutability !== 'readOnly')
  const byAll = subKey(all)
  const value = valueAttribute(attribute)
  if (!value) return { ...wholeKey(byAll), changeable: writable.filter((sub) => sub.name === 'primary') }
  // References are the same if they point to the same resource. RFC 7643 section 2.4 on other values: "Service
  // providers SHOULD NOT return the same (type, value) combination more than once per attribute".
  if (isResourceReference(attribute)) {
    const changeable = writable.filter((sub) => sub !== value && sub.name !== '$ref')
    return { ...wholeKey(referenceKey(value.name, byAll)), isReference: true, changeable }
  }
  const type = attribute.subAttribute('type')
  const significant = type ? [value, type] : [value]
  const bySignificant = subKey(significant)
  const toKey = identityKey(value)
  const hasValue = (one: unknown): one is JsonObject => isObject(one) && isAssigned(ownProperty(one, value.name))
  const keyOf = (one: unknown): string => (hasValue(one) ? bySignificant(one) : byAll(one))
  const typeOf = type ? partKey(type) : () => ''
  return {
    keyOf,
    headOf: (one) => {
      const key = hasValue(one) ? toKey(one[value.name]) : undefined
      return typeof key === 'string' ? key : ''
    },
    // A head that says something is the value in the form that is compared.
    tailOf: (one, head) => (head === '' ? keyOf(one) : typeOf(one)),
    isReference: false,
    changeable: writable.filter((sub) => !significant.includes(sub)),
  }
})

/** The key is made in one piece. */
function wholeKey(keyOf: ValueIdentity['keyOf']): Omit<ValueIdentity, 'changeable'> {
  return { keyOf, headOf: keyOf, tailOf: () => '', isReference: false }
}

/** The heads of the values that an operation adds. */
export interface KnownHeads {
  readonly values: readonly unknown[]
  readonly heads: readonly string[]
  /** The index of the value with a head; undefined for references, and if two of the values have the same. */
  readonly indexes: ReadonlyMap<string, number> | undefined
}

// Heads of long lists, by the list: they are freed with the list.
const found = new WeakMap<readonly unknown[], KnownHeads & { readonly attribute: Attribute }>()

// The number of heads between two pauses.
const STRETCH = 512

/**
 * Makes the heads of the values that an operation adds, with pauses. The operation itself is applied without a pause.
 */
export function* findHeads({ attribute, filter, subAttribute, value }: PatchOperation): InTurns<void> {
  if (!attribute.multiValued || filter || subAttribute || !Array.isArray(value)) return
  const { headOf } = identityOf(attribute)
  const heads: string[] = []
  let indexes: Map<string, number> | undefined = isResourceReference(attribute) ? undefined : new Map()
  for (const one of value) {
    const head = headOf(one)
    const index = heads.push(head) - 1
    if (indexes && indexes.set(head, index).size <= index) indexes = undefined
    if (heads.length % STRETCH === 0) yield
  }
  found.set(value, { attribute, values: value, heads, indexes })
}

/** The heads of the values of a list if {@link findHeads} has made them. */
export function knownHeads(attribute: Attribute, values: readonly unknown[]): KnownHeads | undefined {
  const known = found.get(values)
  return known?.attribute === attribute ? known : undefined
}

/** The key of a reference is the id itself, because a list may have very many references. */
function referenceKey(name: string, byAll: ValueIdentity['keyOf']): ValueIdentity['keyOf'] {
  return (one) => {
    const id = hasProperties(one) ? one[name] : undefined
    return typeof id === 'string' ? id : (readText(id) ?? `\0${byAll(one)}`)
  }
}

// No other text begins so in a key of one part.
const NO_TEXT = '\0'

/**
 * The key of a value by one of its sub-attributes. A text stands for itself: thousands of keys that were put together
 * would be garbage that delays other requests.
 */
export function partKey(sub: Attribute): (value: unknown) => string {
  const { name } = sub
  const toKey = identityKey(sub)
  const write = writeKey(sub)
  return (value) => {
    const part = isObject(value) ? ownProperty(value, name) : undefined
    if (part === undefined || part === null) return NO_TEXT
    const text = typeof part === 'string' ? toKey(part) : undefined
    return typeof text === 'string' && !text.startsWith(NO_TEXT) ? text : `${NO_TEXT}${write(part)}`
  }
}

/** The key of a value by some of its sub-attributes, for a remove that lists values (decision A-97). */
export function subKey(subAttributes: readonly Attribute[]): (value: unknown) => string {
  const parts = subAttributes.map((sub) => ({ name: sub.name, write: writeKey(sub) }))
  return (value) => {
    if (!isObject(value)) return ''
    let key = ''
    // The length before each part keeps adjacent parts distinct.
    for (const { name, write } of parts) {
      const part = write(ownProperty(value, name))
      key += `${part.length}${part}`
    }
    return key
  }
}

/** Empty for no value; else the first character tells texts apart from other types. */
function writeKey(attribute: Attribute): (value: unknown) => string {
  const key = identityKey(attribute)
  const print = printer(attribute)
  const write = (value: unknown): string => {
    const found = key(value)
    return typeof found === 'string' ? `=${found}` : `#${found ?? print(value)}`
  }
  return (value) => {
    if (typeof value === 'string') return write(value)
    if (!isAssigned(value)) return ''
    return Array.isArray(value) ? JSON.stringify(value.map(write).sort()) : write(value)
  }
}
