import { META } from '../../adapter/selections.js'
import { normalizePatchInTurns } from '../../patch/normalize.js'
import type { PatchOperation } from '../../patch/patch.js'
import { checkPatchWritable } from '../policy/access.js'
import { hashPatchedPasswords } from '../policy/password.js'
import { checkPatchedReferences } from '../policy/reference-ids.js'
import { withoutComputedPaths } from '../query/computed-filter.js'
import type { Context } from '../request/context.js'
import type { Input } from '../request/input.js'
import { isPending } from '../request/pending.js'
import { identifyReference } from '../request/resource-uri.js'
import type { ResourceType } from '../setup/resource-type.js'
import { expectedVersions } from './precondition.js'
import { readPermitted } from './read-permitted.js'
import { withoutRepeatedMeta } from './repeated-meta.js'

/** A permitted, valid PATCH, before the adapter is called. */
export interface PreparedPatch {
  readonly operations: readonly PatchOperation[]
  /** The versions that the write is bound to; undefined without a condition. */
  readonly ifMatch: readonly string[] | undefined
}

/**
 * Takes a PATCH from its body to operations in normal form: permission, reading, preconditions, passwords. As for a
 * POST or PUT (`prepare.ts`), each step is waited for only if its value is pending.
 */
export async function preparePatch(
  context: Context,
  type: ResourceType,
  id: string,
  input: Input,
): Promise<PreparedPatch> {
  const sent = readPermitted(context, type, 'patch', id, input)
  const body = isPending(sent) ? await sent : sent
  const reading = normalizePatchInTurns(
    type.schema,
    body,
    { tolerate: context.tolerate, identify: identifyReference(context), limits: context.provider.patchLimits, id },
    () => context.breather.pauseIfDue(),
  )
  const normalized = isPending(reading) ? await reading : reading
  const pause = context.breather.pauseIfDue()
  if (pause) await pause
  checkPatchWritable(context, type, normalized)
  checkPatchedReferences(context, type, normalized)
  const versions = expectedVersions(context, type, id, input)
  const ifMatch = isPending(versions) ? await versions : versions
  const known = withoutRepeatedMeta(context, type, id, withoutComputedPaths(context, type, normalized))
  const hashed = hashPatchedPasswords(context, known, META)
  return { operations: isPending(hashed) ? await hashed : hashed, ifMatch }
}
