import type { Awaitable, Selection, Stored } from '../../adapter/contract.js'
import { ScimError } from '../../error.js'
import { readIn } from '../events/transaction.js'
import type { Context } from '../request/context.js'
import { andThen } from '../request/pending.js'
import type { ResourceType } from '../setup/resource-type.js'
import { checkStored } from './adapter-fault.js'

/** Reads a resource from its store; 404 if the store has none with this id. */
export function readStored(
  context: Context,
  type: ResourceType,
  id: string,
  select: Selection,
  call = context.call(select),
): Awaitable<Stored> {
  const required = (stored: Stored | undefined): Stored => {
    if (stored === undefined) throw unknownResource(type, id)
    return stored
  }
  return andThen(findStored(context, type, id, select, call), required)
}

/** Reads a resource from its store; undefined if the store has none with this id. */
export function findStored(
  context: Context,
  type: ResourceType,
  id: string,
  select: Selection,
  call = context.call(select),
): Awaitable<Stored | undefined> {
  const checked = (stored: Stored | null | undefined): Stored | undefined => {
    return stored === null || stored === undefined ? undefined : checkStored(type, 'get', stored, id)
  }
  return andThen(
    readIn(context, call, (inside) => type.adapter(inside).get(id, inside)),
    checked,
  )
}

/** RFC 7644 section 3.12: 404, "Specified resource … does not exist". */
export function unknownResource(type: ResourceType, id: string): ScimError {
  return ScimError.notFound(`${type.name} ${id.slice(0, 100)} does not exist.`)
}
