import { type Checks, LIST, objectOf, oneOf, recordOf, TEXTS } from '../check-options.js'
import { OVERRIDE } from '../schema/define/override-table.js'

/** The options of users and groups in the adapters of the library. */
export const TYPE = {
  extensions: LIST,
  attributes: recordOf(objectOf(OVERRIDE)),
  indexes: TEXTS,
} satisfies Checks

/** The option `members` of adapters that can keep members that do not exist. */
export const MEMBERS = objectOf({ unknown: oneOf('refuse', 'keep', 'skip') })
