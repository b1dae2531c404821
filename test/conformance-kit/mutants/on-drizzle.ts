import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as drizzleOrm from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import * as core from 'drizzle-orm/pg-core'
import type pg from 'pg'
import type { AdapterChecksOptions } from '../../../src/conformance/index.js'
import * as library from '../../../src/index.js'
import { compileList } from '../../../src/sql/index.js'
import { ROOT } from '../../support/process.js'
import { changed, type Mutant } from './mutant.js'

type Change = readonly [from: string, to: string]

/** A change in a file of examples/drizzle. */
interface DrizzleMutant extends Mutant {
  readonly change: Change
  /** Default: `adapter.js`. */
  readonly file?: 'mapping.js' | 'resources.js' | 'tables.js'
}

/** The result of resources.js of the example. */
interface Store {
  readonly resources: Readonly<Record<'User' | 'Group', { readonly adapter: never }>>
  readonly mapError: (error: unknown) => library.ScimError | undefined
}

/** The adapters of examples/drizzle, with a change in them, and the options of the kit for them. */
export function drizzleKit(pool: () => pg.Pool, mutant?: DrizzleMutant): AdapterChecksOptions {
  const source = (file: string): string => {
    const text = readFileSync(join(ROOT, 'examples/drizzle', file), 'utf8')
    return mutant && (mutant.file ?? 'adapter.js') === file ? changed(text, mutant.change) : text
  }
  const schema = evaluate(source('schema.js'), { 'drizzle-orm': drizzleOrm, 'drizzle-orm/pg-core': core })
  const modules = { 'drizzle-orm': drizzleOrm, 'express-scim': library, './schema.js': schema }
  const mapping = evaluate(source('mapping.js'), modules)
  const adapters = evaluate(source('adapter.js'), {
    ...modules,
    'express-scim/sql': { compileList },
    './mapping.js': mapping,
  })
  const { storeOf } = evaluate<{ storeOf: (database: unknown) => Store }>(source('resources.js'), {
    ...modules,
    './adapter.js': adapters,
  })
  const { createTables } = evaluate<{ createTables: string }>(source('tables.js'), {})
  const { resources: declared, mapError } = storeOf(undefined)
  const { adapter: _users, ...User } = declared.User
  const { adapter: _groups, ...Group } = declared.Group
  return {
    resourceTypes: { User: { ...User, supports }, Group: { ...Group, supports } },
    members: 60,
    create: async () => {
      await pool().query(`DROP TABLE IF EXISTS memberships, people, teams; ${createTables}`)
      const { resources } = storeOf(drizzle(pool()))
      return { User: resources.User.adapter, Group: resources.Group.adapter }
    },
    mapError,
  }
}

const supports = { versions: true } as const

/** Runs a module of an example, whose imports are given. */
function evaluate<T = unknown>(text: string, modules: Readonly<Record<string, unknown>>): T {
  const names: string[] = []
  const code = text
    .replace(
      /^import \{([^}]+)\} from '([^']+)'$/gm,
      (_all, imported: string, from: string) => `const {${imported}} = modules[${JSON.stringify(from)}]`,
    )
    .replace(/^export (?:const|function) (\w+)/gm, (all, name: string) => {
      names.push(name)
      return all.slice('export '.length)
    })
  return new Function('modules', `${code}\nreturn { ${names.join(', ')} }`)(modules) as T
}

const ROUND_TRIP = 'create stores the whole draft, and get finds it'
const KEEPS = 'the store keeps every attribute of the schema'
const SINGLE = 'each attribute is cleared and replaced by itself, by replace and by patch'
const PATCHES = 'a patch has the same result as the reference implementation'
const TELLS = 'a patch returns the right version, resource and changes'
const STALE = 'a condition that does not hold answers stale and changes nothing'
const MISSING = 'ids that no resource has are missing, whatever their shape'
const LETTERS = 'filter: every text is compared letter by letter, with % and _ and * like any other'
const ALONE = 'the resource of one tenant does not exist for another'

