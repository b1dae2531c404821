import type { Selection, Stored } from '../../adapter/contract.js'
import { ScimError } from '../../error.js'
import { readIn } from '../events/transaction.js'
import type { Context } from '../request/context.js'
import type { ResourceType } from '../setup/resource-type.js'
import { checkStored } from './adapter-fault.js'

/** Reads a resource from its store; 404 if the store has none with this id. */
export async function readStored(
  context: Context,
  type: ResourceType,
  id: string,
  select: Selection,
  call = context.call(select),
): Promise<Stored> {
  const stored = await findStored(context, type, id, select, call)
  if (stored === undefined) throw unknownResource(type, id)
  return stored
}

/** Reads a resource from its store; undefined if the store has none with this id. */
export async function findStored(
  context: Context,
  type: ResourceType,
  id: string,
  select: Selection,
  call = context.call(select),
): Promise<Stored | undefined> {
  const stored = await readIn(context, call, async (inside) => type.adapter(inside).get(id, inside))
  return stored === null || stored === undefined ? undefined : checkStored(type, 'get', stored, id)
}

/** RFC 7644 section 3.12: 404, "Specified resource … does not exist". */
export function unknownResource(type: ResourceType, id: string): ScimError {
  return ScimError.notFound(`${type.name} ${id.slice(0, 100)} does not exist.`)
}
