import type { Awaitable } from '../../adapter/contract.js'
import { META } from '../../adapter/selections.js'
import { type Condition, isAmong } from '../../adapter/versions.js'
import { ScimError } from '../../error.js'
import type { Context } from '../request/context.js'
import type { Input } from '../request/input.js'
import type { ResourceType } from '../setup/resource-type.js'
import { findStored, readStored, unknownResource } from '../store/read-stored.js'

/**
 * The versions that a write is bound to, for the adapter to check in the write itself; undefined: no condition.
 * RFC 9110 section 13.2.2: If-Match is looked at first, then If-None-Match.
 */
export function expectedVersions(
  context: Context,
  type: ResourceType,
  id: string,
  { ifMatch, ifNoneMatch }: Input,
): Awaitable<readonly string[] | undefined> {
  if (ifMatch === undefined && context.provider.options.requireIfMatch) {
    throw new ScimError(428, 'The request must have an If-Match header.')
  }
  // Decision A-73: a store without versions has none to compare with.
  if (!type.supports.versions) return undefined
  // "*" matches every resource that exists; a missing resource is a 404 (RFC 7644 section 3.12).
  const named = ifMatch === '*' ? undefined : ifMatch
  return ifNoneMatch === undefined ? named : versionNotAmong(context, type, id, ifNoneMatch, named)
}

async function versionNotAmong(
  context: Context,
  type: ResourceType,
  id: string,
  ifNoneMatch: Condition,
  named: readonly string[] | undefined,
): Promise<readonly string[]> {
  // RFC 9110 section 13.1.2: a method other than GET and HEAD is answered with 412 when If-None-Match is false. When it
  // is true, the write is bound to the version it is true of.
  const { meta } = await readStored(context, type, id, META)
  const version = meta?.version
  if (isAmong(ifNoneMatch, version) || (named && !isAmong(named, version))) throw ScimError.preconditionFailed()
  return [String(version)]
}

/** After a `'stale'`: 412 if the resource exists (decision A-72), 404 if it does not. */
export async function refuseStale(context: Context, type: ResourceType, id: string): Promise<never> {
  const stored = await findStored(context, type, id, META)
  throw stored === undefined ? unknownResource(type, id) : ScimError.preconditionFailed()
}
