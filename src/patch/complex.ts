import { ScimError } from '../error.js'
import { isObject } from '../is-object.js'
import type { Attribute } from '../schema/model/attribute.js'
import { isResourceReference, valueAttribute } from '../schema/model/attribute.js'
import type { JsonObject } from '../schema/model/resource.js'
import { ownProperty } from '../schema/values/values.js'
import { listedValues } from './listed-values.js'
import type { PatchOperation } from './patch.js'
import { namedParts, remainderOf } from './remainder.js'
import { isAssigned, isEmpty, isSamePart } from './same.js'
import { ValueList } from './value-list.js'

/**
 * Applies an operation to one value of a complex attribute, which may not exist yet. Returns the same object if nothing
 * changes, undefined if the value has become empty.
 */
export function changeComplex(operation: PatchOperation, value: unknown): JsonObject | undefined {
  const { op, attribute, subAttribute, prunes } = operation
  const present = isObject(value) ? value : {}
  const next = subAttribute
    ? setSubAttribute(op, subAttribute, present, operation.value)
    : op === 'remove'
      ? removeParts(attribute, present, operation.value)
      : mergeComplex(op, attribute, present, operation.value)
  if (prunes && saysKindAlone(next)) return undefined
  if (next === present) return isObject(value) ? value : undefined
  dropStale(attribute, present, next, subAttribute || op === 'remove' ? [] : Object.keys(operation.value ?? {}))
  return saysNothing(next) ? undefined : next
}

/** RFC 7643 section 2.4: a value without "primary" counts as one with false, so `primary: false` alone is no value. */
function saysNothing(value: JsonObject): boolean {
  return isEmpty(value.primary === false ? { ...value, primary: undefined } : value)
}

/** Whether a value has only "type" and "primary". */
function saysKindAlone(value: JsonObject): boolean {
  return isEmpty({ ...value, type: undefined, primary: undefined })
}

/**
 * RFC 7644 section 3.5.2.3: the given sub-attributes replace "any existing values or adds where an attribute did not
 * previously exist. Sub-attributes that are not specified in the "value" parameter are left unchanged."
 */
function mergeComplex(op: PatchOperation['op'], attribute: Attribute, present: JsonObject, value: unknown): JsonObject {
  if (!isObject(value)) return {}
  let result = present
  for (const name of Object.keys(value)) {
    const sub = attribute.subAttribute(name)
    if (sub) result = setSubAttribute(op, sub, result, value[name])
  }
  return result
}

/** Removes the whole value; by tolerance, only the parts that the remove names. */
function removeParts(attribute: Attribute, present: JsonObject, named: unknown): JsonObject {
  if (!isObject(named)) return {}
  const parts = namedParts(attribute, present, named)
  if (parts.length === attribute.subAttributes.length) return {}
  return parts.reduce((result, sub) => setSubAttribute('remove', sub, result, undefined), present)
}

/** Sets or, without a value, unassigns a sub-attribute. */
function setSubAttribute(op: PatchOperation['op'], sub: Attribute, present: JsonObject, value: unknown): JsonObject {
  const { name } = sub
  const before = ownProperty(present, name)
  const after = sub.multiValued
    ? changeValues(op, sub, before, value)
    : op === 'remove'
      ? remainderOf(sub, before, value)
      : value
  if (isSamePart(sub, before, after)) return present
  requireMutable(sub, before)
  const result = { ...present }
  if (isAssigned(after)) result[name] = after
  else delete result[name]
  return result
}

/** The values of a multi-valued attribute after an operation without filter. */
export function changeValues(op: PatchOperation['op'], attribute: Attribute, before: unknown, value: unknown): unknown {
  const list = new ValueList(attribute, before)
  const values = Array.isArray(value) ? value : []
  if (op === 'add') list.add(values)
  else if (op === 'replace') list.replace(values)
  // Tolerance: a remove may list the values to remove.
  else if (Array.isArray(value)) list.change(listedValues(attribute, values), () => undefined)
  else list.clear()
  return list.close()
}

/**
 * RFC 7644 section 3.5.2: "a client MUST NOT modify an attribute that has mutability "readOnly" or "immutable".
 * However, a client MAY "add" a value to an "immutable" attribute if the attribute had no previous value."
 */
export function requireMutable(attribute: Attribute, before: unknown): void {
  if (attribute.mutability === 'immutable' && isAssigned(before)) {
    throw ScimError.mutability(`Attribute "${attribute.path}" is immutable and has a value already.`, {
      attribute: attribute.path,
    })
  }
}

/**
 * If a reference gets a new target, removes the sub-attributes about the old one: its URI, and the values that the
 * server derives.
 *
 * @param after A copy of the object that no other code uses.
 */
function dropStale(attribute: Attribute, before: JsonObject, after: JsonObject, given: readonly string[]): void {
  const value = isResourceReference(attribute) ? valueAttribute(attribute) : undefined
  if (!value || ownProperty(before, value.name) === ownProperty(after, value.name)) return
  for (const { name, mutability } of attribute.subAttributes) {
    if ((mutability === 'readOnly' || name === '$ref') && !given.includes(name)) delete after[name]
  }
}
