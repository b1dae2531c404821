import type { Selection } from './contract.js'

/** Whether the answer shows an attribute: all that a page needs, since nobody filters or sorts it again. */
export function isShown(select: Selection, attribute: string): boolean {
  return select.shows ? select.shows(attribute) : select.has(attribute)
}
