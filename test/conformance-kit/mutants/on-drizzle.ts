import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as drizzleOrm from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import * as core from 'drizzle-orm/pg-core'
import type pg from 'pg'
import type { AdapterChecksOptions } from '../../../src/conformance/index.js'
import { pick, ScimError, User } from '../../../src/index.js'
import { ROOT } from '../../support/process.js'
import { changed, type Mutant } from './mutant.js'

type Change = readonly [from: string, to: string]

/** A change in a file of examples/own-callbacks-drizzle. */
interface DrizzleMutant extends Mutant {
  readonly change: Change
  /** Default: `adapter.js`. */
  readonly file?: 'tables.js'
}

const Person = pick(User, ['userName', 'externalId', 'name.givenName', 'name.familyName', 'active'])

/** The adapters of examples/own-callbacks-drizzle, with a change in them, and the options of the kit for them. */
export function drizzleKit(pool: () => pg.Pool, mutant?: DrizzleMutant): AdapterChecksOptions {
  const attributes = { active: { default: true } } as const
  return {
    resourceTypes: {
      User: { schema: Person, extensions: [], attributes, supports: { versions: true } },
      Group: { supports: { versions: true }, attributes: {} },
    },
    identities: [{}],
    members: 60,
    create: async () => {
      const source = (file: string): string => {
        const text = readFileSync(join(ROOT, 'examples/own-callbacks-drizzle', file), 'utf8')
        return mutant && (mutant.file ?? 'adapter.js') === file ? changed(text, mutant.change) : text
      }
      const { createTables } = evaluate<{ createTables: string }>(source('tables.js'), {})
      await pool().query(`DROP TABLE IF EXISTS memberships, people, teams; ${createTables}`)
      const tables = evaluate(source('schema.js'), { 'drizzle-orm': drizzleOrm, 'drizzle-orm/pg-core': core })
      const modules = { 'drizzle-orm': drizzleOrm, 'express-scim': { ScimError }, './schema.js': tables }
      const adapter = evaluate<Record<'userAdapter' | 'groupAdapter', (db: unknown) => never>>(
        source('adapter.js'),
        modules,
      )
      const db = drizzle(pool())
      return { User: adapter.userAdapter(db), Group: adapter.groupAdapter(db) }
    },
    mapError: ({ cause }: { cause?: { code?: string } }) => {
      if (cause?.code === '23505') return ScimError.uniqueness('userName')
      if (cause?.code === '23503') return ScimError.invalidValue('There is no such user.')
      return undefined
    },
  } as AdapterChecksOptions
}

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
    change: ['people (lower(login))', 'people (login)'],
    check: 'User: create refuses a unique value that is in use, and creates nothing',
  },
  {
    what: 'has a unique index for which ö is o',
    file: 'tables.js',
    change: ['people (lower(login))', "people (translate(lower(login), 'öéü', 'oeu'))"],
    check: 'User: values that the filter tells apart are different for uniqueness too, and the other way round',
  },
  {
    what: 'looks up names letter by letter',
    change: [`eq(sql\`lower(\${people.login})\`, name.toLowerCase())`, 'eq(people.login, name)'],
    check: 'User: filter: a unique value finds only its resource',
  },
  {
    what: 'looks up names that are stored in lower case alone',
    change: [`eq(sql\`lower(\${people.login})\`, name.toLowerCase())`, 'eq(people.login, name.toLowerCase())'],
    check: 'User: filter: every text is compared letter by letter, with % and _ and * like any other',
  },
  {
    what: 'looks up names of groups that are stored in lower case alone',
    change: [`eq(sql\`lower(\${teams.name})\`, name.toLowerCase())`, 'eq(teams.name, name.toLowerCase())'],
    check: 'Group: filter: every text is compared letter by letter, with % and _ and * like any other',
  },
  {
    what: 'drops the external id of a user',
    change: ['    directoryId: externalId,\n    firstName', '    firstName'],
    check: `User: ${KEEPS}`,
  },
  {
    what: 'keeps the external id of a user whom PUT gives none',
    change: ['({ userName, externalId = null,', '({ userName, externalId,'],
    check: `User: ${SINGLE}`,
  },
  {
    what: 'keeps the external id of a group which PUT gives none',
    change: ['{ displayName, externalId = null,', '{ displayName, externalId,'],
    check: `Group: ${SINGLE}`,
  },
  {
    what: 'forgets a new external id of a group',
    change: [
      '{ name: displayName, directoryId: externalId, ...touched(teams) }',
      '{ name: displayName, ...touched(teams) }',
    ],
    check: `Group: ${SINGLE}`,
  },
  {
    what: 'stores external ids in lower case',
    change: [
      '    directoryId: externalId,\n    firstName',
      '    directoryId: externalId?.toLowerCase() ?? null,\n    firstName',
    ],
    check: 'User: filter: every text is compared letter by letter, with % and _ and * like any other',
  },
  {
    what: 'folds letters of ASCII alone',
    file: 'tables.js',
    change: ['login text COLLATE "und-x-icu"', 'login text COLLATE "C"'],
    check: 'User: values that the filter tells apart are different for uniqueness too, and the other way round',
  },
  {
    what: 'has everybody active',
    change: ['enabled: active,', 'enabled: true,'],
    check: `User: ${ROUND_TRIP}`,
  },
  {
    what: 'turns active round',
    change: ['active: row.enabled', 'active: !row.enabled'],
    check: `User: ${ROUND_TRIP}`,
  },
  {
    what: 'keeps a family name that goes',
    change: ['lastName: name.familyName ?? null', 'lastName: name.familyName'],
    check: 'User: replace clears attributes that the draft lacks',
  },
  {
    what: 'mixes up two columns',
    change: [
      '{ givenName: row.firstName, familyName: row.lastName }',
      '{ givenName: row.lastName, familyName: row.firstName }',
    ],
    check: `User: ${ROUND_TRIP}`,
  },
  {
    what: 'replaces a user whatever the condition',
    change: ['.where(and(eq(people.id, id), version))', '.where(eq(people.id, id))'],
    check: 'User: of 10 replaces under one version one succeeds',
  },
  {
    what: 'deletes a user whatever the condition',
    change: ['and(eq(people.id, id), hasVersion(people, ifMatch))', 'eq(people.id, id)'],
    check: `User: ${STALE}`,
  },
  {
    what: 'takes a stale write for a missing user',
    change: ["return row ? toUser(row) : ifMatch ? 'stale' : undefined", 'return row && toUser(row)'],
    check: `User: ${STALE}`,
  },
  {
    what: 'has one version for ever',
    change: [`revision: sql\`\${table.revision} + 1\``, 'revision: table.revision'],
    check: 'User: every callback gives the same version of a resource',
  },
  {
    what: 'moves the time of creation',
    change: ['({ updatedAt: new Date(),', '({ updatedAt: new Date(), createdAt: new Date(),'],
    check: 'User: created and lastModified are times, created stays and lastModified does not go back',
  },
  {
    what: 'asks the database for ids of any shape',
    change: [
      'if (!UUID.test(id)) return undefined\n      const [row] = await database.select()',
      'const [row] = await database.select()',
    ],
    check: `User: ${MISSING}`,
  },
  {
    what: 'deletes by ids of any shape',
    change: ['if (!UUID.test(id)) return false', ''],
    check: `User: ${MISSING}`,
  },
  {
    what: 'finds an id in other letter case',
    change: ['[\\da-f]{12}$/', '[\\da-f]{12}$/i'],
    check: 'User: ids are compared letter by letter',
  },
  {
    what: 'has always deleted',
    change: ["return gone.length > 0 ? true : ifMatch ? 'stale' : false", 'return true'],
    check: `User: ${MISSING}`,
  },
  {
    what: 'shows an empty group with a member that is nobody',
    change: [
      'return rows.map(({ people: one })',
      'if (rows.length === 0) return [{ value: null }]\n    return rows.map(({ people: one })',
    ],
    check: 'Group: each returned reference has the id of its resource',
  },
  {
    what: 'has every user in every group',
    change: ['innerJoin(memberships, isMember)', 'leftJoin(memberships, isMember)'],
    check: `Group: ${ROUND_TRIP}`,
  },
  {
    what: 'reads fifty members',
    change: ['.innerJoin(memberships, isMember)', '.innerJoin(memberships, isMember).limit(50)'],
    check: 'Group: a list with very many values comes back whole, and is changed value by value',
  },
  {
    what: 'keeps members that PUT leaves out',
    change: ['await db.delete(memberships).where(and(eq(memberships.teamId, id), others))', ''],
    check: 'Group: replace replaces the stored resource with the whole draft',
  },
  {
    what: 'removes all members where PUT has none in common',
    change: ['where(and(eq(memberships.teamId, id), others))', 'where(others)'],
    check: 'Group: replace changes no other resource and makes none',
  },
  {
    what: 'does not remove members by patch',
    change: ["[...delta.remove, '']", "['']"],
    check: `Group: ${PATCHES}`,
  },
  {
    what: 'does not add members by patch',
    change: ['const added = await add(db, id, delta.add)', 'const added = []'],
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
    check: `Group: ${PATCHES}`,
  },
  {
    what: 'tells a change where there was none',
    change: ['if (added.length + removed.length === 0) return { changed: false, version: row.revision }', ''],
    check: 'Group: a patch that repeats the stored values changes neither version nor lastModified',
  },
  {
    what: 'tells who came as gone',
    change: ['{ added: idsOf(added), removed: idsOf(removed) }', '{ added: idsOf(removed), removed: idsOf(added) }'],
    check: `Group: ${TELLS}`,
  },
  {
    what: 'tells the version before the patch',
    change: ['version: now.revision', 'version: row.revision'],
    check: `Group: ${TELLS}`,
  },
  {
    what: 'locks nothing while it changes a group',
    change: [".where(eq(teams.id, id)).for('update')", '.where(eq(teams.id, id))'],
    check: 'Group: of 10 replaces under one version one succeeds',
  },
  {
    what: 'removes the members of a group by patch from every group',
    change: ['and(eq(memberships.teamId, id), isNamed)', 'isNamed'],
    check: 'Group: a patch changes no other resource, though it has the same values',
  },
]
