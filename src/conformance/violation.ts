import { docsAt } from '../error.js'
/** The sections of docs/adapters.md that checks refer to. */
export type Section =
  | 'create'
  | 'cursor'
  | 'delete'
  | 'drafts'
  | 'errors'
  | 'filter-and-order'
  | 'list'
  | 'missing'
  | 'page'
  | 'patch'
  | 'per-tenant'
  | 'replace'
  | 'stored'
  | 'transactions'
  | 'uniqueness'
  | 'versions'

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
  ) {
    super(`${callback} threw ${tell(thrown)}`, { cause: thrown })
  }
}

function tell(thrown: unknown): string {
  return thrown instanceof Error ? `"${thrown.message.slice(0, 200)}"` : `what is no Error: ${show(thrown)}`
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
