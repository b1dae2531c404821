import { type Attribute, isResourceReference, valueAttribute } from '../schema/attribute.js'
import { identityKey, readText } from '../schema/compare.js'
import type { JsonObject } from '../schema/resource.js'
import { isAssigned, isObject, ownMember, printer } from './same.js'

/** When two values of a multi-valued attribute are one, and what a client may then still say about it. */
export interface Identity {
  /** A text that is the same for values which are the same. */
  readonly keyOf: (value: unknown) => string
  /** Sub-attributes that a value which is there already takes over from one that is added. */
  readonly changeable: readonly Attribute[]
}

// Made on first use and kept as long as the schema is.
const identities = new WeakMap<Attribute, Identity>()

/** The identity of the values of a multi-valued attribute. */
export function identityOf(attribute: Attribute): Identity {
  let identity = identities.get(attribute)
  if (!identity) {
    identity = makeIdentity(attribute)
    identities.set(attribute, identity)
  }
  return identity
}

function makeIdentity(attribute: Attribute): Identity {
  if (attribute.type !== 'complex') {
    const keyOf = keyWriter([attribute])
    return { keyOf: (value) => keyOf([value]), changeable: [] }
  }
  const writable = attribute.subAttributes.filter(
    (sub) => sub.mutability !== 'readOnly' && sub.mutability !== 'immutable',
  )
  const all = attribute.subAttributes.filter((sub) => sub.name !== 'primary')
  const byAll = subKey(all)
  const value = valueAttribute(attribute)
  if (!value) return { keyOf: byAll, changeable: writable.filter((sub) => sub.name === 'primary') }
  // References are the same when they point to one resource; RFC 7643 section 2.4 on other values: "Service providers
  // SHOULD NOT return the same (type, value) combination more than once per attribute".
  const reference = isResourceReference(attribute)
  const type = reference ? undefined : attribute.subAttribute('type')
  const significant = type ? [value, type] : [value]
  const { name } = value
  const bySignificant = reference
    ? (one: JsonObject) => referenceKey(readText(one[name]) ?? byAll(one))
    : subKey(significant)
  return {
    keyOf: (one) => (isObject(one) && isAssigned(ownMember(one, name)) ? bySignificant(one) : byAll(one)),
    changeable: writable.filter((sub) => !significant.includes(sub) && !(reference && sub.name === '$ref')),
  }
}

/** The key of a value by some of its sub-attributes, for a remove that lists values (decision A-97). */
export function subKey(subAttributes: readonly Attribute[]): (value: unknown) => string {
  const keyOf = keyWriter(subAttributes)
  const names = subAttributes.map((sub) => sub.name)
  return (value) => (isObject(value) ? keyOf(names.map((name) => ownMember(value, name))) : '')
}

/** The key of the reference to a resource with that id: no array and no JSON, since there may be very many. */
export function referenceKey(identifier: string): string {
  return `=${identifier}`
}

function keyWriter(attributes: readonly Attribute[]): (values: readonly unknown[]) => string {
  const writers = attributes.map((attribute) => {
    const key = identityKey(attribute)
    const print = printer(attribute)
    const write = (value: unknown): string | number | boolean => key(value) ?? print(value)
    return (value: unknown) => {
      if (!isAssigned(value)) return null
      return Array.isArray(value) ? value.map(write).map(String).sort() : write(value)
    }
  })
  return (values) => JSON.stringify(writers.map((write, index) => write(values[index])))
}
