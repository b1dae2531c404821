import type { Result } from '../answer/result.js'
import { selectionForEvents } from '../events/events.js'
import type { Context } from '../request/context.js'
import type { Input } from '../request/input.js'
import type { ResourceType } from '../setup/resource-type.js'
import { prepare } from '../writing/prepare.js'
import { replaceStored } from '../writing/replace-stored.js'
import { type WriteOutcome, writtenResult } from '../writing/written.js'

/** RFC 7644 section 3.5.1: "HTTP PUT is used to replace a resource's attributes." */
export async function replace(context: Context, type: ResourceType, id: string, input: Input): Promise<Result> {
  const written = await replaceResource(context, type, id, input)
  await context.breather.pauseIfDue()
  return writtenResult(context, type, 200, written)
}

/** Replaces a resource and emits its events. A bulk request needs no more than this. */
export async function replaceResource(
  context: Context,
  type: ResourceType,
  id: string,
  input: Input,
): Promise<WriteOutcome> {
  const { resource, ifMatch, projection } = await prepare(context, type, id, input)
  const select = selectionForEvents(context, type, projection)
  const stored = await replaceStored(context, type, id, { resource, ifMatch, select })
  return { stored, projection }
}
