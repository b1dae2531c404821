import { createServer } from 'node:http'
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
