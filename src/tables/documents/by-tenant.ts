import type { Call, ResourceAdapter } from '../../adapter/contract.js'
import type { SchemaDefinition } from '../../schema/model/definition.js'
import { adapterByCall, type OfTenant } from '../shared/by-tenant.js'
import type { DocumentAdapters, DocumentResource, OwnType } from './adapters.js'

/** The adapters over one database, and how many types of one's own they know. */
interface Opened {
  readonly adapters: DocumentAdapters
  readonly own: DocumentResource<unknown>[]
}

/**
 * Adapters over the database of each call.
 *
 * @param declared Adapters over no database: their declaration, which all tenants share.
 */
export function documentsByTenant(
  declared: DocumentAdapters,
  adaptersFor: (call: OfTenant | undefined) => Promise<DocumentAdapters>,
): DocumentAdapters {
  const types: OwnType<SchemaDefinition, SchemaDefinition>[] = []
  const known = new WeakMap<DocumentAdapters, Opened>()
  const open = async (call: OfTenant | undefined): Promise<Opened> => {
    const adapters = await adaptersFor(call)
    const opened = known.get(adapters) ?? { adapters, own: [] }
    known.set(adapters, opened)
    // A type may be declared after the first call.
    for (const type of types.slice(opened.own.length)) opened.own.push(adapters.resource(type) as never)
    return opened
  }
  const resourceOf = <R>(
    resource: DocumentResource<R>,
    pick: (opened: Opened) => DocumentResource<unknown> | undefined,
  ): DocumentResource<R> => {
    const own = async (call: Call) => pick(await open(call))?.adapter as ResourceAdapter
    return Object.freeze({ ...resource, adapter: adapterByCall(resource.adapter as never, own) as never })
  }
  const User = resourceOf(declared.resources.User, ({ adapters }) => adapters.resources.User as never)
  const Group = resourceOf(declared.resources.Group, ({ adapters }) => adapters.resources.Group as never)
  return Object.freeze({
    users: User.adapter,
    groups: Group.adapter,
    resources: Object.freeze({ User, Group }),
    resource: (type: OwnType<SchemaDefinition, SchemaDefinition>) => {
      const resource = declared.resource(type)
      const index = types.push(type) - 1
      return resourceOf(resource, ({ own }) => own[index]) as never
    },
    migrate: async ({ tenant, ...options } = {}) => (await open({ tenant })).adapters.migrate(options),
    transaction: async (work, call) => (await open(call)).adapters.transaction(work, call),
  } satisfies DocumentAdapters)
}
