import { ScimError } from '../error.js'
import type { Attribute } from '../schema/attribute.js'
import type { Call } from './contract.js'

/**
 * What to do about members that do not exist: refuse all of the request with 400 invalidValue, keep them as they were sent, or
 * leave them out, which `on.request` reports as the tolerance `unknownMember`.
 */
export type UnknownMembers = 'refuse' | 'keep' | 'skip'

const NAMED_AT_MOST = 5
const ID_LENGTH = 80

/**
 * Throws 400 invalidValue for members that do not exist, unless they are to be left out. Nobody is left out unreported, and a
 * list of which nobody is known is refused: to leave all out would empty a group (decision A-121).
 *
 * @param named How many members the request names in all.
 */
export function refuseUnknown(
  call: Call,
  policy: UnknownMembers,
  { path }: Attribute,
  missing: readonly string[],
  named: number,
): void {
  if (missing.length === 0) return
  if (policy === 'skip' && missing.length < named && call.tolerate?.('unknownMember', `${path} (${missing.length})`))
    return
  const told = missing.slice(0, NAMED_AT_MOST).map((id) => `"${id.slice(0, ID_LENGTH)}"`)
  const others = missing.length - told.length
  throw ScimError.invalidValue(
    `"${path}" names resources that do not exist: ${told.join(', ')}${others > 0 ? ` and ${others} more` : ''}.`,
    // Reports tell it from other values that do not fit.
    { attribute: path, code: 'unknownMember' },
  )
}
