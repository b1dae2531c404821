import type { Action } from '../../adapter/contract.js'
import type { Context } from '../request/context.js'
import { andThen } from '../request/pending.js'
import type { ResourceType } from '../setup/resource-type.js'
import { authorize } from './authorize.js'
import { askAboutReferences } from './references.js'

/**
 * Asks whether the client may do the operation, and whether the answer may show the resources that references point
 * to. Nothing to wait for if the application answers at once. Throws 403.
 */
export function permit(
  context: Context,
  type: ResourceType,
  action: Action,
  id: string | undefined,
): void | Promise<void> {
  return andThen(authorize(context, type, action, id), () => askAboutReferences(context, type))
}
