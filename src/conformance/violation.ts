import type { Section } from '../adapter/sections.js'
import { docsAt } from '../error.js'
/** A rule of the adapter contract that does not hold: one sentence, and the section of docs/adapters.md that has the rule. */
export class ContractViolation extends Error {
  override readonly name = 'ContractViolation'
  /** The part of docs/adapters.md behind the `#`. */
  readonly section: Section

  constructor(sentence: string, section: Section, cause?: unknown) {
    super(`${sentence} (${docsAt(`adapters.md#${section}`)})`, cause === undefined ? undefined : { cause })
    this.section = section
  }
}

/** Something that a callback threw; which rule that breaks is known where it was called. */
export class CallbackFailure extends Error {
  override readonly name = 'CallbackFailure'

  constructor(
    /** `User.get` */
    readonly callback: string,
    readonly thrown: unknown,
    /** What the callback was called with: ` for the id "7"`. */
    readonly asked = '',
  ) {
    super(`${callback} threw ${tell(thrown)}${asked}`, { cause: thrown })
  }
}

/** What was thrown, by its message. */
export function tell(thrown: unknown): string {
  if (!(thrown instanceof Error)) return `what is no Error: ${show(thrown)}`
  // Drizzle says the statement, and the driver below it what was wrong.
  const cause = thrown.cause instanceof Error ? `, because of "${shortened(thrown.cause.message)}"` : ''
  return `"${shortened(thrown.message)}"${cause}`
}

/** The longest message that is shown whole. */
const WHOLE = 300

/** A long message by its first and its last line: some libraries print a page of code, and the reason below it. */
function shortened(message: string): string {
  const lines = message.split('\n').flatMap((line) => line.trim() || [])
  const text = lines.join(' ')
  if (text.length <= WHOLE) return text
  const [first = '', last = ''] = [lines[0], lines.at(-1)]
  if (lines.length === 1) return `${text.slice(0, WHOLE / 2)} … ${text.slice(-WHOLE / 2)}`
  return `${first.slice(0, WHOLE / 2)} … ${last.slice(-WHOLE)}`
}

/** A value as a failure shows it. */
export function show(value: unknown): string {
  let text: string | undefined
  try {
    text = JSON.stringify(value)
  } catch {
    text = String(value)
  }
  if (text === undefined) return 'nothing'
  return text.length > 120 ? `${text.slice(0, 120)}…` : text
}
