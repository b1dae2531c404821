import type { BulkOperation } from '../../message/bulk.js'
import { referencesIn } from '../../message/bulk-reference.js'
import type { Context } from '../request/context.js'
import { type BulkTarget, checkOperation, readPath } from './target.js'

/** One operation of a bulk request with what can be told before anything is carried out. */
export interface Step {
  /** Its place in the request, counted from 0. */
  readonly index: number
  readonly operation: BulkOperation
  /** Undefined when its path leads nowhere. */
  readonly target: BulkTarget | undefined
  /** Why it cannot be carried out whatever is stored. */
  readonly fault: unknown
  /** The bulkIds that its data and its path refer to. */
  readonly references: ReadonlySet<string>
  /** The bulkId under which others may refer to what it creates; undefined when it creates nothing. */
  readonly bulkId: string | undefined
}

/** Reads one operation. What is wrong with it is its own failure, and not one of the request. */
function readStep(context: Context, operation: BulkOperation, index: number): Step {
  let target: BulkTarget | undefined
  let fault: unknown
  try {
    target = readPath(context, operation.path)
    checkOperation(operation, target)
  } catch (error) {
    fault = error
  }
  const inData = referencesIn(operation.data)
  const references = target?.bulkId === undefined ? inData : new Set([...inData, target.bulkId])
  const { method, bulkId } = operation
  const creates = method === 'POST' && typeof bulkId === 'string' && bulkId !== ''
  return { index, operation, target, fault, references, bulkId: creates ? bulkId : undefined }
}

/** Reads the operations of a request, and lets others have their turn meanwhile. */
export async function readSteps(context: Context, operations: readonly BulkOperation[]): Promise<readonly Step[]> {
  const steps: Step[] = []
  for (const operation of operations) {
    steps.push(readStep(context, operation, steps.length))
    const pause = context.breather.pauseIfDue()
    if (pause) await pause
  }
  return steps
}
