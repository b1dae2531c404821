import type { ListQuery, Patch, Sort, WriteCall } from '../../src/adapter/contract.js'
import { selectionOf } from '../../src/adapter/selections.js'
import type { Filter } from '../../src/filter/ast.js'
import { equalsIn } from '../../src/filter/equals.js'
import { parseFilter } from '../../src/filter/parse.js'
import { resolveFilter } from '../../src/filter/resolve.js'
import { patchOf } from '../../src/patch/delta.js'
import type { PatchOperation } from '../../src/patch/patch.js'
import { EnterpriseUser } from '../../src/schema/core/enterprise-user.js'
import { Group } from '../../src/schema/core/group.js'
import { User } from '../../src/schema/core/user.js'
import { type ResourceSchema, resourceSchema } from '../../src/schema/define/schema.js'
import type { Json } from '../../src/schema/model/definition.js'

export const userSchema = resourceSchema(User, [{ schema: EnterpriseUser, required: false }])
export const groupSchema = resourceSchema(Group)

interface CallOptions {
  readonly tenant?: string
  readonly select?: readonly string[]
  readonly ifMatch?: readonly string[]
}

/** The call that a router gives an adapter; all attributes are selected unless `select` names some. */
export function callWith({ tenant, select, ifMatch }: CallOptions = {}): WriteCall {
  return {
    auth: { tenant },
    tenant,
    select: selectionOf((attribute) => select?.includes(attribute) ?? true),
    signal: new AbortController().signal,
    limits: { groupLinks: 100_000, scanResources: 100_000, scanTime: 2_000, memberEvents: 0 },
    transaction: undefined,
    params: {},
    request: undefined,
    ifMatch,
  }
}

interface QueryOptions {
  readonly filter?: string
  readonly sortBy?: string
  readonly sortOrder?: Sort['order']
  readonly count?: number
  readonly startIndex?: number
}

/** A query by index. */
export function queryOf(schema: ResourceSchema, options: QueryOptions = {}): ListQuery {
  return { ...bind(schema, options), pagination: 'index', startIndex: options.startIndex ?? 1 }
}

interface CursorOptions extends QueryOptions {
  readonly after?: Json | undefined
  readonly before?: Json | undefined
}

/** A query by cursor. */
export function cursorQueryOf(schema: ResourceSchema, options: CursorOptions = {}): ListQuery {
  return { ...bind(schema, options), pagination: 'cursor', after: options.after, before: options.before }
}

function bind(schema: ResourceSchema, { filter: text, sortBy, sortOrder = 'ascending', count = 100 }: QueryOptions) {
  const filter: Filter | undefined = text === undefined ? undefined : resolveFilter(parseFilter(text), schema)
  const sort: Sort | undefined =
    sortBy === undefined ? undefined : { attribute: find(schema, sortBy), order: sortOrder }
  return { filter, sort, count, equals: (path: string) => equalsIn(filter, path) }
}

/** An attribute by `name` or `name.sub`. */
export function find(schema: ResourceSchema, path: string) {
  const [name = '', sub] = path.split('.')
  const attribute = schema.find({ urn: undefined, name, sub })
  if (!attribute) throw new Error(`no attribute ${path}`)
  return attribute
}

interface OperationOptions {
  readonly op: PatchOperation['op']
  readonly path: string
  readonly value?: unknown
  readonly filter?: string
}

/** A patch of operations on attributes: `{ op: 'remove', path: 'members', filter: 'value eq "1"' }`. */
export function patchWith<R>(schema: ResourceSchema, ...operations: readonly OperationOptions[]): Patch<R> {
  const bound = operations.map(({ op, path, value, filter }): PatchOperation => {
    const attribute = find(schema, path.split('.')[0] ?? '')
    const found = filter && resolveFilter(parseFilter(`${attribute.name}[${filter}]`), schema)
    return {
      op,
      attribute,
      filter: found && found.kind === 'valuePath' ? found.filter : undefined,
      subAttribute: path.includes('.') ? find(schema, path) : undefined,
      value,
      create: undefined,
    }
  })
  return patchOf(schema, bound) as unknown as Patch<R>
}
