import type { Call } from '../adapter/contract.js'
import type { PatchOperation } from '../patch/patch.js'
import type { Attribute } from '../schema/attribute.js'
import type { JsonObject } from '../schema/resource.js'
import type { Context } from './context.js'
import type { ResourceType } from './resource-type.js'

// RFC 7643 section 9.2: passwords are not stored in clear text. An attribute is one when RFC 8265's OpaqueString prepares it.
function isPassword({ precis, type }: Attribute): boolean {
  return precis === 'OpaqueString' && type === 'string'
}

/** Puts the hashes of passwords in the place of the clear texts of a resource. */
export async function hashPasswords(
  context: Context,
  { schema }: ResourceType,
  resource: JsonObject,
  call: Call,
): Promise<JsonObject> {
  const hash = context.provider.options.password?.hash
  if (hash === undefined) return resource
  let result = resource
  for (const { name } of schema.root.subAttributes.filter(isPassword)) {
    const value = result[name]
    if (typeof value === 'string') result = { ...result, [name]: await hash(value, call) }
  }
  return result
}

/** The same for the operations of a patch. */
export async function hashPatchedPasswords(
  context: Context,
  operations: readonly PatchOperation[],
  call: Call,
): Promise<readonly PatchOperation[]> {
  const hash = context.provider.options.password?.hash
  if (hash === undefined || !operations.some(({ attribute }) => isPassword(attribute))) return operations
  return Promise.all(
    operations.map(async (operation) =>
      isPassword(operation.attribute) && typeof operation.value === 'string'
        ? { ...operation, value: await hash(operation.value, call) }
        : operation,
    ),
  )
}
