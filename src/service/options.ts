import type { ConnectionHooks, ConnectionsOptions } from '../connections/index.js'
import type { EventHooks, ScimRouterOptions } from '../index.js'
import type { AuditTrailOptions, JournalOptions } from '../journal/index.js'
import type { PagesOptions } from '../pages/index.js'
import type { ServiceStores } from './stores.js'

/** Options of the parts that the service sets itself. */
type OwnOption =
  | 'store'
  | 'scim'
  | 'connections'
  | 'log'
  | 'trail'
  | 'on'
  | 'now'
  | 'onError'
  | 'authenticate'
  | 'tenants'

/**
 * The options of `scimService`: those of its parts, under their own names. `on` takes the hooks of the router and of
 * the connections; `onError` is called for failures of connections, log and pages.
 */
export interface ScimServiceOptions
  extends Omit<ConnectionsOptions, OwnOption | 'secret'>,
    Omit<PagesOptions, OwnOption | 'url' | 'credentials'>,
    Pick<JournalOptions, 'ids' | 'onError' | 'secret'>,
    Pick<AuditTrailOptions, 'strict'> {
  /** `sqlStores(…)`, `memoryStores(…)`, or stores of your own. */
  readonly store: ServiceStores
  /**
   * The resource types and their adapters.
   *
   * @defaultValue those of `store`
   */
  readonly resources?: ScimRouterOptions['resources']
  /**
   * The hooks of the router and of the connections, in one object.
   *
   * @defaultValue none
   */
  readonly on?: EventHooks & ConnectionHooks
  /**
   * All other options of the router: `compatibility`, `limits`, `validate`.
   *
   * @defaultValue their defaults; pages by cursor are offered
   */
  readonly router?: Partial<Omit<ScimRouterOptions, OwnOption | 'resources' | 'baseUrl'>>
}
