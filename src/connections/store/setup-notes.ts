import { SetupError } from '../../index.js'
import { isObject } from '../../is-object.js'

/**
 * How far the set-up of a connection is, for the pages that lead through it: the kind of application at the identity
 * provider, the step, the boxes that were ticked. The library stores it and reads nothing in it.
 */
export type SetupNotes = { readonly [name: string]: unknown }

/** Characters of JSON. */
const MOST = 4_096

/**
 * Merges notes into the stored ones: a member replaces the note of the same name, null removes it. So two people who
 * note different things at one time keep both.
 */
export function changedSetup(current: SetupNotes, given: SetupNotes): SetupNotes {
  if (!isObject(given)) {
    throw new SetupError('ERR_SCIM_OPTION', 'Option setup of a connection must be an object, or null to remove it.')
  }
  const left = Object.entries({ ...current, ...given }).filter(([, value]) => value !== null)
  const text = JSON.stringify(Object.fromEntries(left))
  if (text.length > MOST) {
    throw new SetupError(
      'ERR_SCIM_OPTION',
      `Option setup of a connection must have at most ${MOST} characters of JSON.`,
    )
  }
  // A value that is not JSON would be another one after the next read.
  const notes: SetupNotes = JSON.parse(text)
  return notes
}
