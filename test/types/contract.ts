// Four adapters as people would write them. They need not run: `tsc` says whether the contract carries them.
import type {
  Call,
  Candidates,
  CursorPage,
  Draft,
  Identity,
  ListQuery,
  ResourceAdapter,
  Stored,
  WriteCall,
} from '../../src/adapter/contract.js'
import { ScimError } from '../../src/error.js'
import { scimRouter } from '../../src/express/router.js'
import type { Filter } from '../../src/filter/ast.js'
import { bearer } from '../../src/provider/policy/bearer.js'
import type { GroupResource } from '../../src/schema/core/group.js'
import type { UserResource } from '../../src/schema/core/user.js'
import type { Json } from '../../src/schema/model/definition.js'

/** Tagged templates of postgres.js and the like. */
type Sql = <Row>(strings: TemplateStringsArray, ...values: readonly unknown[]) => Promise<readonly Row[]>

interface Account extends Identity {
  readonly tenant: string
}

// 1. SQL: members in a table of their own. PATCH takes the delta, versions are checked in the write, members are
//   streamed.

interface GroupRow {
  readonly id: number
  readonly display_name: string
  readonly version: number
  readonly created: Date
  readonly last_modified: Date
}

export function sqlGroups(
  begin: <T>(work: (sql: Sql) => Promise<T>) => Promise<T>,
  read: Sql,
): ResourceAdapter<GroupResource, Account> {
  const toStored = (row: GroupRow, call: Call<Account>): Stored<GroupResource> => ({
    id: row.id,
    displayName: row.display_name,
    ...(call.select.has('members') && { members: membersOf(row.id) }),
    meta: { created: row.created, lastModified: row.last_modified, version: row.version },
  })

  async function* membersOf(id: number): AsyncGenerator<{ value: string; type: string }> {
    for (let after = ''; ; ) {
      const rows = await read<{ value: string; type: string }>`
        select member_id as value, type from members where group_id = ${id} and member_id > ${after} limit 1000`
      yield* rows
      if (rows.length < 1000) return
      after = rows.at(-1)?.value ?? after
    }
  }

  async function* everyGroup(call: Call<Account>): AsyncGenerator<Stored<GroupResource>> {
    const rows = await read<GroupRow>`select * from groups where tenant = ${call.tenant} order by id`
    for (const row of rows) yield toStored(row, call)
  }

  const isOurs = (id: string): boolean => /^\d{1,9}$/.test(id)

  /** The row, locked; 'stale' when it has none of the versions that the client named. */
  const lock = async (sql: Sql, id: string, call: WriteCall<Account>): Promise<GroupRow | 'stale' | undefined> => {
    const [row] = await sql<GroupRow>`select * from groups where tenant = ${call.tenant} and id = ${id} for update`
    return row && call.ifMatch && !call.ifMatch.includes(String(row.version)) ? 'stale' : row
  }

  return {
    create: (draft, call) =>
      begin(async (sql) => {
        const [row] =
          await sql<GroupRow>`insert into groups (tenant, display_name) values (${call.tenant}, ${draft.displayName}) returning *`
        if (!row) throw ScimError.uniqueness('displayName')
        for (const { value } of draft.members ?? []) await sql`insert into members values (${row.id}, ${value})`
        return toStored(row, call)
      }),

    get: async (id, call) => {
      if (!isOurs(id)) return undefined
      const [row] = await read<GroupRow>`select * from groups where tenant = ${call.tenant} and id = ${id}`
      return row && toStored(row, call)
    },

    list: async (query, call) => {
      // The router does the queries that the table cannot answer.
      if (query.filter || query.sort || query.pagination === 'cursor') return everyGroup(call)
      const rows = await read<GroupRow & { total: number }>`
        select *, count(*) over () as total from groups where tenant = ${call.tenant}
        order by id limit ${query.count} offset ${query.startIndex - 1}`
      return { resources: rows.map((row) => toStored(row, call)), totalResults: rows[0]?.total ?? 0 }
    },

    replace: (id, draft, call) =>
      begin(async (sql) => {
        if (!isOurs(id)) return null
        const row = await lock(sql, id, call)
        if (row === undefined || row === 'stale') return row
        const [after] = await sql<GroupRow>`
          update groups set display_name = ${draft.displayName}, version = version + 1 where id = ${id} returning *`
        return after && toStored(after, call)
      }),

    delete: async (id, call) => {
      if (!isOurs(id)) return false
      const gone = await read`delete from groups where tenant = ${call.tenant} and id = ${id} returning id`
      return gone.length > 0
    },

    patch: (id, patch, call) => {
      const members = patch.delta('members')
      const { set } = patch
      if (!members || !set) return 'decline'
      return begin(async (sql) => {
        const row = await lock(sql, id, call)
        if (row === undefined || row === 'stale') return row
        const add = members.add.map(({ value }) => value)
        const removed = members.clear
          ? await sql<{
              id: string
            }>`delete from members where group_id = ${id} and not member_id = any(${add}) returning member_id as id`
          : await sql<{
              id: string
            }>`delete from members where group_id = ${id} and member_id = any(${members.remove}) returning member_id as id`
        const added = await sql<{
          id: string
        }>`insert into members select ${id}, unnest(${add}) on conflict do nothing returning member_id as id`
        const named = set.displayName !== undefined && set.displayName !== row.display_name
        if (!named && added.length + removed.length === 0) return { changed: false, version: row.version }
        const [after] = await sql<GroupRow>`
          update groups set display_name = ${set.displayName ?? row.display_name}, version = version + 1
          where id = ${id} returning *`
        return {
          changed: true,
          version: after?.version,
          changes: { members: { added: added.map((one) => one.id), removed: removed.map((one) => one.id) } },
        }
      })
    },
  }
}

