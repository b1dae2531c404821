import type { Bench } from '../bench/bench.js'
import type { Capabilities } from '../bench/capabilities.js'
import type { Level } from '../bench/outcome.js'

/** One test of an identity provider: the requests that it sends, and the answers that it needs. */
export interface ProviderTest {
  /** The name of the test at the provider, or of the recording. */
  readonly name: string
  readonly title: string
  /** MUST: the provider needs it. NOTE: it works better with it. */
  readonly level: Level
  /** Why the test cannot run at a server; undefined if it can. */
  readonly skip?: (capabilities: Capabilities) => string | undefined
  readonly run: (bench: Bench) => Promise<void>
}

/** The tests of one identity provider. */
export interface Provider {
  /** The name that `--as` takes. */
  readonly id: string
  readonly name: string
  readonly tests: readonly ProviderTest[]
}
