import type { InTurns } from '../in-turns.js'
import { isObject } from '../is-object.js'
import { memo } from '../memo.js'
import { type Attribute, isResourceReference, valueAttribute } from '../schema/attribute.js'
import { identityKey, readText } from '../schema/compare.js'
import type { JsonObject } from '../schema/resource.js'
import { ownProperty } from '../schema/values.js'
import type { PatchOperation } from './patch.js'
import { isAssigned, printer } from './same.js'

/**
 * When two values of a multi-valued attribute count as the same, and which sub-attributes a client may then change.
 */
export interface ValueIdentity {
  /** Returns a text that is equal for values that count as the same. */
  readonly keyOf: (value: unknown) => string
  /** Sub-attributes that an added value overwrites in a stored value of the same identity. */
  readonly changeable: readonly Attribute[]
}

/** The identity of the values of a multi-valued attribute. */
export const identityOf = memo((attribute: Attribute): ValueIdentity => {
  if (attribute.type !== 'complex') {
    return { keyOf: writeKey(attribute), changeable: [] }
  }
  const writable = attribute.subAttributes.filter(
    (sub) => sub.mutability !== 'readOnly' && sub.mutability !== 'immutable',
  )
  // Sub-attributes that the server sets do not count, because clients do not send them.
  const all = attribute.subAttributes.filter((sub) => sub.name !== 'primary' && sub.mutability !== 'readOnly')
  const byAll = subKey(all)
  const value = valueAttribute(attribute)
  if (!value) return { keyOf: byAll, changeable: writable.filter((sub) => sub.name === 'primary') }
  // References are the same if they point to the same resource. RFC 7643 section 2.4 on other values: "Service
  // providers SHOULD NOT return the same (type, value) combination more than once per attribute".
  if (isResourceReference(attribute)) {
    const changeable = writable.filter((sub) => sub !== value && sub.name !== '$ref')
    return { keyOf: referenceKey(value.name, byAll), changeable }
  }
  const type = attribute.subAttribute('type')
  const significant = type ? [value, type] : [value]
  const bySignificant = subKey(significant)
  return {
    keyOf: (one) => (isObject(one) && isAssigned(ownProperty(one, value.name)) ? bySignificant(one) : byAll(one)),
    changeable: writable.filter((sub) => !significant.includes(sub)),
  }
})

// Keys of long lists, by the list: they are freed with the list.
const found = new WeakMap<readonly unknown[], { readonly attribute: Attribute; readonly keys: readonly string[] }>()

// The number of keys between two pauses.
const STRETCH = 512

/**
 * Makes the keys of the values that an operation adds, with pauses. The operation itself is applied without a pause.
 */
export function* findKeys({ attribute, filter, subAttribute, value }: PatchOperation): InTurns<void> {
  if (!attribute.multiValued || filter || subAttribute || !Array.isArray(value)) return
  const { keyOf } = identityOf(attribute)
  const keys: string[] = []
  for (const one of value) {
    keys.push(keyOf(one))
    if (keys.length % STRETCH === 0) yield
  }
  found.set(value, { attribute, keys })
}

/** The keys of the values of a list if {@link findKeys} has made them. */
export function knownKeys(attribute: Attribute, values: readonly unknown[]): readonly string[] | undefined {
  const known = found.get(values)
  return known?.attribute === attribute ? known.keys : undefined
}

/** The key of a reference is the id itself, because a list may have very many references. */
function referenceKey(name: string, byAll: ValueIdentity['keyOf']): ValueIdentity['keyOf'] {
  return (one) => {
    const id = typeof one === 'object' && one !== null ? (one as JsonObject)[name] : undefined
    return typeof id === 'string' ? id : (readText(id) ?? `\0${byAll(one)}`)
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
