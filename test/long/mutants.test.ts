import pg from 'pg'
import { adapterChecks } from '../../src/conformance/index.js'
import { expectFound } from '../conformance-kit/mutants/mutant.js'
import { DRIZZLE_MUTANTS, drizzleKit } from '../conformance-kit/mutants/on-drizzle.js'
import { databaseUrl, testDatabase } from '../support/postgres.js'

describe('the adapters of examples/drizzle', () => {
  const { schema } = testDatabase()
  let pool: pg.Pool
  beforeAll(async () => {
    // The example names no schema, so that its tables lie in the first one of the search path.
    pool = new pg.Pool({ connectionString: await databaseUrl(), options: `-c search_path=${schema}`, max: 12 })
  })
  afterAll(() => pool.end())

  describe('as they are keep the contract', () => {
    test.each(adapterChecks(drizzleKit(() => pool)))('$name', ({ run }) => run())
  })

  test.each(DRIZZLE_MUTANTS)('are found out if one $what', async (mutant) => {
    await expectFound(
      drizzleKit(() => pool, mutant),
      mutant,
    )
  })
})
