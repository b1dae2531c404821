import type { BulkOperation } from '../../message/bulk.js'
import { referencesIn } from '../../message/bulk-reference.js'
import type { Context } from '../request/context.js'
import { type BulkTarget, checkOperation, readPath } from './target.js'

/** One operation of a bulk request, with the facts known before the first operation runs. */
export type Step = SoundStep | FaultyStep

interface AnyStep {
  /** Its place in the request, counted from 0. */
  readonly index: number
  readonly operation: BulkOperation
  /** The bulkIds that its data and its path refer to. */
  readonly references: ReadonlySet<string>
  /**
   * The bulkId by which other operations may refer to the created resource; undefined if the operation creates none.
   */
  readonly bulkId: string | undefined
}

/** An operation that can be carried out if the store lets it. */
export interface SoundStep extends AnyStep {
  readonly target: BulkTarget
  readonly fault: undefined
}

/** An operation that fails whichever resources are stored. */
export interface FaultyStep extends AnyStep {
  /** Undefined when its path leads nowhere. */
  readonly target: BulkTarget | undefined
  readonly fault: { readonly thrown: unknown }
}

/** A POST under a bulkId, to which other operations may refer. */
export interface CreatingStep extends SoundStep {
  readonly bulkId: string
}

/** Whether an operation creates a resource to which others may refer. */
export function isCreating(step: Step): step is CreatingStep {
  return step.fault === undefined && step.bulkId !== undefined
}

/** Reads one operation. A mistake in it fails this operation, not the request. */
function readStep(context: Context, operation: BulkOperation, index: number, last: Step | undefined): Step {
  const { method, bulkId } = operation
  const creates = method === 'POST' && typeof bulkId === 'string' && bulkId !== ''
  const step = { index, operation, bulkId: creates ? bulkId : undefined }
  let target: BulkTarget | undefined
  let references: ReadonlySet<string> = referencesIn(operation.data)
  try {
    // Most operations create something at the same endpoint as the one before.
    target = last?.operation.path === operation.path && last?.target ? last.target : readPath(context, operation.path)
    if (target.bulkId !== undefined) references = new Set([...references, target.bulkId])
    checkOperation(operation, target)
    return { ...step, references, target, fault: undefined }
  } catch (thrown) {
    return { ...step, references, target, fault: { thrown } }
  }
}

/** Reads the operations of a request, and lets others have their turn meanwhile. */
export async function readSteps(context: Context, operations: readonly BulkOperation[]): Promise<readonly Step[]> {
  const steps: Step[] = []
  for (const operation of operations) {
    steps.push(readStep(context, operation, steps.length, steps.at(-1)))
    const pause = context.breather.pauseIfDue()
    if (pause) await pause
  }
  return steps
}
