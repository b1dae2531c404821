import { BULK_REQUEST } from '../../src/urn.js'
import type { Answer, ScimClient } from '../support/client.js'

/** The parts of a bulk operation that a test names. */
export interface Operation {
  readonly method?: unknown
  readonly path?: unknown
  readonly bulkId?: unknown
  readonly version?: unknown
  readonly data?: unknown
}

export const post = (path: string, bulkId: string, data: unknown): Operation => ({ method: 'POST', path, bulkId, data })
export const patchOp = (...Operations: readonly object[]): object => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations,
})

/** The body of a bulk request. */
export function bulkOf(operations: readonly Operation[], rest: object = {}): object {
  return { schemas: [BULK_REQUEST], ...rest, Operations: operations }
}

/** Sends a bulk request. */
export function sendBulk(scim: ScimClient, operations: readonly Operation[], rest: object = {}): Promise<Answer> {
  return scim.post('/Bulk', bulkOf(operations, rest))
}

/** The statuses of the operations of an answer. */
export function statuses({ status, body }: Answer): readonly string[] {
  expect(status).toBe(200)
  return body.Operations.map((operation: { readonly status: string }) => operation.status)
}

/** The id in the location of each operation, undefined where it has none. */
export function ids({ body }: Answer): readonly string[] {
  return body.Operations.map(({ location }: { readonly location?: string }) => location?.split('/').pop())
}
