import { execFileSync } from 'node:child_process'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { type App, serve } from '../support/app.js'
import { keep } from '../support/running.js'

const start = (): Promise<App> => serve(createServer((_request, response) => response.end()))
const runs = (app: App | undefined): Promise<boolean> =>
  fetch(app?.base ?? '').then(
    () => true,
    () => false,
  )

describe('a server that a test does not end', () => {
  let ofFile: App
  let ofTest: App | undefined
  let kept: App | undefined
  beforeAll(async () => {
    ofFile = await start()
  })

  test('runs as long as the test', async () => {
    ofTest = await start()
    kept = keep(await start())
    expect(await Promise.all([ofFile, ofTest, kept].map(runs))).toEqual([true, true, true])
  })

  test('has ended with it, unless it is kept for later tests or was there before', async () => {
    expect(await Promise.all([ofFile, ofTest, kept].map(runs))).toEqual([true, false, true])
  })

  test('may be ended twice', async () => {
    const app = await start()
    await app.close()
    await app.close()
    expect(await runs(app)).toBe(false)
  })
})

// Node 20 copies the value of each one to each promise of all later files of the process.
test('an AsyncLocalStorage of a test file is at its end with the file', () => {
  const script = `
    const { AsyncLocalStorage } = require('node:async_hooks')
    const Environment = require(process.argv[1])
    const environment = new Environment({ projectConfig: { testEnvironmentOptions: {}, globals: {}, fakeTimers: {} } }, {})
    const storage = new AsyncLocalStorage()
    storage.enterWith('a value')
    const before = storage.getStore()
    environment.teardown().then(() => console.log(JSON.stringify([before, storage.getStore() ?? null])))`
  const environment = join(__dirname, '../support/environment.cjs')
  expect(JSON.parse(execFileSync(process.execPath, ['-e', script, environment], { encoding: 'utf8' }))).toEqual([
    'a value',
    null,
  ])
})
