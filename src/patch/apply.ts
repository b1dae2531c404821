import { ScimError } from '../error.js'
import { toValuePredicate } from '../filter/evaluate.js'
import { visitFilter } from '../filter/visit.js'
import type { Attribute } from '../schema/model/attribute.js'
import type { JsonObject } from '../schema/model/resource.js'
import { isPrimary } from '../schema/values/values.js'
import { requireComplete } from './complete.js'
import { changeComplex, requireMutable } from './complex.js'
import { type Choice, listedValues } from './listed-values.js'
import type { PatchOperation } from './patch.js'
import { removedReferences } from './references.js'
import { remainderOf } from './remainder.js'
import { requireEqual } from './require-equal.js'
import { isAssigned, isSame } from './same.js'
import type { ValueList } from './value-list.js'
import { WorkingCopy } from './working-copy.js'

/**
 * Applies operations to a resource, RFC 7644 section 3.5.2. A pure function: the result shares unchanged values with
 * the resource and is the same object if nothing changes. `schemas` is not updated, because it follows from the data.
 * Throws a ScimError if an operation cannot be applied, so that either all are applied or none.
 */
export function applyOperations(operations: readonly PatchOperation[], current: JsonObject): JsonObject {
  const draft = new WorkingCopy(current)
  // RFC 7644 section 3.5.2: "the resulting resource becomes the target of the next operation."
  for (const operation of operations) applyOperation(draft, operation)
  const result = draft.close()
  if (result !== current) requireComplete(draft)
  return result
}

function applyOperation(draft: WorkingCopy, operation: PatchOperation): void {
  const { attribute, subAttribute } = operation
  if (attribute.isExtension) removeExtension(draft, attribute)
  else if (attribute.mutability === 'readOnly' || subAttribute?.mutability === 'readOnly')
    requireEqual(draft, operation)
  else if (attribute.multiValued) applyToValues(draft, operation)
  else applyToSingular(draft, operation)
}

function applyToSingular(draft: WorkingCopy, operation: PatchOperation): void {
  const { attribute } = operation
  const before = draft.get(attribute)
  const after = valueAfter(draft, operation, before)
  // Decision A-59b: the same value is no change.
  if (isSame(attribute, before, after)) return
  requireMutable(attribute, before)
  draft.set(attribute, after)
}

function valueAfter(draft: WorkingCopy, operation: PatchOperation, before: unknown): unknown {
  const { op, attribute, filter } = operation
  if (attribute.type !== 'complex') {
    if (op !== 'remove') return operation.value
    return remainderOf(attribute, before, operation.value)
  }
  // A filter after a singular attribute applies to its only value (decision A-126).
  if (!filter || (isAssigned(before) && toValuePredicate(filter, attribute, draft.visits.of(attribute))(before))) {
    return changeComplex(operation, before)
  }
  if (op === 'remove') return before
  const created = isAssigned(before) ? undefined : operation.create?.()
  if (created === undefined) throw noTarget(attribute)
  return created
}

function applyToValues(draft: WorkingCopy, operation: PatchOperation): void {
  const { attribute } = operation
  const immutable = attribute.mutability === 'immutable'
  const before = immutable ? draft.get(attribute) : undefined
  const list = draft.values(attribute)
  // Immutable attributes are compared as a whole, before and after.
  if (immutable) list.look(2)
  changeList(list, operation)
  // Decision A-131: a value that is added again is no change.
  if (immutable && !isSame(attribute, before, draft.get(attribute))) requireMutable(attribute, before)
}

function changeList(list: ValueList, operation: PatchOperation): void {
  const { op, filter, subAttribute, value } = operation
  if (op === 'remove') removeFrom(list, operation)
  else if (filter || subAttribute) changeChosen(list, operation)
  else if (op === 'add') list.add(value as readonly unknown[])
  else list.replace((value ?? []) as readonly unknown[])
}

function removeFrom(list: ValueList, operation: PatchOperation): void {
  const { filter, subAttribute } = operation
  const listed = operation.value
  const references = removedReferences(operation)
  if (references) list.removeReferences(references)
  else if (!filter && !subAttribute && !listed) list.clear()
  // RFC 7644 section 3.5.2.2: "If the user was not a member of this group, no changes should be made": a filter without
  // a match is no error here.
  else {
    const change = subAttribute ? (one: unknown) => changeComplex(operation, one) : () => undefined
    list.change(choice(list, operation), change)
    list.dropEqual()
  }
}

function changeChosen(list: ValueList, operation: PatchOperation): void {
  const { attribute, filter, subAttribute, value } = operation
  const complex = attribute.type === 'complex'
  const primary = subAttribute ? subAttribute.name === 'primary' && value === true : isPrimary(value)
  const change = complex ? (one: unknown) => changeComplex(operation, one) : () => value
  const count = list.change(choice(list, operation), change, primary)
  if (count > 0) {
    list.dropEqual()
  } else if (!filter && subAttribute) {
    // RFC 7644 section 3.5.2.1: "If the target location does not exist, the attribute and value are added."
    if (isAssigned(value)) list.add([{ [subAttribute.name]: value }])
  } else {
    // RFC 7644 section 3.5.2.3: "no record match was made, the service provider SHALL indicate failure by returning
    // HTTP status code 400 and a "scimType" error code of "noTarget"."
    const created = operation.create?.()
    if (created === undefined) throw noTarget(attribute)
    if (isAssigned(created)) list.add([created])
  }
}

/** The values that an operation changes. */
function choice(list: ValueList, operation: PatchOperation): Choice {
  const { attribute, op, filter, subAttribute, value } = operation
  const met = filter ? toValuePredicate(filter, attribute, list.visits.of(attribute)) : () => true
  const looks = conditionsOf(filter)
  if (op !== 'remove' || subAttribute || value === undefined) return { meets: met, looks }
  const listed = listedValues(attribute, value as readonly unknown[])
  return { meets: (one) => met(one) && listed.meets(one), looks: looks + listed.looks }
}

/** How many conditions of a filter test each value. */
export function conditionsOf(filter: PatchOperation['filter']): number {
  let count = 0
  if (filter) {
    visitFilter(filter, ({ kind }) => {
      if (kind === 'compare' || kind === 'present') count += 1
    })
  }
  return Math.max(1, count)
}

/** Removes all attributes of an extension, RFC 7643 section 3.3, except those that the server sets. */
function removeExtension(draft: WorkingCopy, extension: Attribute): void {
  for (const attribute of extension.subAttributes) {
    const before = draft.get(attribute)
    if (attribute.mutability === 'readOnly' || !isAssigned(before)) continue
    requireMutable(attribute, before)
    if (attribute.multiValued) draft.values(attribute).clear()
    else draft.set(attribute, undefined)
  }
}

function noTarget(attribute: Attribute): ScimError {
  return ScimError.noTarget(`No value of attribute "${attribute.path}" meets the filter.`, {
    attribute: attribute.path,
  })
}
