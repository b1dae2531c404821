import type { Stored } from '../../adapter/contract.js'
import type { Projection } from '../../schema/projection/project.js'
import { type Result, resourceResult } from '../answer/result.js'
import type { Context } from '../request/context.js'
import type { ResourceType } from '../setup/resource-type.js'

/** A resource that was written, and the attributes that the response shows. */
export interface WriteOutcome {
  readonly stored: Stored
  readonly projection: Projection
}

/** The response to a write. The caller pauses first: a large resource has been worked on for a while. */
export function writtenResult(
  context: Context,
  type: ResourceType,
  status: number,
  { stored, projection }: WriteOutcome,
): Result {
  context.facts.resourceId = String(stored.id)
  return resourceResult(context, type, status, stored, projection)
}
