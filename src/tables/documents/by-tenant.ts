import type { Call } from '../../adapter/contract.js'
import type { SchemaDefinition } from '../../schema/model/definition.js'
import type { ResourceOf } from '../../schema/model/resource.js'
import { adapterByCall, type OfTenant } from '../shared/by-tenant.js'
import type { DocumentAdapters, DocumentResource, OwnType } from './adapters.js'

/**
 * Adapters over the database of each call.
 *
 * @param declared Adapters over no database: their declaration, which all tenants share.
 */
export function documentsByTenant(
  declared: DocumentAdapters,
  adaptersFor: (call: OfTenant | undefined) => Promise<DocumentAdapters>,
): DocumentAdapters {
  /** One for each type of one's own: makes its resource in the adapters of a tenant, or finds it there. */
  const ownTypes: ((adapters: DocumentAdapters) => unknown)[] = []
  const open = async (call: OfTenant | undefined): Promise<DocumentAdapters> => {
    const adapters = await adaptersFor(call)
    // A type may be declared after the first call.
    for (const make of ownTypes) make(adapters)
    return adapters
  }
  const resourceOf = <R>(
    resource: DocumentResource<R>,
    pick: (adapters: DocumentAdapters) => DocumentResource<R>,
  ): DocumentResource<R> => {
    const own = async (call: Call) => pick(await open(call)).adapter
    return Object.freeze({ ...resource, adapter: adapterByCall(resource.adapter, own) })
  }
  const User = resourceOf(declared.resources.User, ({ resources }) => resources.User)
  const Group = resourceOf(declared.resources.Group, ({ resources }) => resources.Group)
  return Object.freeze({
    users: User.adapter,
    groups: Group.adapter,
    resources: Object.freeze({ User, Group }),
    resource: <const Base extends SchemaDefinition, const Extension extends SchemaDefinition = never>(
      type: OwnType<Base, Extension>,
    ) => {
      const resource = declared.resource(type)
      const made = new WeakMap<DocumentAdapters, DocumentResource<ResourceOf<Base, Extension>>>()
      const make = (adapters: DocumentAdapters): DocumentResource<ResourceOf<Base, Extension>> => {
        const own = made.get(adapters) ?? adapters.resource(type)
        made.set(adapters, own)
        return own
      }
      ownTypes.push(make)
      return resourceOf(resource, make)
    },
    migrate: async ({ tenant, ...options } = {}) => (await open({ tenant })).migrate(options),
    transaction: async (work, call) => (await open(call)).transaction(work, call),
  } satisfies DocumentAdapters)
}
