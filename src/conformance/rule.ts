import type { Section } from '../adapter/sections.js'
import type { Bench } from './bench.js'
import type { AdapterChecksOptions } from './options.js'
import type { Subject } from './subject.js'

/** One rule of the adapter contract, and the check of it. */
export interface Rule {
  readonly name: string
  /** The section of docs/adapters.md with the rule. */
  readonly section: Section
  /** Whether the rule concerns a resource type. Default: true. */
  readonly applies?: (subject: Subject, options: AdapterChecksOptions) => boolean
  readonly run: (bench: Bench) => Promise<void>
}
