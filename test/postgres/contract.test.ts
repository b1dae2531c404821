import { type AdapterChecksOptions, adapterChecks } from '../../src/conformance/index.js'
import { mappedResources, type PostgresOptions, postgresAdapters } from '../../src/postgres/index.js'
import { countedPool } from '../support/counted-pool.js'
import { IS_LONG, runs, sample } from '../support/length.js'
import { type TestDatabase, testDatabase } from '../support/postgres.js'
import { tableMapping, tableStatements } from '../support/tables.js'

type Kit = Pick<AdapterChecksOptions, 'resourceTypes' | 'create' | 'breakStore' | 'openHandles' | 'transaction'>

const unique = { displayName: { uniqueness: 'server' } } as const
const supports = { versions: true, cursor: 'both' } as const

describe('the adapter contract', () => {
  describe('on documents in PostgreSQL', () => {
    const database = testDatabase()
    // In the short form the databases share the checks: a check that is left out here runs on the same form of storage
    // elsewhere.
    check(documentKit(database, {}), 0)
  })

  // Each check runs on plain documents in the short form, too.
  if (IS_LONG)
    describe('on documents, with unique group names, unknown members, indexes and prepared statements', () => {
      const database = testDatabase()
      const options = {
        users: { indexes: ['emails.value'] },
        groups: { attributes: unique },
        prepare: true,
        members: { unknown: 'keep' },
      } as const
      const kit = documentKit(database, options)
      const { User, Group } = kit.resourceTypes
      check({ ...kit, resourceTypes: { User: User ?? {}, Group: { ...Group, attributes: unique } } }, 0)
    })

  describe('on existing tables in PostgreSQL', () => {
    const database = testDatabase()
    const outage = makeOutage()
    const kit: Kit = {
      resourceTypes: { User: { supports }, Group: { supports } },
      create: async () => {
        const { pool, schema } = database
        await pool.query(tableStatements(schema))
        const { User, Group } = mappedResources({ pool: outage.over(database) }, tableMapping(schema))
        return { User: User.adapter as never, Group: Group.adapter as never }
      },
      breakStore: outage.begin,
      openHandles: () => database.pool.totalCount - database.pool.idleCount,
    }
    check(kit, 1)
  })
})

function check(kit: Kit, from: number): void {
  test.each(sample(adapterChecks({ members: runs(130, 200), ...kit }), 3, from))('$name', ({ run }) => run())
}

function documentKit(database: TestDatabase, options: Omit<PostgresOptions, 'pool' | 'schema'>): Kit {
  const outage = makeOutage()
  return {
    resourceTypes: { User: { supports }, Group: { supports } },
    create: async () => {
      const { schema } = database
      const postgres = postgresAdapters({
        ...options,
        pool: outage.over(database),
        schema,
        protect: (value) => `#${value}`,
      })
      await postgres.migrate()
      return { User: postgres.users as never, Group: postgres.groups as never }
    },
    breakStore: outage.begin,
    openHandles: () => database.pool.totalCount - database.pool.idleCount,
  }
}

/** A database that can be made to fail. */
function makeOutage() {
  let failing = false
  return {
    over: ({ pool }: TestDatabase) =>
      countedPool(pool, () => {
        if (failing) throw Object.assign(new Error('terminating connection'), { code: '57P01' })
      }),
    begin: () => {
      failing = true
      return () => {
        failing = false
      }
    },
  }
}