/** A filter is a tree told apart by `kind`; the compiler knows when every kind is dealt with. */
export function attributesOf(filter: Filter): readonly string[] {
  switch (filter.kind) {
    case 'compare':
    case 'present':
    case 'valuePath':
      return [filter.attribute.path]
    case 'not':
      return attributesOf(filter.filter)
    case 'and':
    case 'or':
      return filter.filters.flatMap(attributesOf)
  }
}

// 2. An ORM: `equals` makes a list of candidates, the router does the rest. Unknown columns are null, ids are numbers.

interface UserRecord {
  readonly id: number
  readonly email: string
  readonly givenName: string | null
  readonly disabledAt: Date | null
  readonly updatedAt: Date
}

interface Orm {
  readonly create: (data: Partial<UserRecord>) => Promise<UserRecord>
  readonly find: (where: Partial<UserRecord>) => Promise<readonly UserRecord[]>
  readonly update: (id: number, data: Partial<UserRecord>) => Promise<UserRecord | null>
  readonly delete: (id: number) => Promise<number>
}

export function ormUsers(orm: Orm): ResourceAdapter<UserResource> {
  const toStored = (row: UserRecord): Stored<UserResource> => ({
    id: row.id,
    userName: row.email,
    name: { givenName: row.givenName },
    active: row.disabledAt === null,
    title: null,
    meta: { lastModified: row.updatedAt, created: null },
  })
  const toData = (draft: Draft<UserResource>): Partial<UserRecord> => ({
    email: draft.userName,
    givenName: draft.name?.givenName ?? null,
    disabledAt: draft.active === false ? new Date() : null,
  })
  return {
    create: async (draft) => toStored(await orm.create(toData(draft))),
    get: async (id) => {
      const [row] = await orm.find({ id: Number(id) })
      return row && toStored(row)
    },
    list: async (query): Promise<Candidates<UserResource>> => {
      const email = query.equals('userName')
      const rows = await orm.find(email === undefined ? {} : { email })
      return rows.map(toStored)
    },
    replace: async (id, draft) => {
      const row = await orm.update(Number(id), toData(draft))
      return row && toStored(row)
    },
    delete: async (id) => (await orm.delete(Number(id))) > 0,
  }
}

// 3. Cursors both ways: positions are any JSON, here the last key of a page.

export async function pageOfUsers(
  read: Sql,
  query: ListQuery,
): Promise<CursorPage<UserResource> | Candidates<UserResource>> {
  if (query.pagination === 'index') return everyUser(read)
  const backwards = query.before !== undefined
  const from = nameAt(backwards ? query.before : query.after)
  const rows = backwards
    ? await read<{
        id: string
        userName: string
      }>`select * from users where name < ${from} order by name desc limit ${query.count + 1}`
    : await read<{
        id: string
        userName: string
      }>`select * from users where name > ${from} order by name limit ${query.count + 1}`
  const resources = rows.slice(0, query.count)
  if (backwards) resources.reverse()
  const more = rows.length > query.count
  const [first, last] = [resources[0], resources.at(-1)]
  return {
    resources,
    next: last && (backwards || more) ? { name: last.userName } : undefined,
    previous: first && (backwards ? more : query.after !== undefined) ? { name: first.userName } : undefined,
  }
}

function nameAt(position: Json | undefined): string {
  return typeof position === 'object' && position !== null && 'name' in position ? String(position.name) : ''
}

async function* everyUser(read: Sql): AsyncGenerator<Stored<UserResource>> {
  yield* await read<{ id: string; userName: string }>`select * from users order by id`
}

