import { ScimError } from '../error.js'
import { atOnce, type InTurns, inTurns } from '../in-turns.js'
import type { ResourceSchema } from '../schema/define/schema.js'
import { isLongList } from '../schema/reading/read-ahead.js'
import { readValueAhead } from '../schema/resources/canonicalize.js'
import { withoutColon } from '../schema/values/trailing-colon.js'
import { expandExtension, expandValue, repeatsId } from './expand.js'
import { findHeads } from './identity.js'
import { normalizeTarget } from './normalize-target.js'
import type { PatchOperation } from './patch.js'
import { PATCH_LIMITS, type PatchOptions, type RawOperation, readPatchOp } from './patch-op.js'
import { expandSchemas } from './schemas-path.js'
import { findTarget, type PatchContext, type TargetedOperation } from './target.js'

/**
 * Converts the operations of a PATCH request to normal form, RFC 7644 section 3.5.2: tolerances applied, paths
 * resolved, values canonical and valid, an operation without path split into one for each attribute. Errors that do not
 * depend on the stored resource are thrown here as a {@link ScimError}; the others when the operations are applied.
 */
export function normalizePatch(
  schema: ResourceSchema,
  body: unknown,
  options: PatchOptions,
): readonly PatchOperation[] {
  return atOnce(normalizing(schema, body, options))
}

/**
 * Converts the operations of a PATCH request to normal form, as {@link normalizePatch} does, with pauses: one operation
 * may contain thousands of paths.
 */
export function normalizePatchInTurns(
  schema: ResourceSchema,
  body: unknown,
  options: PatchOptions,
  pause: () => Promise<void> | undefined,
): readonly PatchOperation[] | Promise<readonly PatchOperation[]> {
  return inTurns(normalizing(schema, body, options), pause)
}

/** Pauses after each operation of the request, and within long ones. */
function* normalizing(
  schema: ResourceSchema,
  body: unknown,
  options: PatchOptions,
): InTurns<readonly PatchOperation[]> {
  const { tolerate, identify, limits, id } = options
  const scope: PatchContext = { schema, tolerate, identify, id, limits: { ...PATCH_LIMITS, ...limits } }
  const operations: PatchOperation[] = []
  let filters = 0
  const all: (readonly TargetedOperation[])[] = []
  for (const raw of readPatchOp(body, options)) {
    const targets = targetsOf(scope, raw)
    all.push(isList(targets) ? targets : yield* targets)
    yield
  }
  const writes = all.some((targets) => targets.some(isWrite))
  for (const targets of all) {
    for (const targeted of targets) {
      // Decision A-59c: an attribute that the client may not write must not prevent other changes, such as a
      // deactivation.
      if (repeatsId(scope, targeted)) continue
      if (writes && !isWrite(targeted) && !targeted.repeats && tolerate('readOnlyPath', pathOf(targeted))) continue
      const operation = isLongList(targeted.value)
        ? yield* longOperation(scope, targeted)
        : normalizeTarget(scope, targeted)
      if (!operation) continue
      operations.push(operation)
      // By tolerance a value without path may contain many more paths than there are operations.
      if (operation.filter && ++filters > scope.limits.operations) {
        throw ScimError.tooLarge(`A PATCH must not have more than ${scope.limits.operations} operations.`)
      }
    }
    yield
  }
  return Object.freeze(operations)
}

/** Reads a long list, and makes the heads of its values, with pauses. */
function* longOperation(scope: PatchContext, targeted: TargetedOperation): InTurns<PatchOperation | undefined> {
  const { op, target, value } = targeted
  const { tolerate, identify } = scope
  const reading = { tolerate, identify, remove: op === 'remove' }
  const ahead = yield* readValueAhead(target.subAttribute ?? target.attribute, value, reading)
  yield
  const operation = normalizeTarget({ ...scope, ahead }, targeted)
  yield
  if (operation && op !== 'remove') yield* findHeads(operation)
  return operation
}

/** Whether an operation addresses an attribute that a client may write. */
function isWrite({ target: { attribute, subAttribute } }: TargetedOperation): boolean {
  return attribute.mutability !== 'readOnly' && subAttribute?.mutability !== 'readOnly'
}

function pathOf({ target: { attribute, subAttribute } }: TargetedOperation): string {
  return (subAttribute ?? attribute).path
}

type Targets = readonly TargetedOperation[]

/** The targets of an operation. A value may hold thousands of them if it has no path, or that of an extension. */
function targetsOf(scope: PatchContext, raw: RawOperation): Targets | InTurns<Targets> {
  const { op, value } = raw
  const path = raw.path && withoutColon(raw.path, scope.tolerate)
  if (path === undefined || isResourceItself(scope, path)) return expandValue(scope, raw)
  const target = findTarget(path, scope)
  if (!target) return []
  if (target.attribute.isExtension) return expandExtension(scope, op, target.attribute, value)
  const targeted = { op, target, value }
  return target.attribute === scope.schema.root.subAttribute('schemas') ? expandSchemas(scope, targeted) : [targeted]
}

function isList(targets: Targets | InTurns<Targets>): targets is Targets {
  return Array.isArray(targets)
}

/** Whether a path means the whole resource, as a missing path does. */
function isResourceItself({ schema, tolerate }: PatchContext, path: string): boolean {
  if (path === '') return tolerate('emptyPath')
  return schema.urn(path) === schema.base.id && tolerate('coreUrnPath')
}
