import type { Call, ResourceAdapter, WriteCall } from '../../../src/adapter/contract.js'
import type { AdapterChecksOptions } from '../../../src/conformance/index.js'
import { ScimError } from '../../../src/error.js'
import type { MappedType } from '../../../src/postgres/index.js'
import { mappedResources, type SqliteConnection } from '../../../src/sqlite/index.js'
import type { OpenSqlite } from '../../support/sqlite-file.js'
import { revisedMapping, sqliteTableStatements } from '../../support/tables.js'
import type { Mutant } from './mutant.js'

/** A change in the tables, in the declaration, in the statements, around the adapters or in the options. */
interface MappedMutant extends Mutant {
  readonly tables?: readonly [from: string, to: string]
  readonly user?: (type: MappedType) => MappedType
  readonly group?: (type: MappedType) => MappedType
  /** Changes a statement before it is run. */
  readonly statement?: (text: string) => string
  readonly adapter?: (adapter: Required<ResourceAdapter>) => Partial<ResourceAdapter>
  readonly options?: Partial<AdapterChecksOptions>
}

const hash = (password: string | undefined): string | undefined => password && `hash of ${password.length} letters`

/** Mapped tables on SQLite, with a change in them, and the options of the kit for them. */
export function mappedKit(open: () => OpenSqlite, mutant: Partial<MappedMutant> = {}): AdapterChecksOptions {
  const supports = { versions: true, cursor: 'both' } as const
  let connection: OpenSqlite | undefined
  return {
    resourceTypes: {
      User: {
        supports,
        reveal: (id) => {
          const statement = connection?.prepare('SELECT password_hash FROM accounts WHERE id = ?')
          const [row] = (statement?.all(id) ?? []) as readonly { readonly password_hash: unknown }[]
          return row?.password_hash
        },
      },
      Group: { supports },
    },
    members: 60,
    create: async () => {
      const opened = open()
      connection = opened
      const [from, to] = mutant.tables ?? ['', '']
      const statements = sqliteTableStatements()
      if (!statements.includes(from)) throw new Error(`There is no "${from}" in the tables.`)
      opened.exec(statements.replace(from, to))
      const { User, Group } = revisedMapping('main')
      const mapping = {
        User: (mutant.user ?? ((type) => type))({
          ...User,
          attributes: { ...User.attributes, password: { column: 'password_hash', write: hash } },
        }),
        Group: (mutant.group ?? ((type) => type))(Group),
      }
      const resources = mappedResources({ database: rewriting(opened, mutant.statement) }, mapping)
      const wrap = (adapter: unknown): never => {
        const sound = adapter as Required<ResourceAdapter>
        return { ...sound, ...mutant.adapter?.(sound) } as never
      }
      return { User: wrap(resources.User.adapter), Group: wrap(resources.Group.adapter) }
    },
    ...mutant.options,
  }
}

function rewriting(connection: OpenSqlite, change: MappedMutant['statement']): SqliteConnection {
  return change ? { prepare: (text) => connection.prepare(change(text)) } : connection
}

const LOOKUP = 'User: filter: every text is compared letter by letter, with % and _ and * like any other'
const ALONE = 'User: the resource of one tenant does not exist for another'
const LISTED = 'User: no list of one tenant has or counts a resource of another'
const UNTENANTED = 'User: a request without a tenant finds nothing of any tenant'
const GONE = 'Group: delete leaves no reference to the deleted resource'
const LARGE = 'Group: a list with very many values comes back whole, and is changed value by value'

