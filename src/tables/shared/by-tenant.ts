import type { Awaitable, Call, ResourceAdapter } from '../../adapter/contract.js'
import type { ConnectionPool } from '../../database/database.js'
import { SetupError } from '../../setup-error.js'

/** The data that choose a database. */
export type OfTenant = Pick<Call, 'tenant'>

/**
 * A database, or a function that gives the one of a tenant. It gives the same object each time, and never one of
 * another tenant.
 */
export type ByTenant<T> = T | ((call: OfTenant) => Awaitable<T>)

/** Whether a database is chosen for each call. */
export function isByTenant<T>(database: ByTenant<T>): database is (call: OfTenant) => Awaitable<T> {
  return typeof database === 'function'
}

/** Stands for a database while adapters are declared; nothing is ever asked of it. */
export const NO_DATABASE: ConnectionPool = Object.freeze({
  query: () => Promise.reject(noDatabase()),
  connect: () => Promise.reject(noDatabase()),
})

function noDatabase(): SetupError {
  const sentence = 'A database must be chosen by the tenant of a call, and this work belongs to no call.'
  return new SetupError('ERR_SCIM_OPTION', sentence, PAGE)
}

/** The objects of each database, made once for each. */
export function madeFor<Database extends object, Made>(
  choose: (call: OfTenant) => Awaitable<Database>,
  option: string,
  make: (database: Database, call: OfTenant) => Awaitable<Made>,
): (call: OfTenant | undefined) => Promise<Made> {
  const known = new WeakMap<Database, Promise<Made>>()
  return async (call) => {
    if (call === undefined) {
      throw new SetupError(
        'ERR_SCIM_OPTION',
        `With a function as option ${option}, transaction must get the call as its second argument.`,
        PAGE,
      )
    }
    const database: Database | undefined = await choose(call)
    if (typeof database !== 'object' || database === null) {
      throw new SetupError(
        'ERR_SCIM_OPTION',
        `Option ${option} must return a database for each tenant that authenticate returns.`,
        PAGE,
      )
    }
    const found = known.get(database)
    if (found) return found
    const made = Promise.resolve(make(database, call))
    known.set(database, made)
    // After a failure the next call tries again.
    made.catch(() => known.delete(database))
    return made
  }
}

/** An adapter that passes each call to the adapter of its database. */
export function adapterByCall<R>(
  declared: ResourceAdapter<R>,
  of: (call: Call) => Promise<ResourceAdapter<R>>,
): ResourceAdapter<R> {
  return {
    ...declared,
    create: async (draft, call) => (await of(call)).create(draft, call),
    get: async (id, call) => (await of(call)).get(id, call),
    list: async (query, call) => (await of(call)).list(query, call),
    replace: async (id, draft, call) => (await of(call)).replace(id, draft, call),
    delete: async (id, call) => (await of(call)).delete(id, call),
    ...(declared.patch && {
      patch: async (id, patch, call) => (await of(call)).patch?.(id, patch, call) ?? 'decline',
    }),
  }
}

const PAGE = 'scale.md#a-database-for-each-tenant'
