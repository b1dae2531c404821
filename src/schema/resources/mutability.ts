import { ScimError } from '../../error.js'
import { isObject } from '../../is-object.js'
import { memo } from '../../memo.js'
import type { ResourceSchema } from '../define/schema.js'
import { ASSIGNED } from '../model/assigned.js'
import { type Attribute, isResourceReference, valueAttribute } from '../model/attribute.js'
import type { JsonObject } from '../model/resource.js'
import { comparisonKey } from '../values/compare.js'
import { ownProperty, withoutUndefined } from '../values/values.js'
import { missing } from './required.js'

/**
 * The draft that takes the place of a stored resource, from the canonical resource that a client sent (RFC 7644 section
 * 3.5.1), or the draft of a new one. It holds neither `schemas` nor `id` nor `meta`.
 *
 * - readOnly attributes are as they were; those computed from other resources, such as `groups`, are left to the store.
 * - An immutable attribute that has a value keeps it; another one in the input is 400 mutability.
 * - An attribute with `keepOnReplace` that is left out keeps its value. Attributes that no client can read stay out:
 *   the store keeps them.
 *
 * @param current The stored values of the attributes that {@link neededForReplace} names; undefined for a new resource.
 */
export function applyMutability(
  schema: ResourceSchema,
  current: JsonObject | undefined,
  input: JsonObject,
): JsonObject {
  const draft = { ...input }
  for (const name of ASSIGNED) if (Object.hasOwn(draft, name)) delete draft[name]
  if (current) for (const rule of rulesOf(schema).all) applyRule(rule, current, draft)
  // Attributes that the client cleared explicitly have been read by now.
  return withoutUndefined(draft)
}

/**
 * The names of the top-level attributes whose stored values the rules look at: no more has to be read for a PUT.
 *
 * @param input The client's canonical resource. Attributes that it sets or clears need not be read to be kept.
 */
export function neededForReplace(schema: ResourceSchema, input: JsonObject): ReadonlySet<string> {
  const { kept, always } = rulesOf(schema)
  const left = kept.filter((name) => !Object.hasOwn(input, name))
  return left.length === 0 ? always : new Set([...always, ...left])
}

/** An attribute that a PUT cannot simply replace. */
interface Rule {
  readonly attribute: Attribute
  readonly kind: 'readOnly' | 'immutable' | 'keep' | 'parts'
  /** Of a complex attribute or extension whose parts are treated one by one. */
  readonly parts: readonly Rule[]
}

interface Rules {
  readonly all: readonly Rule[]
  /** The names of attributes that are looked at only if the client leaves them out. */
  readonly kept: readonly string[]
  /** The names of the others. */
  readonly always: ReadonlySet<string>
}

const rulesOf = memo((schema: ResourceSchema): Rules => {
  const all = schema.root.subAttributes.flatMap((attribute) => ruleFor(attribute) ?? [])
  const namesOf = (some: readonly Rule[]): readonly string[] => some.map(({ attribute }) => attribute.name)
  const kept = namesOf(all.filter(({ kind }) => kind === 'keep'))
  return { all, kept, always: new Set(namesOf(all.filter(({ kind }) => kind !== 'keep'))) }
})

function ruleFor(attribute: Attribute): Rule | undefined {
  const rule = (kind: Rule['kind'], parts: readonly Rule[] = []): Rule => ({ attribute, kind, parts })
  if (attribute.parent === undefined && ASSIGNED.has(attribute.path)) return undefined
  if (attribute.mutability === 'readOnly') {
    // The server works out anew its sub-attributes about the target of a reference, and about resources that refer to
    // this one.
    const reference = attribute.parent ?? (attribute.multiValued ? attribute : undefined)
    return reference && isResourceReference(reference) ? undefined : rule('readOnly')
  }
  if (attribute.mutability === 'immutable') return rule('immutable')
  if (attribute.mutability === 'writeOnly' || attribute.returned === 'never') return undefined
  if (attribute.keepOnReplace) return rule('keep')
  // RFC 7643 section 4.2: values with immutable parts "MAY be added or removed", which is what another list does.
  if (attribute.multiValued) return undefined
  const parts = attribute.subAttributes.flatMap((sub) => ruleFor(sub) ?? [])
  return parts.length > 0 ? rule('parts', parts) : undefined
}

