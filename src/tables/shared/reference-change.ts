import type { AttributeChange, Call, Stored, WriteResult } from '../../adapter/contract.js'

/** The references that were really added to and removed from an attribute. */
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

/** A written resource with the additions and removals in its reference attributes, if an event reports them. */
export function withChanges(
  { limits }: Call,
  resource: Stored,
  changes: readonly (readonly [attribute: string, AttributeChange])[],
): Stored | WriteResult {
  if (limits.memberEvents === 0 || changes.length === 0) return resource
  return {
    resource,
    changes: Object.fromEntries(changes.map(([attribute, { added, removed }]) => [attribute, { added, removed }])),
  }
}