/** A condition that is always true, but still has its value, which the statement needs. */
const whatever = (condition: string) => (text: string) => text.replaceAll(condition, `(${condition} OR 1)`)
const compared = (column: string, how: string) => (text: string) => text.replaceAll(`${column} = ? COLLATE BINARY`, how)
const asIfOf =
  (tenant: string | undefined) =>
  ({ get, list, replace, patch, delete: remove }: Required<ResourceAdapter>) => {
    const as = <T extends Call | WriteCall>(call: T): T => ({ ...call, tenant: call.tenant ?? tenant })
    return {
      get: (id: string, call: Call) => get(id, as(call)),
      list: (query: never, call: Call) => list(query, as(call)),
      replace: (id: string, draft: never, call: WriteCall) => replace(id, draft, as(call)),
      patch: (id: string, given: never, call: WriteCall) => patch(id, given, as(call)),
      delete: (id: string, call: WriteCall) => remove(id, as(call)),
    } as Partial<ResourceAdapter>
  }

export const MAPPED_MUTANTS: readonly MappedMutant[] = [
  {
    what: 'compares names by LIKE',
    statement: compared('"r"."email_key"', '"r"."email_key" LIKE ?'),
    check: LOOKUP,
  },
  {
    what: 'compares names by GLOB',
    statement: compared('"r"."email_key"', '"r"."email_key" GLOB ?'),
    check: LOOKUP,
  },
  {
    what: 'compares names with blanks at their end by their letters alone',
    statement: compared('"r"."email_key"', 'rtrim("r"."email_key", \'.\') = rtrim(?, \'.\')'),
    check: LOOKUP,
  },
  {
    what: 'compares family names by LIKE',
    statement: (text) =>
      text.replaceAll(/lower\("r"\."last_name"\) = \? COLLATE BINARY/g, 'lower("r"."last_name") LIKE ?'),
    check: LOOKUP,
  },
  {
    what: 'looks for parts of a text by LIKE without escapes',
    statement: (text) => text.replaceAll(/instr\(("r"\."label_key"), \?\) > 0/g, "$1 LIKE '%' || ? || '%'"),
    check: 'User: filter: texts without regard to letter case',
  },
  {
    what: 'looks up external ids in lower case',
    statement: compared('"r"."external_id"', 'lower("r"."external_id") = ?'),
    check: LOOKUP,
  },
  {
    what: 'looks up external ids without regard to letter case',
    statement: compared('"r"."external_id"', '"r"."external_id" = ? COLLATE NOCASE'),
    check: LOOKUP,
  },
  {
    what: 'stores a password as it came',
    user: (type) => ({ ...type, attributes: { ...type.attributes, password: 'password_hash' } }),
    check: 'User: a password is not stored in clear text',
  },
  {
    what: 'stores a password in base64',
    user: (type) => ({
      ...type,
      attributes: {
        ...type.attributes,
        password: { column: 'password_hash', write: (text) => text && Buffer.from(text).toString('base64') },
      },
    }),
    check: 'User: a password is not stored in clear text',
  },
  {
    what: 'takes ö for o in names',
    tables: ['ON accounts (org, email_key)', "ON accounts (org, replace(email_key, 'ö', 'o'))"],
    check: 'User: values that the filter tells apart are different for uniqueness too, and the other way round',
  },
  {
    what: 'has names unique across tenants',
    tables: ['ON accounts (org, email_key)', 'ON accounts (email_key)'],
    check: 'User: a unique value of one tenant is free for another',
  },
  {
    what: 'has names unique as they are spelled',
    tables: ['ON accounts (org, email_key)', 'ON accounts (org, email)'],
    check: 'User: create refuses a unique value that is in use, and creates nothing',
  },
  {
    what: 'reads by id whatever the tenant',
    statement: whatever('"r"."org" = ?'),
    check: ALONE,
  },
  {
    what: 'lists whatever the tenant',
    statement: (text) => (text.includes('ORDER BY') ? whatever('"r"."org" = ?')(text) : text),
    check: LISTED,
  },
  {
    what: 'counts whatever the tenant',
    statement: (text) => (text.includes('count(*)') ? whatever('"r"."org" = ?')(text) : text),
    check: LISTED,
  },
  {
    what: 'deletes whatever the tenant',
    adapter: ({ delete: remove }) => ({
      delete: async (id, call) => {
        const outcomes = [await remove(id, call), await remove(id, { ...call, tenant: 'kit-a' })]
        return outcomes.find(Boolean) ?? false
      },
    }),
    check: ALONE,
  },
  { what: 'takes a request without tenant for one of the first', adapter: asIfOf('kit-a'), check: UNTENANTED },
  {
    what: 'drops the condition where there is no tenant',
    adapter: ({ get }) => ({
      get: async (id, call) => {
        if (call.tenant !== undefined) return get(id, call)
        return (await get(id, { ...call, tenant: 'kit-a' })) ?? get(id, { ...call, tenant: 'kit-b' })
      },
    }),
    check: UNTENANTED,
  },
  {
    what: 'keeps the memberships of a user who goes',
    tables: ['account_id text REFERENCES accounts,\n      child_id', 'account_id text,\n      child_id'],
    statement: (text) => text.replace(/^(DELETE FROM "main"."team_members".*?) WHERE /, '$1 WHERE 0 AND '),
    check: GONE,
  },
  {
    what: 'finds groups by a member that none has',
    adapter: ({ list }) => ({
      list: (query, call) => {
        const { filter } = query
        const isOfMember = filter?.kind === 'compare' && filter.attribute.path === 'members.value'
        return list(isOfMember ? { ...query, filter: undefined } : query, call)
      },
    }),
    check: GONE,
  },
  {
    what: 'gives a group without members one that is nobody',
    adapter: ({ get }) => ({
      get: async (id, call) => {
        const found = (await get(id, call)) as { members?: readonly unknown[]; displayName?: string } | undefined
        return found?.displayName && !found.members?.length ? ({ ...found, members: [{}] } as never) : (found as never)
      },
    }),
    check: 'Group: each returned reference has the id of its resource',
  },
  {
    what: 'loses a member at the end of a piece',
    adapter: ({ get }) => ({
      get: async (id, call) => {
        const found = (await get(id, call)) as { members?: readonly unknown[] } | undefined
        const isEdge = found?.members?.length === 50
        return isEdge ? ({ ...found, members: found?.members?.slice(0, 49) } as never) : (found as never)
      },
    }),
    check: LARGE,
  },
  {
    what: 'tells of a long list that is replaced that all of it came',
    adapter: ({ replace }) => ({
      replace: async (id, draft, call) => {
        const answer = await replace(id, draft, call)
        const { members } = draft as { members?: readonly { value: string }[] }
        if (typeof answer !== 'object' || answer === null || (members?.length ?? 0) < 30) return answer
        const resource = 'resource' in answer ? answer.resource : answer
        const added = members?.map(({ value }) => value) ?? []
        return { resource, changes: { members: { added, removed: [] } } } as never
      },
    }),
    check: LARGE,
  },
  {
    what: 'makes a value in use of every error',
    options: { mapError: () => ScimError.uniqueness('userName') },
    check: 'User: mapError turns only the errors that it knows into a refusal',
  },
  {
    what: 'keeps what a PUT leaves out',
    statement: (text) => text.replace(/"external_id" = \?/, '"external_id" = coalesce(?, "external_id")'),
    check: 'User: each attribute is cleared and replaced by itself, by replace and by patch',
  },
  {
    what: 'adds to the emails that a PUT replaces',
    statement: (text) => (text.startsWith('DELETE FROM "main"."account_emails"') ? `${text} AND 0` : text),
    check: 'User: replace replaces the stored resource with the whole draft',
  },
  {
    what: 'has pages begin one too late',
    adapter: ({ list }) => ({
      list: (query, call) =>
        list(query.pagination === 'index' ? { ...query, startIndex: query.startIndex + 1 } : query, call),
    }),
    check: 'User: a page has the resources that count and startIndex ask for, and the total of all',
  },
  {
    what: 'ignores the condition of a delete',
    adapter: ({ delete: remove }) => ({ delete: (id, call) => remove(id, { ...call, ifMatch: undefined }) }),
    check: 'User: a condition that does not hold answers stale and changes nothing',
  },
]
