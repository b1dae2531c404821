import type { Tolerate } from '../compatibility.js'
import { ScimError } from '../error.js'
import { printPath } from '../filter/find.js'
import { isAttributeName } from '../filter/lex.js'
import type { AttributePath, ResourceSchema } from '../schema/define/schema.js'
import { type IdentifyReference, quoteName, type ReadAhead } from '../schema/reading/reading.js'
import { knownTarget, rememberTarget } from './known-targets.js'
import type { PatchOperation } from './patch.js'
import type { PatchLimits } from './patch-op.js'
import { type PatchTarget, parsePath, resolvePath } from './path.js'

/** The context that all operations of one PATCH share. */
export interface PatchContext {
  readonly schema: ResourceSchema
  readonly tolerate: Tolerate
  readonly identify: IdentifyReference | undefined
  readonly limits: PatchLimits & { readonly operations: number; readonly values: number }
  readonly id?: string | undefined
  /** Values of long lists that have been read before, with pauses. */
  readonly ahead?: ReadAhead | undefined
}

/** An operation with its path resolved, or one key of a value without path. Its value is as the client sent it. */
export interface TargetedOperation {
  readonly op: PatchOperation['op']
  readonly target: PatchTarget
  readonly value: unknown
  /** A readOnly attribute in a value without path: the client may only repeat the stored value. */
  readonly repeats?: boolean
}

/** The target of an operation's path; undefined if the operation must be skipped. */
export function findTarget(path: string, { schema, tolerate, limits }: PatchContext): PatchTarget | undefined {
  const known = knownTarget(schema, path, limits.filters)
  if (known) return known
  const parsed = parsePath(path, { tolerate, ...(limits.filters && { limits: limits.filters }) })
  const target = resolvePath(parsed, schema, { tolerate })
  if (target) {
    rememberTarget(schema, path, target)
    return target
  }
  const shown = quoteName(schema.root, printPath(parsed.path) + (parsed.sub ? `[].${parsed.sub}` : ''))
  if (isMalformed(parsed.path, schema)) throw ScimError.invalidPath(`"${shown}" is not the path of an attribute.`)
  if (tolerate('unknownPath', shown)) return undefined
  throw ScimError.invalidPath(`The schema has no attribute "${shown}".`, { attribute: shown })
}

/**
 * Whether the text after a URN is no name (decision A-24). The last part of an unknown URN, such as the "1.0" of
 * "urn:example:1.0", may look like no name.
 */
function isMalformed({ urn, name, sub }: AttributePath, schema: ResourceSchema): boolean {
  if (urn === undefined || sub !== undefined || isAttributeName(name)) return false
  return schema.urn(urn) !== undefined || name.split('.').includes('')
}
