import { type Condition, readCondition } from '../../adapter/versions.js'
import { ScimError } from '../../error.js'
import type { BulkOperation } from '../../message/bulk.js'
import { replaceReferences } from '../../message/bulk-reference.js'
import { entityTagOf } from '../answer/represent.js'
import type { Result } from '../answer/result.js'
import { createResource } from '../operations/create.js'
import { respondToDelete } from '../operations/delete.js'
import { patch } from '../operations/patch.js'
import { replaceResource } from '../operations/replace.js'
import type { Context } from '../request/context.js'
import type { Input } from '../request/input.js'
import type { SoundStep } from './step.js'

/** The ids of the created resources, by bulkId. */
export type CreatedIds = ReadonlyMap<string, string>

/** The result of an operation that has succeeded. */
export interface Outcome {
  readonly id: string
  readonly status: number
  /** The entity tag of the version that it has made. */
  readonly version: string | undefined
}

/**
 * Carries one operation out as the request of its own that it stands for, with the same permissions and rules.
 *
 * @param data The body of the operation; references in it are replaced.
 */
export async function send(context: Context, step: SoundStep, data: unknown, created: CreatedIds): Promise<Outcome> {
  const { operation, references, target } = step
  const { type, id = created.get(target.bulkId ?? '') ?? '' } = target
  const input: Input = {
    query: {},
    ifMatch: conditionOf(operation),
    ifNoneMatch: undefined,
    body: () => (references.size === 0 ? data : replaceReferences(data, (bulkId) => created.get(bulkId))),
  }
  switch (operation.method) {
    case 'POST': {
      const { stored } = await createResource(context, type, input)
      return { id: String(stored.id), status: 201, version: entityTagOf(context, type, stored.meta?.version) }
    }
    case 'PUT': {
      const { stored } = await replaceResource(context, type, id, input)
      return { id, status: 200, version: entityTagOf(context, type, stored.meta?.version) }
    }
    case 'PATCH':
      return outcomeOf(id, await patch(context, type, id, input))
    default:
      return outcomeOf(id, await respondToDelete(context, type, id, input))
  }
}

function outcomeOf(id: string, { status, headers }: Result): Outcome {
  return { id, status, version: headers.ETag }
}

/** The condition of an operation: its version works as If-Match does (RFC 7644 section 3.7). */
function conditionOf({ version }: BulkOperation): Condition | undefined {
  if (version === undefined) return undefined
  if (typeof version !== 'string') throw ScimError.invalidSyntax('The version of a bulk operation must be a string.')
  const condition = readCondition(version)
  // Some send the version without the quotes of an entity tag.
  return condition?.length === 0 ? [version] : condition
}
