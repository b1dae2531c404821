import type { Queryable } from '../../database/database.js'
import type { HolderGraph } from '../shared/holder-lists.js'
import { holderGraph } from './member-of.js'
import type { DocumentRowText } from './row.js'
import type { Lists } from './select.js'
import type { DocumentTarget } from './store.js'

/** A direct holder, as it is selected: its id and display name, and whether others hold it. */
type DirectHolder = readonly [id: string, display: string | null, isHeld: 0 | 1]

/**
 * A row in which the graph of holders stands in the place of the direct ones, which it was selected with. Only if one
 * of them is held by others is the graph walked, by one more statement: most groups are in no group.
 */
export async function withHolders(
  connection: Queryable,
  target: DocumentTarget,
  lists: Lists,
  row: DocumentRowText,
): Promise<DocumentRowText> {
  const { memberOf } = target.type
  const index = memberOf ? lists.attributes.indexOf(memberOf) : -1
  const text = row[`list_${index}`]
  if (!memberOf || typeof text !== 'string' || text === NONE) return row
  const direct: readonly DirectHolder[] = JSON.parse(text)
  const graph = direct.some(([, , isHeld]) => isHeld === 1)
    ? await holderGraph(connection, target, memberOf, [row.id])
    : JSON.stringify([
        direct.map(([id]) => [row.id, id]),
        [],
        direct.map(([id, display]) => [id, display]),
      ] satisfies HolderGraph)
  return { ...row, [`list_${index}`]: graph }
}

const NONE = '[]'
