/**
 * A whole service: the router with connections, log, audit trail and pages around it, in one call.
 *
 * @module
 */
export type { ScimServiceOptions } from './options.js'
export { type ScimService, scimService } from './service.js'
export { memoryStores, type ResourceStores, type ServiceStores, sqlStores } from './stores.js'
