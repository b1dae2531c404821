import type { Compatibility, ToleranceName } from '../../src/index.js'
import { type App, startApp } from '../support/app.js'
import { keep } from '../support/running.js'
import type { VectorService } from './service.js'

/**
 * Vectors that tolerant mode answers otherwise: their id, and the tolerances that only together make the RFC's answer
 * when they are off.
 */
export type Exceptions = Readonly<Record<string, readonly ToleranceName[]>>

/** Servers over one service, one for each compatibility, started when first asked for. */
export interface Servers {
  readonly with: (compatibility: Compatibility) => Promise<App>
  readonly close: () => Promise<void>
}

export function vectorServers(service: VectorService): Servers {
  const started = new Map<string, Promise<App>>()
  return {
    with: (compatibility) => {
      const key = JSON.stringify(compatibility)
      const running = started.get(key) ?? startApp(service.options(compatibility)).then(keep)
      started.set(key, running)
      return running
    },
    close: async () => {
      for (const app of started.values()) await (await app).close()
    },
  }
}

/** Everything forgiven but the named tolerances. */
export function tolerantWithout(names: readonly ToleranceName[]): Compatibility {
  return { base: 'tolerant', ...Object.fromEntries(names.map((name) => [name, false])) }
}
