import { entraGallery } from '../../src/cli/check/providers/entra.js'
import { recordings } from '../../src/cli/check/providers/recorded.js'
import type { Report } from '../../src/cli/check/report.js'
import { areas } from '../../src/cli/check/rules/index.js'
import { runCheck } from '../../src/cli/check/run.js'
import { memoryAdapters } from '../../src/memory/index.js'
import { sharedApp, TOKEN } from '../support/app.js'
import { leaks } from '../support/leaks.js'
import { sample } from '../support/length.js'
import { faults } from './faults.js'
import { startWrong, type Wrong } from './wrong-server.js'

const providers = [entraGallery(false), ...recordings]

const app = sharedApp(() => {
  const groupAttributes = { displayName: { uniqueness: 'server' } } as const
  const { users, groups } = memoryAdapters({ groups: { attributes: groupAttributes } })
  return {
    resources: {
      User: { adapter: users, attributes: { active: { default: true } } },
      Group: { adapter: groups, attributes: groupAttributes },
    },
  }
})

/** Checks one area, or one provider, of the sound server behind a fault: all of it, or only `named`. */
async function check(area: string, wrong: Wrong, named?: string): Promise<Report> {
  const wanted = (names: readonly string[]): boolean => named === undefined || names.includes(named)
  const server = await startWrong(app.base, wrong)
  try {
    return await runCheck({
      url: server.url,
      client: { authorization: { bearer: TOKEN }, retry: false },
      areas: areas
        .filter(({ name }) => name === area)
        .map(({ name, rules }) => ({ name, rules: rules.filter(({ requirements }) => wanted(requirements)) })),
      providers: providers
        .filter(({ name }) => name === area)
        .map((provider) => ({ ...provider, tests: provider.tests.filter(({ name }) => wanted([name])) })),
      readOnly: false,
      sample: {},
      stop: new AbortController().signal,
      confirm: async () => true,
      progress: () => undefined,
    })
  } finally {
    await server.close()
  }
}

const wrongOnes = ({ results }: Report): string[] =>
  results
    .filter(({ status }) => status !== 'passed' && status !== 'skipped')
    .map(({ test, title, message }) => `${test ?? title}: ${message}`)

// check.test.ts shows that the whole check passes.
test.each(sample([...new Set(faults.map(({ area }) => area))], 3))('a sound server passes: %s', async (area) => {
  expect(wrongOnes(await check(area, {}))).toEqual([])
})

test.each(faults)('$area: $name is named ($named)', async ({ area, named, ...wrong }) => {
  const { results } = await check(area, wrong, named)
  // One of the faults is a server that returns passwords.
  leaks.splice(0)
  const found = results.filter(
    ({ status, test, requirements }) =>
      ['failed', 'warning', 'note'].includes(status) && (test === named || requirements.includes(named)),
  )
  expect(found).not.toEqual([])
  for (const { message, exchanges } of found) {
    expect(message).toMatch(/\w/)
    expect(exchanges).not.toEqual([])
  }
})

test('a bulk request that was broken off may be answered with an error, and with the rest as failed', async () => {
  const wrong: Wrong = {
    answer: (answer, { path, body }) => {
      if (path !== '/Bulk' || !body.failOnErrors) return
      answer.status = 412
      answer.body.Operations.push({ method: 'DELETE', status: '424' }, { method: 'POST', status: '424' })
    },
  }
  expect(wrongOnes(await check('Bulk', wrong, 'P-3.7-11'))).toEqual([])
})

test('there are enough faults', () => expect(faults.length).toBeGreaterThanOrEqual(25))
