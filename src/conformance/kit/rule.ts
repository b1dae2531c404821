import type { Section } from '../../adapter/sections.js'
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

/** A rule about a part of a resource type, such as an attribute. It does not apply if the type has no such part. */
interface PartRule<Part> extends Pick<Rule, 'name' | 'section'> {
  readonly part: (subject: Subject, options: AdapterChecksOptions) => Part | undefined
  readonly run: (bench: Bench, part: Part) => Promise<void>
}

/** Makes a rule that applies if the resource type has the part. */
export function ruleAbout<Part>({ name, section, part, run }: PartRule<Part>): Rule {
  return {
    name,
    section,
    applies: (subject, options) => part(subject, options) !== undefined,
    run: async (bench) => {
      const found = part(bench.subject, bench.kit.options)
      if (found !== undefined) await run(bench, found)
    },
  }
}
