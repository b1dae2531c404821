/** What really came and went in a reference attribute. */
export interface ReferenceChange {
  /** Name of the attribute. */
  readonly attribute: string
  readonly added: readonly string[]
  readonly removed: readonly string[]
}

/** Whether anything did. */
export function isChange({ added, removed }: ReferenceChange): boolean {
  return added.length > 0 || removed.length > 0
}

const NAMED_AT_MOST = 5
const ID_LENGTH = 80

/** The members that do not exist, as a client is told of them: nobody is dropped in silence (decision A-121). */
export function unknownMembers(path: string, missing: readonly string[]): string {
  const named = missing.slice(0, NAMED_AT_MOST).map((id) => `"${id.slice(0, ID_LENGTH)}"`)
  const others = missing.length - named.length
  return `"${path}" names resources that do not exist: ${named.join(', ')}${others > 0 ? ` and ${others} more` : ''}.`
}
