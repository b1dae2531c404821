import type { Awaitable, Selection } from '../../adapter/contract.js'
import { isObject } from '../../is-object.js'
import type { PatchOperation } from '../../patch/patch.js'
import type { Attribute } from '../../schema/model/attribute.js'
import type { JsonObject } from '../../schema/model/resource.js'
import type { Context } from '../request/context.js'
import type { ResourceType } from '../setup/resource-type.js'

// RFC 7643 section 9.2: passwords are not stored in clear text. An attribute holds one when the profile OpaqueString
// (RFC 8265 section 4.2) prepares it.
function isPassword({ precis, type, multiValued }: Attribute): boolean {
  return precis === 'OpaqueString' && type === 'string' && !multiValued
}

/** Puts the hashes of passwords in the place of the clear texts of a resource. */
export function hashPasswords(
  context: Context,
  { schema }: ResourceType,
  resource: JsonObject,
  select: Selection,
): Awaitable<JsonObject> {
  const hash = context.provider.options.password?.hash
  if (hash === undefined) return resource
  const call = context.call(select)
  return hashIn(schema.root, resource, (password) => hash(password, call))
}

type Hash = (password: string) => string | Promise<string>

async function hashIn(holder: Attribute, object: JsonObject, hash: Hash): Promise<JsonObject> {
  let result = object
  for (const attribute of holder.subAttributes) {
    const { name } = attribute
    const value = Object.hasOwn(object, name) ? object[name] : undefined
    let hashed = value
    if (typeof value === 'string' && isPassword(attribute)) hashed = await hash(value)
    else if (attribute.isExtension && isObject(value)) hashed = await hashIn(attribute, value, hash)
    if (hashed !== value) result = { ...result, [name]: hashed }
  }
  return result
}

/**
 * Puts the hashes of passwords in the place of the clear texts in the operations of a patch. Of several that set or
 * remove one password the last alone decides (RFC 7644 section 3.5.2: they are "applied sequentially"), so it alone is
 * hashed and the others are left out: a hash is slow on purpose, and a client that sends a thousand must not get a
 * thousand.
 */
export function hashPatchedPasswords(
  context: Context,
  operations: readonly PatchOperation[],
  select: Selection,
): Awaitable<readonly PatchOperation[]> {
  const hash = context.provider.options.password?.hash
  if (hash === undefined || !operations.some(({ attribute }) => isPassword(attribute))) return operations
  const call = context.call(select)
  return hashInOperations(lastOfPasswords(operations), (password) => hash(password, call))
}

function lastOfPasswords(operations: readonly PatchOperation[]): readonly PatchOperation[] {
  const last = new Map(operations.map((operation) => [operation.attribute, operation]))
  return operations.filter(
    (operation) => !isPassword(operation.attribute) || last.get(operation.attribute) === operation,
  )
}

async function hashInOperations(operations: readonly PatchOperation[], hash: Hash): Promise<readonly PatchOperation[]> {
  const hashed: PatchOperation[] = []
  for (const operation of operations) {
    const { attribute, value } = operation
    const isClear = isPassword(attribute) && typeof value === 'string'
    hashed.push(isClear ? { ...operation, value: await hash(value) } : operation)
  }
  return hashed
}
