import type { Call } from '../../adapter/contract.js'
import type { UnknownMembers } from '../../adapter/unknown-members.js'
import type { Queryable } from '../../database/database.js'
import type { OpenDatabase } from '../../database/open-database.js'
import type { StoreDialect } from '../../database/store-dialect.js'
import type { Protect } from '../shared/secret-hash.js'
import type { CombinedWrites } from './combined-writes.js'
import type { StoredType } from './stored-type.js'

/** A text in the comparison keys of a document that has a column of its own as well, for an index. */
export interface CopiedKey {
  readonly column: string
  /** Where it is in the keys. */
  readonly path: readonly string[]
}

/** The settings that the resources of all types share. */
export interface Store {
  readonly database: OpenDatabase<StoreDialect>
  /** The prefix of the names of the tables: `"scim".` in PostgreSQL, `scim_` in SQLite. */
  readonly prefix: string
  /** All types, so that members of every type are found. */
  readonly types: readonly StoredType[]
  readonly unknownMembers: UnknownMembers
  readonly protect: Protect
  /** The keys with a column. Default: none; an index may be on the keys themselves. */
  readonly copied?: readonly CopiedKey[] | undefined
  /** Writes in which one statement does the work of several. Default: each statement writes one table. */
  readonly combined?: CombinedWrites | undefined
}

/** The resources of one type and one tenant, for one call. */
export interface DocumentTarget {
  readonly store: Store
  readonly type: StoredType
  readonly tenant: string
  /** Runs the statements that need no transaction of their own. */
  readonly database: Queryable
  readonly call: Call
}
