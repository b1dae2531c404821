import { adapterChecks } from '../../src/conformance/index.js'
import { IS_LONG, sample } from '../support/length.js'
import { sqliteInMemory } from '../support/sqlite-file.js'
import { expectFound } from './mutants/mutant.js'
import { MAPPED_MUTANTS, mappedKit } from './mutants/on-mapped.js'

// The mutants of a hand-written adapter are in test/long/mutants.test.ts.
describe('mapped tables on SQLite', () => {
  const open = sqliteInMemory()

  if (IS_LONG)
    describe('as they are keep the contract', () => {
      test.each(adapterChecks(mappedKit(open)))('$name', ({ run }) => run())
    })

  test.each(sample(MAPPED_MUTANTS, 2))('are found out if one $what', (mutant) =>
    expectFound(mappedKit(open, mutant), mutant),
  )
})
