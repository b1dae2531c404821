import type { Bench } from '../bench.js'
import type { Capabilities } from '../capabilities.js'
import type { Level } from '../outcome.js'

/** What somebody who signed up for provisioning would see, as requests of an identity provider. */
export interface ProviderTest {
  /** The name under which the provider, or the recording, has it. */
  readonly name: string
  readonly title: string
  /** MUST: the provider needs it. NOTE: it works better with it. */
  readonly level: Level
  /** Why it cannot be seen; undefined: it can. */
  readonly skip?: (capabilities: Capabilities) => string | undefined
  readonly run: (bench: Bench) => Promise<void>
}

/** The tests of one identity provider. */
export interface Provider {
  /** As `--as` takes it. */
  readonly id: string
  readonly name: string
  readonly tests: readonly ProviderTest[]
}
