// Runs the unit tests of the mutated files in the process of Stryker, with the test functions of Jest. Jest as a whole
// begins anew for each mutant and goes on after a failure, which takes hours. Here every mutant that a test reaches
// gets all tests until one fails, first the tests that are named like its file; the sources are loaded anew for each
// mutant, and share no state.

import { readdirSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { jestExpect } from '@jest/expect'
import { addEventHandler, describe, getState, resetState, run, test } from 'jest-circus'
import { freshLoader } from './load-sources.mjs'

const FOLDERS = ['test/filter', 'test/patch']
const STATUS = { done: 0, failed: 1, skip: 2 }

/** The test files, the most promising for a mutant in `source` first. */
function testFiles(source = '') {
  const own = `${basename(source, '.ts')}.test.ts`
  const rank = (file) => (basename(file) === own ? 0 : basename(dirname(file)) === basename(dirname(source)) ? 1 : 2)
  return FOLDERS.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
    .filter((file) => file.endsWith('.test.ts'))
    .sort((one, other) => rank(one) - rank(other))
}

class UnitTests {
  #bails = false
  #failed = false

  capabilities() {
    return { reloadEnvironment: true }
  }

  init() {
    Object.assign(globalThis, { describe, test, expect: jestExpect })
    addEventHandler((event) => {
      if (event.name === 'test_start' && this.#failed && this.#bails) event.test.mode = 'skip'
      if (event.name === 'test_done' && event.test.errors.length > 0) this.#failed = true
    })
  }

  async dryRun() {
    const { tests } = await this.#run(testFiles(), false)
    // The runner does not record which test reaches which mutant: much is made once, for the first test that needs it,
    // and kept.
    return { status: 'complete', tests, mutantCoverage: globalThis.__stryker__.mutantCoverage }
  }

  async mutantRun({ activeMutant, sandboxFileName, disableBail, hitLimit }) {
    globalThis.__stryker__ ??= {}
    Object.assign(globalThis.__stryker__, { activeMutant: activeMutant.id, hitLimit, hitCount: 0 })
    const { tests, error } = await this.#run(testFiles(sandboxFileName), !disableBail)
    if (globalThis.__stryker__.hitCount > hitLimit) return { status: 'timeout', reason: 'It goes round and round.' }
    if (error) return { status: 'error', errorMessage: String(error) }
    const failed = tests.filter(({ status }) => status === STATUS.failed)
    const nrOfTests = tests.filter(({ status }) => status !== STATUS.skip).length
    if (failed.length === 0) return { status: 'survived', nrOfTests }
    return {
      status: 'killed',
      killedBy: failed.map(({ id }) => id),
      failureMessage: failed[0].failureMessage,
      nrOfTests,
    }
  }

  async #run(files, bails) {
    this.#bails = bails
    this.#failed = false
    const load = freshLoader()
    const tests = []
    for (const file of files) {
      resetState()
      // A busy machine takes its own time; Stryker ends a run that never ends.
      getState().testTimeout = 60_000
      try {
        describe(file, () => {
          load(resolve(file))
        })
      } catch (error) {
        return { tests, error }
      }
      const { testResults } = await run()
      for (const { testPath, status, errors, duration } of testResults) {
        const id = testPath.slice(1).join(' ')
        tests.push({
          id,
          name: id,
          fileName: file,
          timeSpentMs: duration ?? 0,
          status: errors.length > 0 ? STATUS.failed : STATUS[status],
          ...(errors.length > 0 && { failureMessage: errors[0] }),
        })
      }
      if (this.#failed && bails) break
    }
    return { tests }
  }
}

export const strykerPlugins = [{ kind: 'TestRunner', name: 'units', injectableClass: UnitTests }]
