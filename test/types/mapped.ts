// Types that TypeScript makes of declarations of existing tables. These need not run: `tsc` says whether each line
// holds.
import type { MysqlPool } from '../../src/mysql/index.js'
import { mappedResources as inMysql } from '../../src/mysql/index.js'
import { mappedResources } from '../../src/postgres/index.js'
import { mappedResources as inSqlite } from '../../src/sqlite/index.js'

declare const pool: Parameters<typeof mappedResources>[0]['pool']
declare const mysql: MysqlPool
declare const database: Parameters<typeof inSqlite>[0]['database']

const emails = (list: readonly string[] | undefined): string => JSON.stringify(list ?? [])
const listAlone = (list: readonly string[]): string => list.join()
const textAlone = (text: string): string => text.trim()

// `write` gets undefined where there is no value: it says so, or leaves the type of its argument open.

export const each = mappedResources(
  { pool },
  {
    User: {
      table: 'accounts',
      attributes: {
        id: { column: 'id', write: () => 'made' },
        userName: 'email',
        active: { column: 'enabled', write: (active) => active !== false },
        roles: { column: 'roles', write: emails },
        emails: {
          table: 'emails',
          on: { account: 'id' },
          attributes: {
            value: 'address',
            type: { column: 'kind', write: (kind?: string) => kind?.trim() ?? 'work' },
            '*': { json: 'scim' },
          },
        },
        '*': { json: 'scim' },
      },
    },
  },
)

export const lists = mappedResources(
  { pool },
  // @ts-expect-error a list that is not there is undefined
  { User: { table: 'accounts', attributes: { id: 'id', roles: { column: 'roles', write: listAlone } } } },
)

export const values = inSqlite(
  { database },
  // @ts-expect-error so is a value
  { User: { table: 'accounts', attributes: { id: 'id', nickName: { column: 'nick', write: textAlone } } } },
)

const emailTable = {
  table: 'emails',
  on: { account: 'id' },
  attributes: { type: { column: 'kind', write: textAlone } },
}
export const subAttributes = inMysql(
  { pool: mysql },
  // @ts-expect-error and a sub-attribute in a child table
  { User: { table: 'accounts', attributes: { id: 'id', emails: emailTable } } },
)

// A misspelt key of a declaration would be ignored: without `scope` the rows of all customers are shown to each.

export const scope = mappedResources(
  { pool },
  // @ts-expect-error scope
  { User: { table: 'accounts', scpe: { org_id: 1 }, attributes: { id: 'id', userName: 'email' } } },
)

export const folded = inSqlite(
  { database },
  // @ts-expect-error folded
  { User: { table: 'accounts', attributes: { id: 'id', userName: { column: 'email', folde: true } } } },
)

export const until = inMysql(
  { pool: mysql },
  {
    Group: {
      table: 'teams',
      attributes: {
        id: 'id',
        displayName: 'name',
        // @ts-expect-error until
        members: { table: 'seats', on: { team: 'id' }, references: { User: 'account' }, untl: 'ended' },
      },
    },
  },
)
