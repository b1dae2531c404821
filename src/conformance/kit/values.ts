import { type Attribute, isResourceReference } from '../../schema/model/attribute.js'
import type { JsonObject } from '../../schema/model/resource.js'
import { DAY } from '../../time.js'
import type { Subject } from './subject.js'

/** The input for generated values. */
export interface Seed {
  /** Identifies the resources of one check. */
  readonly mark: string
  /** Different for each resource of a check. */
  readonly number: number
  /** Returns ids that a reference may point to. */
  readonly refer: (attribute: Attribute) => readonly string[]
}

/** A valid value of an attribute; undefined if the kit can make none. */
export function sampleValue(subject: Subject, attribute: Attribute, seed: Seed): unknown {
  if (!attribute.multiValued) return sampleOne(subject, attribute, seed, 0)
  const count = isResourceReference(attribute) ? seed.refer(attribute).length : 2
  const values = Array.from({ length: count }, (_, index) => sampleOne(subject, attribute, seed, index))
  const made = values.filter((value) => value !== undefined)
  return made.length === 0 ? undefined : made
}

function sampleOne(subject: Subject, attribute: Attribute, seed: Seed, index: number): unknown {
  const number = seed.number * 10 + index
  switch (attribute.type) {
    case 'boolean':
      return attribute.name === 'primary' ? index === 0 : seed.number % 2 === 0
    case 'integer':
      return number - 3
    case 'decimal':
      return number + 0.25
    case 'dateTime':
      return new Date(Date.UTC(2020, 0, 1) + number * DAY).toISOString()
    case 'binary':
      return Buffer.from(`${seed.mark} ${number}`).toString('base64')
    case 'reference':
      return `https://example.com/${seed.mark}/${number}`
    case 'complex':
      return sampleComplex(subject, attribute, seed, index)
    default:
      return validText(attribute, sampleText(attribute, seed, index))
  }
}

/** Texts in the formats that RFC 7643 section 4.1 describes: a country, languages, a time zone, a number. */
const FORMATS = ['DE', 'en', 'en-US', 'Europe/Berlin', '+15550100', 'https://example.com/kit']

/** The text, or a text of a common format if the policy of the attribute refuses it. */
function validText({ isValid }: Attribute, text: string): string {
  if (isValid === undefined || isValid(text)) return text
  return FORMATS.find(isValid) ?? text
}

function sampleText(attribute: Attribute, { mark, number }: Seed, index: number): string {
  const { canonicalValues, uniqueness, name, parent } = attribute
  if (canonicalValues.length > 0) return String(canonicalValues[index % canonicalValues.length])
  if (attribute.path === 'externalId') return `${mark}-${number}`
  // Unique values are often addresses, or become part of one.
  if (uniqueness !== 'none' || (parent?.multiValued && name === 'value')) {
    return `${mark}-${number}-${index}@example.com`
  }
  return `${mark}-${number} ${name} ${index}`
}

function sampleComplex(subject: Subject, attribute: Attribute, seed: Seed, index: number): JsonObject | undefined {
  const value: JsonObject = {}
  for (const sub of attribute.subAttributes) {
    if (sub.mutability === 'readOnly' || !subject.isKept(sub)) continue
    const part = isResourceReference(attribute)
      ? samplePart(attribute, sub, seed, index)
      : sub.multiValued
        ? sampleValue(subject, sub, seed)
        : sampleOne(subject, sub, seed, index)
    if (part !== undefined) value[sub.name] = part
  }
  return Object.keys(value).length === 0 ? undefined : value
}

/** A reference has only an identifier: the store may freely choose its other sub-attributes. */
function samplePart(attribute: Attribute, sub: Attribute, seed: Seed, index: number): unknown {
  return sub.name === 'value' ? seed.refer(attribute)[index] : undefined
}
