import { MEMBERS, TYPE } from '../../adapter/option-table.js'
import { BOOLEAN, type Checks, FUNCTION, OBJECT, objectOf, required, TEXT, TEXTS } from '../../check-options.js'
import type { DocumentOptions, OwnType } from './adapters.js'

/** The values that each option of documents takes, in every database. */
export const DOCUMENTS: Checks<keyof DocumentOptions> = {
  users: objectOf(TYPE),
  groups: objectOf(TYPE),
  members: MEMBERS,
  protect: FUNCTION,
}

/** The values that each option of a resource type of one's own takes, in every database. */
export const OWN_TYPE: Checks<keyof OwnType<never, never>> = {
  name: required(TEXT),
  schema: required(OBJECT),
  ...TYPE,
  memberOf: TEXT,
  display: TEXTS,
}

/** The options of `migrate`. */
export const MIGRATE: Checks = { reindex: BOOLEAN, tenant: TEXT }