export const DRIZZLE_MUTANTS: readonly DrizzleMutant[] = [
  {
    what: 'keeps the memberships of a user who goes',
    file: 'tables.js',
    change: ['person_id uuid NOT NULL REFERENCES people ON DELETE CASCADE', 'person_id uuid NOT NULL'],
    check: 'Group: delete leaves no reference to the deleted resource',
  },
  {
    what: 'has no unique index',
    file: 'tables.js',
    change: ['CREATE UNIQUE INDEX IF NOT EXISTS people_login', 'CREATE INDEX IF NOT EXISTS people_login'],
    check: 'User: create refuses a unique value that is in use, and creates nothing',
  },
  {
    what: 'has a unique index that knows letter case',
    file: 'tables.js',
    change: ['people (org_id, lower(login))', 'people (org_id, login)'],
    check: 'User: create refuses a unique value that is in use, and creates nothing',
  },
  {
    what: 'has names unique across tenants',
    file: 'tables.js',
    change: ['people (org_id, lower(login))', 'people (lower(login))'],
    check: 'User: a unique value of one tenant is free for another',
  },
  {
    what: 'has a unique index for which ö is o',
    file: 'tables.js',
    change: ['people (org_id, lower(login))', "people (org_id, translate(lower(login), 'öéü', 'oeu'))"],
    check: 'User: values that the filter tells apart are different for uniqueness too, and the other way round',
  },
  {
    what: 'finds everybody without a tenant',
    change: ['tenant ? eq(table.orgId, tenant) : sql`false`', 'tenant && eq(table.orgId, tenant)'],
    check: 'User: a request without a tenant finds nothing of any tenant',
  },
  {
    what: 'reads by id whatever the tenant',
    change: [
      'const condition = own(table, call, eq(table.id, id))\n    const [resource]',
      'const condition = eq(table.id, id)\n    const [resource]',
    ],
    check: `User: ${ALONE}`,
  },
  {
    what: 'changes by id whatever the tenant',
    change: [
      'const condition = own(table, call, eq(table.id, id))\n      const [row]',
      'const condition = eq(table.id, id)\n      const [row]',
    ],
    check: `User: ${ALONE}`,
  },
  {
    what: 'lists whatever the tenant',
    change: ['own(table, call, sql(where.pieces, ...where.values))', 'sql(where.pieces, ...where.values)'],
    check: 'User: no list of one tenant has or counts a resource of another',
  },
  {
    what: 'counts whatever the tenant',
    change: ['database.$count(table, condition)', 'database.$count(table)'],
    check: 'User: no list of one tenant has or counts a resource of another',
  },
  {
    what: 'takes users of another tenant as members',
    change: ['const known = own(people, call, isOneOf(people.id, ids))', 'const known = isOneOf(people.id, ids)'],
    check: 'Group: a reference to a resource of another tenant shows nothing of it',
  },
  {
    what: 'has pages begin one too late',
    change: ['.offset(page.offset)', '.offset(page.offset + 1)'],
    check: 'User: a page has the resources that count and startIndex ask for, and the total of all',
  },
  {
    what: 'tells the number of resources of a page as the total',
    change: ['totalResults: await database.$count(table, condition)', 'totalResults: resources.length'],
    check: 'User: a page has the resources that count and startIndex ask for, and the total of all',
  },
  {
    what: 'looks up names that are stored in lower case alone',
    file: 'mapping.js',
    change: ["userName: 'login',", "userName: { column: 'login', folded: 'login' },"],
    check: `User: ${LETTERS}`,
  },
  {
    what: 'looks up names of groups that are stored in lower case alone',
    file: 'mapping.js',
    change: ["displayName: 'name',", "displayName: { column: 'name', folded: 'name' },"],
    check: `Group: ${LETTERS}`,
  },
  {
    what: 'drops the external id of a user',
    file: 'mapping.js',
    change: ['    directoryId: externalId,\n    firstName', '    firstName'],
    check: `User: ${KEEPS}`,
  },
  {
    what: 'keeps the external id of a user whom PUT gives none',
    file: 'mapping.js',
    change: ['({ userName, externalId = null,', '({ userName, externalId,'],
    check: `User: ${SINGLE}`,
  },
  {
    what: 'keeps the external id of a group which PUT gives none',
    file: 'mapping.js',
    change: ['{ displayName, externalId = null }', '{ displayName, externalId }'],
    check: `Group: ${SINGLE}`,
  },
  {
    what: 'forgets a new external id of a group',
    change: ['await update(db, id, toRow(draft))', 'await update(db, id, { ...toRow(draft), directoryId: undefined })'],
    check: `Group: ${SINGLE}`,
  },
  {
    what: 'stores external ids in lower case',
    file: 'mapping.js',
    change: [
      '    directoryId: externalId,\n    firstName',
      '    directoryId: externalId?.toLowerCase() ?? null,\n    firstName',
    ],
    check: `User: ${LETTERS}`,
  },
  {
    what: 'folds letters of ASCII alone',
    file: 'tables.js',
    change: ['login text COLLATE "und-x-icu"', 'login text COLLATE "C"'],
    check: 'User: values that the filter tells apart are different for uniqueness too, and the other way round',
  },
  {
    what: 'has everybody active',
    file: 'mapping.js',
    change: ['enabled: active,', 'enabled: true,'],
    check: `User: ${ROUND_TRIP}`,
  },
  {
    what: 'turns active round',
    file: 'mapping.js',
    change: ['active: people.enabled', 'active: sql`NOT enabled`'],
    check: `User: ${ROUND_TRIP}`,
  },
  {
    what: 'keeps a family name that goes',
    file: 'mapping.js',
    change: ['lastName: name.familyName ?? null', 'lastName: name.familyName'],
    check: 'User: replace clears attributes that the draft lacks',
  },
  {
    what: 'mixes up two columns',
    file: 'mapping.js',
    change: [
      '{ givenName: people.firstName, familyName: people.lastName }',
      '{ givenName: people.lastName, familyName: people.firstName }',
    ],
    check: `User: ${ROUND_TRIP}`,
  },
  {
    what: 'filters by the wrong column',
    file: 'mapping.js',
    change: ["'name.givenName': 'first_name'", "'name.givenName': 'last_name'"],
    check: `User: ${LETTERS}`,
  },
  {
    what: 'writes whatever the condition',
    change: ["call.ifMatch && !call.ifMatch.includes(String(row.revision)) ? 'stale' : work(db, row)", 'work(db, row)'],
    check: `User: ${STALE}`,
  },
  {
    what: 'takes a stale write for a missing user',
    change: ["? 'stale' : work(db, row)", '? none : work(db, row)'],
    check: `User: ${STALE}`,
  },
  {
    what: 'locks nothing while it changes a row',
    // All requests read before the first one writes, even on a busy machine.
    change: [
      "const [row] = await db.select().from(table).where(condition).for('no key update')",
      'const [row] = await db.select().from(table).where(condition)\n      await db.execute(sql`SELECT pg_sleep(0.5)`)',
    ],
    check: 'User: of 10 replaces under one version one succeeds',
  },
  {
    what: 'has one version for ever',
    change: [`revision: sql\`\${table.revision} + 1\``, 'revision: table.revision'],
    check: 'User: every callback gives the same version of a resource',
  },
  {
    what: 'moves the time of creation',
    change: ['({ updatedAt: new Date(),', '({ updatedAt: new Date(), createdAt: new Date(),'],
    check: 'User: created and lastModified are times, created stays and lastModified moves on',
  },
  {
    what: 'asks the database for ids of any shape',
    file: 'resources.js',
    change: ["adapter: userAdapter(database),\n        ids: 'uuid',", 'adapter: userAdapter(database),'],
    check: `User: ${MISSING}`,
  },
  {
    what: 'has always deleted',
    change: ['change(id, call, false, async', 'change(id, call, true, async'],
    check: `User: ${MISSING}`,
  },
  {
    what: 'shows an empty group with a member that is nobody',
    file: 'mapping.js',
    change: ["'[]')", `'[{"value":null}]')`],
    check: 'Group: each returned reference has the id of its resource',
  },
  {
    what: 'has every user in every group',
    file: 'mapping.js',
    change: ['JOIN people p ON p.id = m.person_id WHERE m.team_id = teams.id', 'JOIN people p ON true'],
    check: `Group: ${ROUND_TRIP}`,
  },
  {
    what: 'reads fifty members',
    file: 'mapping.js',
    change: [
      'FROM memberships m JOIN people p ON p.id = m.person_id WHERE m.team_id = teams.id',
      'FROM (SELECT * FROM memberships WHERE team_id = teams.id LIMIT 50) m JOIN people p ON p.id = m.person_id',
    ],
    check: 'Group: a list with very many values comes back whole, and is changed value by value',
  },
  {
    what: 'keeps members that PUT leaves out',
    change: ['await remove(db, id, not(isOneOf(memberships.personId, ids)))', ''],
    check: 'Group: replace replaces the stored resource with the whole draft',
  },
  {
    what: 'removes members from every group',
    change: ['and(eq(memberships.teamId, teamId), condition)', 'condition'],
    check: 'Group: replace changes no other resource and makes none',
  },
  {
    what: 'does not remove members by patch',
    change: ['[...delta.remove]', '[]'],
    check: `Group: ${PATCHES}`,
  },
  {
    what: 'does not add members by patch',
    change: ['await add(db, id, idsOf(delta.add), call)', '[]'],
    check: `Group: ${PATCHES}`,
  },
  {
    what: 'leaves the members of a patch that clears them',
    change: ['!delta || delta.clear ||', '!delta ||'],
    check: `Group: ${PATCHES}`,
  },
  {
    what: 'drops all of a patch but members',
    change: [" || [...patch.attributes].some((name) => name !== 'members')", ''],
    check: `Group: ${SINGLE}`,
  },
  {
    what: 'tells a change where there was none',
    change: ['if (added.length + removed.length === 0) return { changed: false, version: revision }', ''],
    check: 'Group: a patch that repeats the stored values changes neither version nor lastModified',
  },
  {
    what: 'tells who came as gone',
    change: ['members: { added, removed }', 'members: { added: removed, removed: added }'],
    check: `Group: ${TELLS}`,
  },
  {
    what: 'tells the version before the patch',
    change: ['version: await update(db, id, {}),', 'version: (await update(db, id, {})) && revision,'],
    check: `Group: ${TELLS}`,
  },
]
