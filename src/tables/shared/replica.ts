import type { Call, ResourceAdapter } from '../../adapter/contract.js'
import { asWriteResult } from '../../adapter/write-result.js'
import { kindOf, numberShown } from '../../check-options.js'
import type { Database } from '../../database/database.js'
import { isContention } from '../../database/failure.js'
import type { OpenDatabase } from '../../database/open-database.js'
import { openDatabase } from '../../database/postgresql/open.js'
import type { StoreDialect } from '../../database/store-dialect.js'
import { SetupError } from '../../setup-error.js'
import type { ByTenant } from './by-tenant.js'
import { RecentWrites } from './recent-writes.js'

/** The options of an adapter that may read from a replica. */
export interface ReaderOptions {
  /**
   * A pool of a read replica, or a function that returns that of a tenant. GET and queries read from it. Reads that
   * decide about a write go to `pool`, and so do reads of data that this process has written within the last
   * `readerLag` seconds.
   *
   * @defaultValue `pool`
   */
  readonly reader?: ByTenant<Database | undefined>
  /**
   * Seconds by which the replica may be behind, 0 to 3600.
   *
   * @defaultValue `5`
   */
  readonly readerLag?: number
}

/** The replica of one database. */
export interface OneReader {
  readonly reader?: Database | undefined
  readonly readerLag?: number | undefined
}

/** A replica, and the writes that it may lack. */
export interface Replica {
  readonly database: OpenDatabase<StoreDialect>
  readonly writes: RecentWrites
}

const LAG = 5
const MOST = 3_600

/** Takes a replica into use. Throws a {@link SetupError} for options that make no sense. */
export function openReplica({ reader, readerLag }: OneReader, prepare: boolean): Replica | undefined {
  if (reader === undefined) {
    if (readerLag !== undefined) throw invalid('Option readerLag must have option reader, which is missing.')
    return undefined
  }
  const lag = readerLag ?? LAG
  if (typeof lag !== 'number' || !(lag >= 0 && lag <= MOST)) {
    throw invalid(
      `Option readerLag must be a number of seconds from 0 to ${MOST}, got ${numberShown(lag) ?? kindOf(lag)}.`,
    )
  }
  return { database: openDatabase(reader, prepare, 'reader'), writes: new RecentWrites(lag * 1_000) }
}

function invalid(sentence: string): SetupError {
  return new SetupError('ERR_SCIM_OPTION', sentence, 'postgres.md#read-replicas')
}

/** One resource type, read from two databases. */
interface ReadTwice {
  readonly name: string
  /** Whether its resources show others, as groups show their members: a write to a member shows in its group. */
  readonly showsOthers: boolean
  /** The adapter over the database that is written. */
  readonly own: ResourceAdapter
  /** The adapter over the replica. */
  readonly copy: ResourceAdapter
  readonly writes: RecentWrites
}

/** An adapter that reads from a replica if the data are only shown and old enough to be there. */
export function withReplica({ name, showsOthers, own, copy, writes }: ReadTwice): ResourceAdapter {
  const tenantOf = (call: Call): string => call.tenant ?? ''
  const keyOf = (id: string | number): string => JSON.stringify([name, String(id)])
  const isShown = ({ forWrite, transaction }: Call): boolean => forWrite === false && transaction === undefined

  const note = (call: Call, id: string | number | undefined): void => {
    // A group shows in its members. The writes of a transaction are remembered together, from its last write on.
    const isApart = id !== undefined && !showsOthers && call.transaction === undefined
    writes.add(tenantOf(call), isApart ? keyOf(id) : undefined)
  }
  const noting = async <T>(call: Call, id: string | undefined, work: () => T | Promise<T>): Promise<T> => {
    try {
      return await work()
    } finally {
      // A write that has failed may have happened all the same, when the connection was lost in its COMMIT.
      note(call, id)
    }
  }

  return {
    ...own,
    get: async (id, call) => {
      const isNew = showsOthers ? writes.hasAny(tenantOf(call)) : writes.has(tenantOf(call), keyOf(id))
      if (!isShown(call) || isNew) return own.get(id, call)
      // Another process may have made the resource, so `pool` may have a resource that the replica lacks.
      return (await unlessInTheWay(() => copy.get(id, call))) ?? own.get(id, call)
    },
    list: async (query, call) => {
      if (!isShown(call) || writes.hasAny(tenantOf(call))) return own.list(query, call)
      return (await unlessInTheWay(() => copy.list(query, call))) ?? own.list(query, call)
    },
    create: async (draft, call) => {
      let id: string | number | undefined
      try {
        const made = await own.create(draft, call)
        id = asWriteResult(made).resource.id
        return made
      } finally {
        // A client that gets a conflict looks for the other resource next.
        note(call, id)
      }
    },
    replace: (id, draft, call) => noting(call, id, () => own.replace(id, draft, call)),
    // References to it go as well, wherever they are.
    delete: (id, call) => noting(call, undefined, () => own.delete(id, call)),
    ...(own.patch && {
      patch: (id, patch, call) => noting(call, id, async () => own.patch?.(id, patch, call)),
    }),
  }
}

/** A replica ends a statement that blocks the changes that it must apply. */
async function unlessInTheWay<T>(read: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await read()
  } catch (error) {
    if (isContention(error)) return undefined
    throw error
  }
}
