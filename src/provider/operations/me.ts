import { ScimError } from '../../error.js'
import { locationOf } from '../answer/represent.js'
import type { Result } from '../answer/result.js'
import type { Context } from '../request/context.js'
import { type Input, inputOf } from '../request/input.js'
import type { ResourceType } from '../setup/resource-type.js'
import { create } from './create.js'
import { respondToDelete } from './delete.js'
import { patch } from './patch.js'
import { replace } from './replace.js'
import { retrieve } from './retrieve.js'

type ResourceOperation = (context: Context, type: ResourceType, id: string, input: Input) => Promise<Result>

/**
 * RFC 7644 section 3.11: "/Me" is an alias for the resource of the authenticated client; its answers name the permanent
 * location.
 */
export const ME: Readonly<Record<string, (context: Context) => Promise<Result>>> = Object.freeze({
  GET: (context) => onSelf(context, retrieve),
  PUT: (context) => onSelf(context, replace),
  PATCH: (context) => onSelf(context, patch),
  DELETE: (context) => onSelf(context, respondToDelete),
  POST: (context) => create(context, typeOfSelf(context), inputOf(context)),
})

async function onSelf(context: Context, operation: ResourceOperation): Promise<Result> {
  const type = typeOfSelf(context)
  const id = context.auth.me?.id
  if (id === undefined) throw ScimError.notFound('There is no resource for the authenticated subject.')
  const result = await operation(context, type, id, inputOf(context))
  return { ...result, headers: { ...result.headers, Location: locationOf(context, type, id) } }
}

function typeOfSelf(context: Context): ResourceType {
  const type = context.provider.typesByName.get(context.auth.me?.resourceType ?? '')
  // RFC 7644 section 3.11: "A service provider that does NOT support this feature SHOULD respond with HTTP status code
  // 501".
  if (type === undefined) throw ScimError.notImplemented('/Me is not supported for this client.')
  return type
}
