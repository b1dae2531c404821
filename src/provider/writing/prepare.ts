import type { Draft } from '../../adapter/contract.js'
import type { Projection } from '../../schema/projection/project.js'
import { projectionAfterWrite } from '../answer/result.js'
import { keepUnwritable } from '../policy/access.js'
import { hashPasswords } from '../policy/password.js'
import { checkReferences } from '../policy/reference-ids.js'
import type { Context } from '../request/context.js'
import { noteChanges } from '../request/facts.js'
import type { Input } from '../request/input.js'
import { isPending } from '../request/pending.js'
import type { ResourceType } from '../setup/resource-type.js'
import { expectedVersions } from './precondition.js'
import { readPermitted } from './read-permitted.js'
import { readResource } from './read-resource.js'

/** A permitted, valid POST or PUT, before the adapter is called. */
export interface PreparedWrite {
  readonly resource: Draft
  /** The versions that the write is bound to; undefined for a POST and without a condition. */
  readonly ifMatch: readonly string[] | undefined
  /** The attributes that the response shows. */
  readonly projection: Projection
}

/**
 * Takes a POST or PUT from its body to a resource that can be stored: permission, reading, preconditions, passwords. It
 * looks whether a value is pending before it waits: most steps are synchronous, and each needless wait costs as much as
 * the step.
 *
 * @param id Undefined for a POST.
 */
export async function prepare(
  context: Context,
  type: ResourceType,
  id: string | undefined,
  input: Input,
): Promise<PreparedWrite> {
  const isReplace = id !== undefined
  const sent = readPermitted(context, type, isReplace ? 'replace' : 'create', id, input)
  const body = isPending(sent) ? await sent : sent
  const reading = readResource(context, type, body, isReplace)
  const read = isPending(reading) ? await reading : reading
  const pause = context.breather.pauseIfDue()
  if (pause) await pause
  const versions = isReplace ? expectedVersions(context, type, id, input) : undefined
  const ifMatch = isPending(versions) ? await versions : versions
  // A PUT takes the values that the client may not write from the stored resource, which it reads later.
  const writable = isReplace ? read : keepUnwritable(context, type, read, undefined)
  checkReferences(context, type, writable)
  const projection = projectionAfterWrite(context, type, input.query, writable)
  const hashed = hashPasswords(context, type, writable, projection)
  const resource = isPending(hashed) ? await hashed : hashed
  noteChanges(context, type, () => Object.keys(writable))
  return { resource, ifMatch, projection }
}
