import { ScimError } from '../error.js'
import type { Attribute } from '../schema/model/attribute.js'
import type { Call } from './contract.js'

/**
 * What to do with group members that do not exist: refuse the whole request with 400 invalidValue, keep them as sent,
 * or skip them, which `on.request` reports as the tolerance `unknownMember`.
 */
export type UnknownMembers = 'refuse' | 'keep' | 'skip'

const NAMED_AT_MOST = 5
const ID_LENGTH = 80

/**
 * Throws 400 invalidValue for members that do not exist, unless they are to be skipped. Each skipped member is
 * reported. A list with only unknown members is refused: skipping them all would empty a group (decision A-121).
 *
 * @param named The number of members in the request.
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
    // The code tells this failure apart from other invalid values.
    { attribute: path, code: 'unknownMember' },
  )
}
