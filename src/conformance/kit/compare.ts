import { hasProperties } from '../../is-object.js'
import { type Attribute, isResourceReference } from '../../schema/model/attribute.js'
import { isUnreadable } from '../../schema/resources/unreadable.js'
import { comparisonKey, readText } from '../../schema/values/compare.js'
import type { Subject } from './subject.js'
import { show } from './violation.js'

/** The first difference between a draft and the stored resource, in half a sentence; undefined if there is none. */
export function difference(subject: Subject, expected: object, actual: object): string | undefined {
  for (const attribute of subject.attributes) {
    if (isUnreadable(attribute)) continue
    const [given, kept] = [read(expected, attribute), read(actual, attribute)]
    if (given === kept || print(subject, attribute, given) === print(subject, attribute, kept)) continue
    return `${show(kept)} as "${attribute.path}" in place of ${show(given)}${hintFor(attribute, given, kept)}`
  }
  return undefined
}

/** A boolean column without null always has a value; the option `default` makes that the value of new resources. */
function hintFor({ type, path }: Attribute, given: unknown, kept: unknown): string {
  if (type !== 'boolean' || given !== undefined || typeof kept !== 'boolean') return ''
  return `; if no resource is without it, say attributes: { ${JSON.stringify(path)}: { default: ${kept} } }, here and to scimRouter`
}

function read(resource: object, { keys }: Attribute): unknown {
  let value: unknown = resource
  for (const key of keys) {
    if (!hasProperties(value) || !Object.hasOwn(value, key)) return undefined
    value = value[key]
  }
  return value
}

/** A text that is the same for equal values; empty for no value. The order of a list does not matter. */
function print(subject: Subject, attribute: Attribute, value: unknown): string {
  if (value === undefined || value === null) return ''
  if (!attribute.multiValued) return printOne(subject, attribute, value)
  if (!Array.isArray(value)) return `no list: ${show(value)}`
  const texts = value.map((one) => (one === undefined || one === null ? '' : printOne(subject, attribute, one)))
  return JSON.stringify(texts.filter((text) => text !== '').sort()).replace(/^\[\]$/, '')
}

function printOne(subject: Subject, attribute: Attribute, value: unknown): string {
  if (attribute.type === 'complex') return printComplex(subject, attribute, value)
  if (attribute.type === 'dateTime' || attribute.type === 'binary') {
    return String(comparisonKey(attribute)(value) ?? show(value))
  }
  if (attribute.type === 'string' || attribute.type === 'reference') {
    const text = readText(value)
    return text === undefined ? show(value) : JSON.stringify(text)
  }
  return show(value)
}

function printComplex(subject: Subject, attribute: Attribute, value: unknown): string {
  if (!hasProperties(value)) return show(value)
  const reference = isResourceReference(attribute)
  const parts = attribute.subAttributes.flatMap((sub) => {
    // The store may freely choose the sub-attributes of a reference beside its identifier.
    if (reference ? sub.name !== 'value' : sub.mutability === 'readOnly' || !subject.isKept(sub)) return []
    const part = value[sub.name]
    // RFC 7643 section 2.4: a value without "primary" counts as one with false.
    const text = sub.name === 'primary' && part === false ? '' : print(subject, sub, part)
    return text === '' ? [] : `${sub.name}=${text}`
  })
  return parts.join('&')
}