// 4. A factory: one adapter for each tenant, and the transaction that the router opened.

interface Tenant {
  readonly adapter: (transaction: Sql | undefined) => ResourceAdapter<UserResource, Account>
}

export function usersOf(
  tenants: ReadonlyMap<string, Tenant>,
): (call: Call<Account>) => ResourceAdapter<UserResource, Account> {
  return (call) => {
    const tenant = tenants.get(call.auth.tenant)
    if (!tenant) throw ScimError.forbidden()
    return tenant.adapter(call.transaction as Sql | undefined)
  }
}

/** An adapter may be a class as well; it is called as methods, so `this` holds. */
export class UserStore implements ResourceAdapter<UserResource, Account> {
  readonly #rows = new Map<string, Stored<UserResource>>()
  #next = 1

  create(draft: Draft<UserResource>): Stored<UserResource> {
    const stored = { ...draft, id: this.#next++ }
    this.#rows.set(String(stored.id), stored)
    return stored
  }
  get(id: string): Stored<UserResource> | undefined {
    return this.#rows.get(id)
  }
  list(): Candidates<UserResource> {
    return this.#rows.values()
  }
  replace(
    id: string,
    draft: Draft<UserResource>,
    call: WriteCall<Account>,
  ): Stored<UserResource> | 'stale' | undefined {
    const before = this.#rows.get(id)
    if (!before) return undefined
    if (call.ifMatch && !call.ifMatch.includes(String(before.meta?.version))) return 'stale'
    const stored = { ...draft, id: before.id }
    this.#rows.set(id, stored)
    return stored
  }
  delete(id: string): boolean {
    return this.#rows.delete(id)
  }
}

// These adapters break the contract, so they do not compile.

export const wrong: readonly Partial<ResourceAdapter<UserResource, Account>>[] = [
  // @ts-expect-error an id is a string
  { get: (id: number) => ({ id }) },
  // @ts-expect-error userName is a string
  { get: (id) => ({ id, userName: 5 }) },
  // @ts-expect-error a stored resource has an id
  { create: (draft) => ({ userName: draft.userName }) },
  // @ts-expect-error a draft has no id
  { create: (draft) => ({ id: draft.id }) },
  // @ts-expect-error a draft is not to be changed
  { create: (draft) => Object.assign(draft, { id: delete draft.userName }) },
  // @ts-expect-error there is no such answer
  { replace: () => 'declined' },
  // @ts-expect-error a page has resources
  { list: () => ({ totalResults: 1 }) },
  // @ts-expect-error a delta is of an attribute that there is
  { patch: (_, patch) => ({ changed: patch.delta('nope') !== undefined }) },
  // @ts-expect-error the result of authenticate has a tenant, and no organization
  { delete: (_, call) => call.auth.organization === 'a' },
]

// `tenants: 'required'` wants an identity that always has a tenant.

declare const known: boolean
declare const users: ResourceAdapter<UserResource>

scimRouter({
  tenants: 'required',
  authenticate: ({ token }) => (token ? { tenant: 'acme' } : null),
  authorize: ({ tenant }) => tenant.length > 0,
  resources: { User: { adapter: users } },
})
scimRouter({
  tenants: 'required',
  // @ts-expect-error the tenant may be undefined
  authenticate: () => (known ? { tenant: known ? 'acme' : undefined } : null),
  resources: { User: { adapter: users } },
})
scimRouter({
  tenants: 'required',
  // @ts-expect-error a fixed token has no tenant
  authenticate: bearer('token'),
  resources: { User: { adapter: users } },
})
scimRouter({
  authenticate: bearer('token'),
  // @ts-expect-error a policy that returns nothing permits nothing
  authorize: () => undefined,
  resources: { User: { adapter: users } },
})
// An identity may carry a rule for writes, which knows the write as the option `validate` does.
scimRouter({
  authenticate: () => ({ tenant: 'acme', validate: async ({ after }) => void (await after())?.['userName'] }),
  resources: { User: { adapter: users } },
})
scimRouter({
  // @ts-expect-error a rule throws to refuse, and returns nothing
  authenticate: () => ({ tenant: 'acme', validate: () => false }),
  resources: { User: { adapter: users } },
})
// `select.shows` is always there; `'conflict'` is no answer to a version that does not match.
export const removals: NonNullable<ResourceAdapter<UserResource>['delete']>[] = [
  (_, call) => (call.ifMatch ? 'stale' : true),
  // @ts-expect-error the answer is 'stale'
  (_, call) => (call.ifMatch ? 'conflict' : true),
]
export const showsName = (id: string, call: Parameters<ResourceAdapter<UserResource>['get']>[1]): boolean =>
  id !== '' && call.select.shows('userName')
