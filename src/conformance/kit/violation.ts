import type { Section } from '../../adapter/sections.js'
import { docsAt } from '../../setup-error.js'
/**
 * Thrown if an adapter breaks a rule of the contract: one sentence, and the section of docs/adapters.md with the rule.
 */
export class ContractViolation extends Error {
  override readonly name = 'ContractViolation'
  /** The anchor in docs/adapters.md. */
  readonly section: Section

  constructor(sentence: string, section: Section, cause?: unknown) {
    super(`${sentence} (${docsAt(`adapters.md#${section}`)})`, cause === undefined ? undefined : { cause })
    this.section = section
  }
}

/** An error that a callback threw. The caller knows which rule that breaks. */
export class CallbackFailure extends Error {
  override readonly name = 'CallbackFailure'

  constructor(
    /** Such as `User.get`. */
    readonly callback: string,
    readonly thrown: unknown,
    /** The argument of the callback: ` for the id "7"`. */
    readonly argument = '',
  ) {
    super(`${callback} threw ${tell(thrown)}${argument}`, { cause: thrown })
  }
}

/** Describes a thrown value by its message. */
export function tell(thrown: unknown): string {
  if (!(thrown instanceof Error)) return `what is no Error: ${show(thrown)}`
  // The message of Drizzle contains the statement; its cause, the error of the driver, names the fault.
  const cause = thrown.cause instanceof Error ? `, because of "${shortened(thrown.cause.message)}"` : ''
  return `"${shortened(thrown.message)}"${cause}`
}

/** The length up to which a message is shown completely. */
const WHOLE = 300

/** The first and the last line of a long message: some libraries print a page of code, and the reason at its end. */
function shortened(message: string): string {
  const lines = message.split('\n').flatMap((line) => line.trim() || [])
  const text = lines.join(' ')
  if (text.length <= WHOLE) return text
  const [first = '', last = ''] = [lines[0], lines.at(-1)]
  if (lines.length === 1) return `${text.slice(0, WHOLE / 2)} … ${text.slice(-WHOLE / 2)}`
  return `${first.slice(0, WHOLE / 2)} … ${last.slice(-WHOLE)}`
}

/** A value as a message shows it. */
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
