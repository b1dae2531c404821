import type { ScimError } from '../../error.js'
import type { Context } from '../request/context.js'
import { isReported } from '../request/report.js'
import { errorCode } from '../request/request-report.js'
import type { Step } from './step.js'

const LONGEST = 200

/** Notes the outcome of an operation of a bulk request, for its report. */
export function noteBulkOperation(
  context: Context,
  { operation, target, index }: Step,
  { status, id, error }: { readonly status: number; readonly id: string | undefined; readonly error?: ScimError },
): void {
  if (!isReported(context)) return
  const { facts } = context
  facts.bulk ??= []
  facts.bulk[index] = {
    method: textOf(operation.method),
    path: textOf(operation.path),
    resourceType: target?.type.name,
    resourceId: id,
    status,
    scimType: error?.scimType,
    code: error && errorCode(error),
    attribute: error?.attribute,
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value.slice(0, LONGEST) : undefined
}
