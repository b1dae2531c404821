import type { Section } from '../adapter/sections.js'
import type { Bench } from './bench.js'
import type { AdapterChecksOptions } from './options.js'
import type { Subject } from './subject.js'

/** One rule of the adapter contract, and how to see whether it holds. */
export interface Rule {
  readonly name: string
  /** Where docs/adapters.md says so. */
  readonly section: Section
  /** Whether a resource type has anything that it is about. Default: it has. */
  readonly applies?: (subject: Subject, options: AdapterChecksOptions) => boolean
  readonly run: (bench: Bench) => Promise<void>
}
