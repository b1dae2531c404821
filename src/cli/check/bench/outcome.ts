/** Thrown if a rule does not hold. The message names the fault and the required behaviour. */
export class Violation extends Error {
  override readonly name = 'Violation'
}

/** Thrown if a rule cannot be checked at this server, or if the server says that it does not offer the feature. */
export class NotSeen extends Error {
  override readonly name = 'NotSeen'
}

/**
 * The severity of a rule, in the words of RFC 2119: a MUST fails the check, a SHOULD warns, anything else is a note.
 */
export type Level = 'MUST' | 'SHOULD' | 'NOTE'

/** The outcome of a rule or a test. */
export type Status = 'passed' | 'failed' | 'warning' | 'note' | 'skipped'

/** The status of a rule that does not hold. */
export function statusOfViolation(level: Level): Status {
  if (level === 'MUST') return 'failed'
  return level === 'SHOULD' ? 'warning' : 'note'
}
