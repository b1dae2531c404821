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
