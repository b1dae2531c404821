import type { IdTest } from '../../adapter/id-shape.js'
import { ScimError } from '../../error.js'
import { isObject } from '../../is-object.js'
import type { PatchOperation } from '../../patch/patch.js'
import { type Attribute, topKey, valueAttribute } from '../../schema/model/attribute.js'
import type { JsonObject } from '../../schema/model/resource.js'
import { ownProperty, valuesAt } from '../../schema/values/values.js'
import type { Context } from '../request/context.js'
import type { ResourceType } from '../setup/resource-type.js'
import { targetsOf } from './references.js'

/**
 * Whether a text can be the `value` of a reference, by the option `ids` of the resource types that it may point to;
 * undefined if any text can.
 */
export function idTestOf(context: Context, reference: Attribute): IdTest | undefined {
  const tests = targetsOf(context, reference).map(({ isId }) => isId)
  if (tests.length === 0 || tests.includes(undefined)) return undefined
  return (id) => tests.some((test) => test?.(id))
}

/**
 * Whether a text can be a value of an attribute of a filter: an `id`, or the `value` of a reference; undefined if any
 * text can.
 */
export function idTestInFilter(context: Context, type: ResourceType, attribute: Attribute): IdTest | undefined {
  if (attribute.path === 'id') return type.isId
  const reference = attribute.parent
  if (reference === undefined || !type.references.includes(reference)) return undefined
  return valueAttribute(reference) === attribute ? idTestOf(context, reference) : undefined
}

/** Throws 400 invalidValue if a POST or PUT names a member by a text that can be no identifier. */
export function checkReferences(context: Context, type: ResourceType, resource: JsonObject): void {
  for (const reference of type.references) {
    if (reference.mutability === 'readOnly' || !Object.hasOwn(resource, topKey(reference))) continue
    const isId = idTestOf(context, reference)
    if (isId) checkValues(reference, isId, valuesAt(resource, [...reference.keys, 'value']))
  }
}

/**
 * Throws 400 invalidValue if a PATCH names a member by a text that can be no identifier. A removal cannot name a new
 * resource.
 */
export function checkPatchedReferences(
  context: Context,
  type: ResourceType,
  operations: readonly PatchOperation[],
): void {
  for (const { op, attribute, subAttribute, value } of operations) {
    if (op === 'remove') continue
    const names = attribute.isExtension
      ? type.references.filter(({ extension }) => extension === attribute)
      : type.references.filter((reference) => reference === attribute)
    for (const reference of names) {
      const isId = idTestOf(context, reference)
      if (isId === undefined) continue
      const held = attribute.isExtension && isObject(value) ? ownProperty(value, reference.name) : value
      if (subAttribute === undefined) checkValues(reference, isId, valuesAt(held, ['value']))
      else if (subAttribute.name === 'value') checkValues(reference, isId, [held])
    }
  }
}

function checkValues({ path }: Attribute, isId: IdTest, values: readonly unknown[]): void {
  if (values.every((value) => typeof value !== 'string' || isId(value))) return
  throw ScimError.invalidValue(`"${path}" must name resources by their ids, and has a value that can be none.`, {
    attribute: path,
    code: 'unknownMember',
  })
}
