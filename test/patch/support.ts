import { strict, type ToleranceName, type Tolerate, tolerant } from '../../src/compatibility.js'
import { ScimError } from '../../src/error.js'
import { type PatchView, patchOf } from '../../src/patch/delta.js'
import { normalizePatch } from '../../src/patch/normalize.js'
import type { PatchOptions } from '../../src/patch/patch-op.js'
import { EnterpriseUser } from '../../src/schema/core/enterprise-user.js'
import { Group } from '../../src/schema/core/group.js'
import { User } from '../../src/schema/core/user.js'
import { type ResourceSchema, resourceSchema } from '../../src/schema/define/schema.js'
import type { Attribute } from '../../src/schema/model/attribute.js'
import type { SchemaDefinition } from '../../src/schema/model/definition.js'
import type { JsonObject } from '../../src/schema/model/resource.js'
import { PATCH_OP } from '../../src/urn.js'

/**
 * Attributes of kinds that the standard's schemas lack: immutable, required and readOnly parts, lists of simple values,
 * own references.
 */
export const Own: SchemaDefinition = {
  id: 'urn:example:Own',
  attributes: [
    { name: 'tags', multiValued: true },
    { name: 'codes', multiValued: true, caseExact: true },
    { name: 'level', type: 'integer' },
    { name: 'hired', type: 'dateTime' },
    { name: 'fixed', mutability: 'immutable' },
    { name: 'serverSet', mutability: 'readOnly' },
    { name: 'keys', multiValued: true, mutability: 'immutable' },
    {
      name: 'badge',
      type: 'complex',
      subAttributes: [
        { name: 'number', required: true },
        { name: 'color' },
        { name: 'holes', type: 'integer', multiValued: true },
      ],
    },
    {
      name: 'devices',
      type: 'complex',
      multiValued: true,
      subAttributes: [
        { name: 'serial', required: true, caseExact: true },
        { name: 'kind' },
        { name: 'maker', mutability: 'immutable' },
        { name: 'seen', mutability: 'readOnly' },
      ],
    },
    {
      name: 'owners',
      type: 'complex',
      multiValued: true,
      subAttributes: [{ name: 'value' }, { name: '$ref', type: 'reference' }, { name: 'role' }],
    },
    // An attribute that has the name of something every object has.
    { name: 'constructor' },
  ],
}
export const OWN = Own.id
export const ENTERPRISE = EnterpriseUser.id

export const userSchema = resourceSchema(User, [
  { schema: EnterpriseUser, required: false },
  { schema: Own, required: false },
])
export const groupSchema = resourceSchema(Group)

/** Freezes a value through and through, so that each write to it is found out. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    Object.values(value).forEach(deepFreeze)
  }
  return value
}

export type Operations = readonly unknown[]

export function patch(
  schema: ResourceSchema,
  operations: Operations,
  options: PatchOptions = { tolerate: strict },
): PatchView {
  const body = { schemas: [PATCH_OP], Operations: operations }
  return patchOf(schema, normalizePatch(schema, body, options))
}

/** The user after operations in strict mode. */
export function patchUser(stored: JsonObject, ...operations: Operations): JsonObject {
  return patch(userSchema, operations).apply(deepFreeze(stored))
}

/** The group after operations in strict mode. */
export function patchGroup(stored: JsonObject, ...operations: Operations): JsonObject {
  return patch(groupSchema, operations).apply(deepFreeze(stored))
}

/** The result of operations with some tolerances on: the resource, or the scimType of the refusal. */
export function outcome(
  schema: ResourceSchema,
  stored: JsonObject,
  operations: Operations,
  tolerate: Tolerate,
): JsonObject | string | undefined {
  return refusal(() => patch(schema, operations, { tolerate }).apply(deepFreeze(stored)))
}

/** The result of an action, or the scimType (else the status) of the ScimError that it throws. */
export function refusal<T>(action: () => T): T | string {
  try {
    return action()
  } catch (error) {
    if (ScimError.is(error)) return error.scimType ?? String(error.status)
    throw error
  }
}

/** Tolerances that keep a list of the used ones. */
export function recording(...on: readonly ToleranceName[]): {
  readonly tolerate: Tolerate
  readonly used: ToleranceName[]
} {
  const used: ToleranceName[] = []
  return {
    used,
    tolerate: (name) => {
      if (!on.includes(name)) return false
      used.push(name)
      return true
    },
  }
}

export { strict, tolerant }

/** The attribute of a schema that a path of names leads to. */
export function attributeIn({ root }: ResourceSchema, ...names: readonly string[]): Attribute {
  return names.reduce<Attribute>((holder, name) => {
    const attribute = holder.subAttribute(name)
    if (!attribute) throw new Error(`There is no ${name}.`)
    return attribute
  }, root)
}