function applyRule({ attribute, kind, parts }: Rule, current: JsonObject, draft: JsonObject): void {
  const { name } = attribute
  const stored = settle(ownProperty(current, name))
  const given = ownProperty(draft, name)
  if (kind === 'parts') {
    // Without the complex attribute its parts are gone too; an extension is no value that could go.
    if (given === undefined && !attribute.isExtension) return
    const object = isObject(given) ? { ...given } : {}
    for (const part of parts) applyRule(part, isObject(stored) ? stored : {}, object)
    const whole = withoutUndefined(object)
    draft[name] = Object.keys(whole).length > 0 ? whole : undefined
  } else if (kind === 'keep') {
    if (!Object.hasOwn(draft, name)) draft[name] = stored
    // RFC 7644 section 3.5.1: "If an attribute is "required", clients MUST specify the attribute in the PUT request."
    else if (attribute.required && given === undefined) throw missing(attribute)
  } else if (kind === 'readOnly') {
    draft[name] = stored
  } else if (stored !== undefined) {
    // RFC 7644 section 3.5.1: "If one or more values are already set for the attribute, the input value(s) MUST match,
    // or HTTP status code 400 SHOULD be returned with a "scimType" error code of "mutability"."
    if (given !== undefined && !matches(attribute, stored, given)) {
      throw ScimError.mutability(`Attribute "${attribute.path}" is immutable and has another value.`, {
        attribute: attribute.path,
      })
    }
    draft[name] = stored
  }
}

function matches(attribute: Attribute, stored: unknown, given: unknown): boolean {
  if (!attribute.multiValued) return matchesOne(attribute, stored, given)
  if (!Array.isArray(stored) || !Array.isArray(given) || stored.length !== given.length) return false
  const keyOf = valueKey(attribute)
  const rest = new Map<unknown, unknown[]>()
  for (const one of stored) {
    const alike = rest.get(keyOf(one))
    if (alike) alike.push(one)
    else rest.set(keyOf(one), [one])
  }
  return given.every((one) => {
    const alike = rest.get(keyOf(one)) ?? []
    const index = alike.findIndex((other) => matchesOne(attribute, other, one))
    if (index >= 0) alike.splice(index, 1)
    return index >= 0
  })
}

/** The key by which values are found before they are compared in full. */
function valueKey(attribute: Attribute): (one: unknown) => unknown {
  if (attribute.type !== 'complex') return comparisonKey(attribute)
  const value = valueAttribute(attribute)
  if (!value) return () => undefined
  const key = comparisonKey(value)
  return (one) => (isObject(one) ? key(ownProperty(one, value.name)) : undefined)
}

function matchesOne(attribute: Attribute, stored: unknown, given: unknown): boolean {
  if (attribute.type !== 'complex') {
    const key = comparisonKey(attribute)
    return key(stored) !== undefined && key(stored) === key(given)
  }
  if (!isObject(stored) || !isObject(given)) return false
  // A missing sub-attribute is no contradiction. A value without "primary" counts as one with false (RFC 7643 section
  // 2.4).
  return attribute.subAttributes.every((sub) => {
    const part = ownProperty(given, sub.name)
    const before = settle(ownProperty(stored, sub.name))
    return part === undefined || (part === false && before === undefined) || matches(sub, before, part)
  })
}

/** A stored value as JSON has it: stores may hold null and Date objects. Undefined: no value. */
export function settle(value: unknown): unknown {
  if (value === null || value === undefined) return undefined
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) {
    const values = value.map(settle).filter((one) => one !== undefined)
    return values.length > 0 ? values : undefined
  }
  if (!isObject(value)) return value
  const object = withoutUndefined(Object.fromEntries(Object.entries(value).map(([name, part]) => [name, settle(part)])))
  return Object.keys(object).length > 0 ? object : undefined
}
