import pg from 'pg'
import ts from 'typescript'
import type { Queryable, TransactionRunner } from '../../src/postgres/index.js'
import { postgresAdapters } from '../../src/postgres/index.js'
import { codeBlocks } from '../docs/code-blocks.js'
import { type AppOptions, startApp } from '../support/app.js'
import { databaseUrl, testAdapters } from '../support/postgres.js'

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User'

describe('a transaction in which a statement has failed and was caught', () => {
  const database = testAdapters()
  // PostgreSQL answers the COMMIT with ROLLBACK, and without an error.
  const outbox: NonNullable<AppOptions['outbox']> = async (_events, call) => {
    await (call.transaction as Queryable).query('INSERT INTO no_such_outbox VALUES (1)').catch(() => undefined)
  }

  const outcomeOf = async (options: Pick<AppOptions, 'transaction' | 'resources'>) => {
    const created: unknown[] = []
    const errors: string[] = []
    const app = await startApp({
      ...options,
      outbox,
      on: { 'user.created': ({ id }) => created.push(id), error: ({ error }) => errors.push(String(error)) },
    })
    try {
      const { status } = await app.scim.post('/Users', { schemas: [USER], userName: 'nobody' })
      const list = await app.scim.get(`/Users?filter=${encodeURIComponent('userName eq "nobody"')}`)
      return { status, stored: list.body.totalResults, created, errors }
    } finally {
      await app.close()
    }
  }

  const FAILED = { status: 500, stored: 0, created: [], errors: [expect.stringContaining('statement')] }

  test('is a failure, and nobody is told of what is not there', async () => {
    const { resources, transaction } = database.postgres
    expect(await outcomeOf({ resources, transaction })).toEqual(FAILED)
  })

  test('also when the driver does not tell what the server has answered', async () => {
    const { pool, schema } = database
    const mute = (client: Queryable): Queryable => ({
      query: async (text, values) => ({ rows: (await client.query(text, values)).rows }),
    })
    const { resources, transaction } = postgresAdapters({
      schema,
      pool: {
        ...mute(pool),
        connect: async () => {
          const client = await pool.connect()
          return { ...mute(client), release: (error) => client.release(error) }
        },
      },
    })
    expect(await outcomeOf({ resources, transaction })).toEqual(FAILED)
  })

  test('also in a database that runs transactions itself', async () => {
    const { pool, schema } = database
    const runner: TransactionRunner = {
      query: (text, values) => pool.query(text, values),
      transaction: async (work) => {
        const client = await pool.connect()
        try {
          await client.query('BEGIN')
          const result = await work(client)
          await client.query('COMMIT')
          return result
        } catch (error) {
          await client.query('ROLLBACK')
          throw error
        } finally {
          client.release()
        }
      },
    }
    const { resources, transaction } = postgresAdapters({ schema, pool: runner })
    expect(await outcomeOf({ resources, transaction })).toEqual(FAILED)
  })

  test('also by the recipe of the documentation', async () => {
    const recipe = codeBlocks('docs/postgres.md').find(({ code }) => code.includes("'COMMIT'"))
    const { outputText } = ts.transpileModule(recipe?.code ?? '', {
      compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true },
    })
    const own = new pg.Pool({ connectionString: await databaseUrl(), max: 2 })
    class Pool {
      connect = () => own.connect()
    }
    const exported: { transaction?: NonNullable<AppOptions['transaction']> } = {}
    new Function('exports', 'require', outputText)(exported, () => ({ __esModule: true, default: { Pool } }))
    try {
      const { transaction } = exported
      if (!transaction) throw new Error('The recipe exports a function transaction.')
      expect(await outcomeOf({ resources: database.postgres.resources, transaction })).toEqual(FAILED)
    } finally {
      await own.end()
    }
  })

  test('an error between savepoints leaves the rest', async () => {
    const { resources, transaction } = database.postgres
    const careful: NonNullable<AppOptions['outbox']> = async (_events, call) => {
      const connection = call.transaction as Queryable
      await connection.query('SAVEPOINT outbox')
      await connection.query('INSERT INTO no_such_outbox VALUES (1)').catch(async () => {
        await connection.query('ROLLBACK TO SAVEPOINT outbox')
      })
    }
    const app = await startApp({ resources, transaction, outbox: careful })
    try {
      const { status } = await app.scim.post('/Users', { schemas: [USER], userName: 'somebody' })
      expect(status).toBe(201)
    } finally {
      await app.close()
    }
  })
})
