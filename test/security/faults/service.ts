import type { ResourceAdapter } from '../../../src/adapter/contract.js'
import type { ErrorReport } from '../../../src/index.js'
import { memoryAdapters } from '../../../src/memory/index.js'
import { group, user } from '../../rfc7644/service.js'
import { type App, type AppOptions, startApp } from '../../support/app.js'
import type { Answer, ScimClient } from '../../support/client.js'

export type Callback = 'create' | 'get' | 'list' | 'replace' | 'patch' | 'delete'
export const CALLBACKS: readonly Callback[] = ['create', 'get', 'list', 'replace', 'patch', 'delete']

/** The behaviour of a callback in place of its work; `work` does the work. */
export type Fault = (work: () => unknown, call: { readonly signal: AbortSignal }) => unknown

/** A service over users and groups in memory, any callback of which can be made to fail. */
export interface Faulty {
  readonly app: App
  readonly scim: ScimClient
  /** The arguments of `on.error`. */
  readonly told: ErrorReport[]
  /** A user and a group that has it as a member. */
  readonly ids: { readonly user: string; readonly group: string }
  /** Breaks a callback of users and groups until {@link Faulty.repair}. */
  readonly breakCallback: (callback: Callback, fault: Fault) => void
  /** Tells before each callback which one it is. */
  readonly onCall: (listener: ((callback: Callback) => void) | undefined) => void
  readonly repair: () => void
  /** All stored resources, as text. */
  readonly stored: () => Promise<string>
}

/** Starts the service. Without `patch` the router does get, apply and replace. */
export async function faultyService(
  options: Partial<AppOptions> = {},
  patches = true,
  wrap: (adapter: ResourceAdapter) => ResourceAdapter = (adapter) => adapter,
): Promise<Faulty> {
  const faults = new Map<Callback, Fault>()
  const told: ErrorReport[] = []
  let listener: ((callback: Callback) => void) | undefined
  const breakable = (adapter: object): never => {
    const sound = wrap(adapter as ResourceAdapter) as Required<ResourceAdapter>
    const guarded = Object.fromEntries(
      CALLBACKS.filter((callback) => patches || callback !== 'patch').map((callback) => [
        callback,
        (...given: readonly unknown[]) => {
          listener?.(callback)
          const work = () => (sound[callback] as (...all: readonly unknown[]) => unknown)(...given)
          const fault = faults.get(callback)
          return fault ? fault(work, given.at(-1) as never) : work()
        },
      ]),
    )
    return { ...guarded, supports: sound.supports } as never
  }
  const { users, groups } = memoryAdapters()
  const app = await startApp({
    resources: { User: { adapter: breakable(users) }, Group: { adapter: breakable(groups) } },
    ...options,
    on: { error: (report) => void told.push(report), ...options.on },
  })
  const { scim } = app
  const created = await scim.post('/Users', user('before', { title: 'old' }))
  const held = await scim.post('/Groups', group('held', created.body.id))
  const ids = { user: created.body.id as string, group: held.body.id as string }
  return {
    app,
    scim,
    told,
    ids,
    breakCallback: (callback, fault) => void faults.set(callback, fault),
    onCall: (next) => {
      listener = next
    },
    repair: () => faults.clear(),
    stored: async () => (await scim.get('/?count=200')).text,
  }
}

const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
const BULK = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest'
const SEARCH = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest'

/** A request for each callback of the router, and for each way to this callback. */
export const REQUESTS: readonly (readonly [string, Callback, (faulty: Faulty) => Promise<Answer>])[] = [
  ['POST', 'create', ({ scim }) => scim.post('/Users', user('new'))],
  ['GET', 'get', ({ scim, ids }) => scim.get(`/Users/${ids.user}`)],
  ['GET of members', 'get', ({ scim, ids }) => scim.get(`/Groups/${ids.group}`)],
  ['GET list', 'list', ({ scim }) => scim.get('/Users')],
  ['GET list by filter', 'list', ({ scim }) => scim.get('/Users?filter=title%20pr&sortBy=title')],
  ['GET list by cursor', 'list', ({ scim }) => scim.get('/Users?cursor&count=1')],
  ['GET root', 'list', ({ scim }) => scim.get('/')],
  ['POST .search', 'list', ({ scim }) => scim.post('/.search', { schemas: [SEARCH] })],
  ['PUT', 'replace', ({ scim, ids }) => scim.put(`/Users/${ids.user}`, user('after'))],
  ['PATCH', 'patch', ({ scim, ids }) => scim.patch(`/Users/${ids.user}`, titlePatch())],
  ['PATCH of members', 'patch', ({ scim, ids }) => scim.patch(`/Groups/${ids.group}`, memberPatch())],
  ['DELETE', 'delete', ({ scim, ids }) => scim.delete(`/Users/${ids.user}`)],
]

export function titlePatch(): object {
  return { schemas: [PATCH_OP], Operations: [{ op: 'replace', path: 'title', value: 'new' }] }
}

function memberPatch(): object {
  return { schemas: [PATCH_OP], Operations: [{ op: 'remove', path: 'members' }] }
}

/** The body of a bulk request. */
export function bulkOf(...Operations: readonly object[]): object {
  return { schemas: [BULK], Operations }
}
