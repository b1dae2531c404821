import type { CallLimits } from '../../adapter/contract.js'
import { enabledTolerances, type ToleranceName } from '../../compatibility.js'
import type { FilterLimits } from '../../filter/parse.js'
import type { PatchLimits } from '../../patch/patch-op.js'
import { type Cursors, cursorsOf } from '../shared/cursor.js'
import { Deadlines } from '../shared/deadlines.js'
import { QueryShapes } from '../shared/query-shapes.js'
import { Queue } from '../shared/queue.js'
import { RequestIds } from '../shared/request-ids.js'
import { UserAgents } from '../shared/user-agents.js'
import { type Discovery, discoveryOf } from './describe-provider.js'
import { camelCase, checkHooks } from './event-names.js'
import { type LimitName, type Limits, resolveLimits } from './limits.js'
import { Listeners } from './listeners.js'
import type { ScimRouterOptions } from './options.js'
import { refuseOptions } from './refuse-options.js'
import { type ResourceType, resourceTypes } from './resource-type.js'
import { sensitivePaths } from './sensitive.js'

/** A service provider: all objects that are made once at start, and the function that answers a request. */
export interface Provider {
  readonly options: ScimRouterOptions
  readonly limits: Limits
  /** The limits that adapters must keep. */
  readonly callLimits: CallLimits
  /** When a limit was last reported to `on.error`, in the time of `performance.now()`. */
  readonly reportedLimits: Map<LimitName, number>
  /** Codes of the mistakes in the set-up that were reported to `on.error`. */
  readonly reportedOnce: Set<string>
  readonly tolerances: ReadonlySet<ToleranceName>
  readonly types: readonly ResourceType[]
  readonly typesByName: ReadonlyMap<string, ResourceType>
  /** By endpoint without its slash. */
  readonly typesByEndpoint: ReadonlyMap<string, ResourceType>
  readonly typesByLowerEndpoint: ReadonlyMap<string, ResourceType>
  readonly discovery: Discovery
  readonly listeners: Listeners
  readonly requestIds: RequestIds
  readonly userAgents: UserAgents
  readonly queryShapes: QueryShapes
  readonly queue: Queue
  readonly deadlines: Deadlines
  readonly cursors: Cursors | undefined
  /** Paths of attributes that may be filtered by POST alone. */
  readonly sensitive: ReadonlySet<string>
  readonly atomicBulk: boolean
  readonly filterLimits: Required<FilterLimits>
  /** The limits of a filter in a body, which no proxy cuts. */
  readonly searchFilterLimits: Required<FilterLimits>
  readonly patchLimits: Required<PatchLimits>
  readonly scanBudget: { readonly resources: number; readonly milliseconds: number }
}

/** Makes a service provider of no framework. Throws a {@link SetupError} for a mistake in the options. */
export function createProvider(options: ScimRouterOptions): Provider {
  refuseOptions(options)
  const types = resourceTypes(options.resources)
  checkHooks(options, types)
  const limits = resolveLimits(options.limits)
  const listeners = new Listeners(options)
  const isWatched =
    options.outbox !== undefined ||
    listeners.has('change') ||
    types.some(({ name }) => listeners.hasUnder(`${camelCase(name)}.`))
  const filterLimits = { length: limits.filterLength, depth: limits.filterDepth, nodes: limits.filterNodes }
  const partial = {
    options,
    limits,
    callLimits: Object.freeze({
      groupLinks: limits.groupLinks,
      scanResources: limits.scanResources,
      scanTime: limits.scanTime,
      memberEvents: isWatched ? limits.memberEvents : 0,
    }),
    reportedLimits: new Map<LimitName, number>(),
    reportedOnce: new Set<string>(),
    tolerances: enabledTolerances(options.compatibility),
    types,
    typesByName: new Map(types.map((type) => [type.name, type])),
    typesByEndpoint: new Map(types.map((type) => [type.endpoint.slice(1), type])),
    typesByLowerEndpoint: new Map(types.map((type) => [type.endpoint.slice(1).toLowerCase(), type])),
    listeners,
    requestIds: new RequestIds(),
    userAgents: new UserAgents(),
    queryShapes: new QueryShapes(),
    queue: new Queue(),
    deadlines: new Deadlines(),
    cursors: cursorsOf(options.cursor),
    sensitive: sensitivePaths(options, types),
    atomicBulk: options.bulk !== false && options.bulk?.atomic === true,
    filterLimits,
    searchFilterLimits: { ...filterLimits, length: limits.searchFilterLength },
    patchLimits: { operations: limits.patchOperations, values: limits.patchValues, filters: filterLimits },
    scanBudget: { resources: limits.scanResources, milliseconds: limits.scanTime },
  }
  return Object.freeze({ ...partial, discovery: discoveryOf(partial) })
}
