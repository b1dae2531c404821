import type { Action, Awaitable } from '../../adapter/contract.js'
import { permit } from '../policy/permit.js'
import type { Context } from '../request/context.js'
import { noteSent } from '../request/facts.js'
import type { Input } from '../request/input.js'
import { andThen } from '../request/pending.js'
import type { ResourceType } from '../setup/resource-type.js'

/**
 * The body of a write that the client may do. The body is read after the permission, and reports show its attributes.
 */
export function readPermitted(
  context: Context,
  type: ResourceType,
  action: Action,
  id: string | undefined,
  input: Input,
): Awaitable<unknown> {
  return andThen(permit(context, type, action, id), () =>
    andThen(input.body(), (body) => {
      noteSent(context, type, body)
      return body
    }),
  )
}
