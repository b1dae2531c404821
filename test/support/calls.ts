import type { Call, ListQuery, WriteCall } from '../../src/adapter/contract.js'
import { selectionOf } from '../../src/adapter/selections.js'
import { strict } from '../../src/compatibility.js'
import { parseFilter } from '../../src/filter/parse.js'
import { resolveFilter } from '../../src/filter/resolve.js'
import { EnterpriseUser, Group, User } from '../../src/index.js'
import { patchOf } from '../../src/patch/delta.js'
import { normalizePatch } from '../../src/patch/normalize.js'
import { type ResourceSchema, resourceSchema } from '../../src/schema/define/schema.js'

export const USER_TYPE: ResourceSchema = resourceSchema(User, [{ schema: EnterpriseUser, required: false }])
export const GROUP_TYPE: ResourceSchema = resourceSchema(Group)

/** A call as the router makes it, with all attributes selected but the excluded ones. */
export function callOf(given: Partial<WriteCall> & { readonly without?: readonly string[] } = {}): Call & WriteCall {
  const { without = [], ...rest } = given
  return {
    auth: {},
    tenant: 'acme',
    select: selectionOf((name) => !without.includes(name)),
    // Each use has a signal of its own: tests make a hundred calls with one object at the same time.
    get signal() {
      return new AbortController().signal
    },
    limits: { groupLinks: 100_000, scanResources: 100_000, scanTime: 2_000, memberEvents: 0 },
    transaction: undefined,
    params: {},
    request: undefined,
    ifMatch: undefined,
    ...rest,
  }
}

/** A list query by index. */
export function queryOf(
  schema: ResourceSchema,
  { filter, ...rest }: { readonly filter?: string; readonly [member: string]: unknown } = {},
): ListQuery {
  const bound = filter === undefined ? undefined : resolveFilter(parseFilter(filter), schema)
  return {
    filter: bound,
    sort: undefined,
    count: 100,
    pagination: 'index',
    startIndex: 1,
    equals: () => undefined,
    ...rest,
  } as ListQuery
}

/** A patch as an adapter gets it. */
export function patchFor(schema: ResourceSchema, ...operations: readonly unknown[]): any {
  const message = { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: operations }
  return patchOf(schema, normalizePatch(schema, message, { tolerate: strict }))
}
