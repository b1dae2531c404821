import { type AdapterChecksOptions, adapterChecks } from '../../src/conformance/index.js'
import { mappedResources, type SqliteConnection, type SqliteOptions, sqliteAdapters } from '../../src/sqlite/index.js'
import { IS_LONG, runs, sample } from '../support/length.js'
import { sqliteFile } from '../support/sqlite-file.js'
import { revisedMapping, sqliteTableStatements } from '../support/tables.js'

type Kit = Pick<AdapterChecksOptions, 'resourceTypes' | 'create' | 'breakStore' | 'transaction'>

const unique = { displayName: { uniqueness: 'server' } } as const
const supports = { versions: true, cursor: 'both' } as const

describe('the adapter contract', () => {
  describe('on documents in SQLite', () => {
    // In the short form the databases share the checks: a check that is left out here runs on the same form of storage
    // elsewhere.
    check(documentKit({}), 2)
  })

  // Each check runs on plain documents in the short form, too.
  if (IS_LONG)
    describe('on documents in SQLite, with unique group names, unknown members and indexes', () => {
      const kit = documentKit({
        users: { indexes: ['emails.value'] },
        groups: { attributes: unique },
        members: { unknown: 'keep' },
      })
      const { User, Group } = kit.resourceTypes
      check({ ...kit, resourceTypes: { User: User ?? {}, Group: { ...Group, attributes: unique } } }, 1)
    })

  describe('on existing tables in SQLite', () => {
    const file = sqliteFile()
    const outage = makeOutage()
    const kit: Kit = {
      resourceTypes: { User: { supports }, Group: { supports } },
      create: async () => {
        const connection = file.open()
        connection.exec(sqliteTableStatements())
        const { User, Group } = mappedResources({ database: outage.over(connection) }, revisedMapping('main'))
        return { User: User.adapter as never, Group: Group.adapter as never }
      },
      breakStore: outage.begin,
    }
    check(kit, 2)
  })
})

function check(kit: Kit, from: number): void {
  test.each(sample(adapterChecks({ members: runs(130, 200), ...kit }), 3, from))('$name', ({ run }) => run())
}

function documentKit(options: Omit<SqliteOptions, 'database'>): Kit {
  const file = sqliteFile()
  const outage = makeOutage()
  return {
    resourceTypes: { User: { supports }, Group: { supports } },
    create: async () => {
      const sqlite = sqliteAdapters({ ...options, database: outage.over(file.open()), protect: (value) => `#${value}` })
      await sqlite.migrate()
      return { User: sqlite.users as never, Group: sqlite.groups as never }
    },
    breakStore: outage.begin,
  }
}

/** A database that can be made to fail. */
function makeOutage() {
  let failing = false
  return {
    over: (connection: SqliteConnection): SqliteConnection => ({
      prepare: (text) => {
        const statement = connection.prepare(text)
        const unlessFailing = <T>(run: () => T): T => {
          if (failing) throw Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR' })
          return run()
        }
        return {
          ...(statement.reader !== undefined && { reader: statement.reader }),
          all: (...values) => unlessFailing(() => statement.all(...values)),
          run: (...values) => unlessFailing(() => statement.run(...values)),
        }
      },
    }),
    begin: () => {
      failing = true
      return () => {
        failing = false
      }
    },
  }
}
