import { memoryAdapters } from '../../src/memory/index.js'
import { type App, type AppOptions, startApp, TOKEN } from '../support/app.js'
import { type Ended, express, type Terminal } from './terminal.js'
import { startWrong, type Wrong } from './wrong-server.js'

export const env = { SCIM_TOKEN: TOKEN }

/** A service for each test, and a small company that lives there. */
export interface Simulated {
  readonly app: App
  /** Puts a wrong server before the service; returns its URL. */
  readonly wrong: (how: Wrong) => Promise<string>
  readonly simulate: (id: string, url: string, line?: readonly string[], terminal?: Terminal) => Promise<Ended>
  /** How many users and groups there are. */
  readonly totals: () => Promise<readonly number[]>
}

/** Starts a service before each test, and ends it after. */
export function simulated(options: Partial<AppOptions> = {}): Simulated {
  let app: App
  const closers: (() => Promise<void>)[] = []
  beforeEach(async () => {
    const { users, groups } = memoryAdapters()
    app = await startApp({ resources: { User: { adapter: users }, Group: { adapter: groups } }, ...options })
  })
  afterEach(async () => {
    await Promise.all(closers.splice(0).map((close) => close()))
    await app.close()
  })
  return {
    get app() {
      return app
    },
    wrong: async (how) => {
      const server = await startWrong(app.base, how)
      closers.push(server.close)
      return server.url
    },
    simulate: (id, url, line = [], terminal = {}) => {
      const small = ['--people', '25', '--days', '70', '--synchronise', '30']
      return express(['simulate', id, url, '--yes', ...small, ...line], { env, ...terminal })
    },
    totals: async () => {
      const read = async (path: string) => (await app.scim.get(`${path}?count=0`)).body.totalResults
      return [await read('/Users'), await read('/Groups')]
    },
  }
}
