import { adapterChecks } from '../../src/conformance/index.js'
import { type MysqlConnection, type MysqlPool, mappedResources } from '../../src/mysql/index.js'
import { runs, sample } from '../support/length.js'
import { describeMysql, testMysql } from '../support/mysql.js'
import { mysqlTableStatements, revisedMapping } from '../support/tables.js'

const supports = { versions: true, cursor: 'both' } as const

describeMysql('the adapter contract on existing tables in MySQL', () => {
  const database = testMysql()
  let isDown = false
  let made = 0

  const checks = adapterChecks({
    members: runs(130, 200),
    resourceTypes: { User: { supports }, Group: { supports } },
    create: async () => {
      isDown = false
      // Each check begins with empty tables.
      const pool = await database.withAnsiQuotes()
      const tables = ['team_members', 'teams', 'account_emails', 'accounts']
      if (made === 0) await pool.query(mysqlTableStatements())
      else await pool.query(tables.map((table) => `DELETE FROM ${table}`).join(';'))
      made += 1
      const { User, Group } = mappedResources({ pool: breakable(database.pool) }, revisedMapping(database.database))
      return { User: User.adapter as never, Group: Group.adapter as never }
    },
    breakStore: () => {
      isDown = true
      return () => {
        isDown = false
      }
    },
  })
  test.each(sample(checks, 3, 0))('$name', ({ run }) => run())

  /** A pool whose connections are lost while the server is down. */
  function breakable(pool: MysqlPool): MysqlPool {
    const unlessDown = (): void => {
      if (isDown) throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
    }
    const over = (connection: MysqlConnection): MysqlConnection => ({
      threadId: connection.threadId,
      query: async (options) => {
        unlessDown()
        return connection.query(options)
      },
      execute: async (options, values) => {
        unlessDown()
        return connection.execute(options, values)
      },
      release: () => connection.release(),
      destroy: () => connection.destroy(),
    })
    return {
      getConnection: async () => {
        unlessDown()
        return over(await pool.getConnection())
      },
    }
  }
})
