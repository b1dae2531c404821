/** A rule does not hold. The message says what is wrong and what must be. */
export class Violation extends Error {
  override readonly name = 'Violation'
}

/** A rule cannot be seen at this server, or the server says that it does not offer what it is about. */
export class NotSeen extends Error {
  override readonly name = 'NotSeen'
}

/** The words of RFC 2119 and how much a rule weighs: a MUST fails the check, a SHOULD warns, anything else is a note. */
export type Level = 'MUST' | 'SHOULD' | 'NOTE'

/** How a rule or a test came out. */
export type Status = 'passed' | 'failed' | 'warning' | 'note' | 'skipped'

/** The status of a rule that does not hold. */
export function statusOfViolation(level: Level): Status {
  if (level === 'MUST') return 'failed'
  return level === 'SHOULD' ? 'warning' : 'note'
}
