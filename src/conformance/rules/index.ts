import type { Rule } from '../kit/rule.js'
import { CHANGES } from './changes.js'
import { CREATE } from './create.js'
import { CURSOR } from './cursor.js'
import { DELETE } from './delete.js'
import { FILTER } from './filter.js'
import { LARGE } from './large.js'
import { LOOKUP } from './lookup.js'
import { MISSING } from './missing.js'
import { PAGE } from './page.js'
import { PATCH } from './patch.js'
import { RACES } from './races.js'
import { REFERENCES } from './references.js'
import { REPLACE } from './replace.js'
import { SINGLE } from './single.js'
import { SORT } from './sort.js'
import { STORE } from './store.js'
import { TENANTS } from './tenants.js'
import { UNIQUENESS } from './uniqueness.js'
import { UNREADABLE } from './unreadable.js'
import { VERSIONS } from './versions.js'

/** The whole contract, in the order in which an adapter is usually written. */
export const RULES: readonly Rule[] = [
  ...CREATE,
  ...MISSING,
  ...REPLACE,
  ...SINGLE,
  ...UNREADABLE,
  ...DELETE,
  ...REFERENCES,
  ...CHANGES,
  ...UNIQUENESS,
  ...VERSIONS,
  ...RACES,
  ...PAGE,
  ...FILTER,
  ...LOOKUP,
  ...SORT,
  ...CURSOR,
  ...PATCH,
  ...LARGE,
  ...TENANTS,
  ...STORE,
]
