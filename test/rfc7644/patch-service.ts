import type { ResourceEntry } from '../../src/index.js'
import { PATCH_OP } from '../../src/urn.js'
import { created, device, deviceOptions } from '../rfc7643/device.js'
import { type AppOptions, sharedApp } from '../support/app.js'
import type { Answer, ScimClient } from '../support/client.js'
import { expectError, group, user } from './service.js'

/** Both ways to do a patch: by the store itself, and by the router with get and replace. */
export const STORES: readonly (readonly [string, () => AppOptions])[] = [
  ['a store that patches', () => deviceOptions({ compatibility: 'strict' })],
  ['a store that does not', () => withoutPatch(deviceOptions({ compatibility: 'strict' }))],
]

function withoutPatch({ resources, ...rest }: AppOptions): AppOptions {
  const entries = Object.entries(resources).map(([name, { adapter, ...entry }]): [string, ResourceEntry] => {
    const { patch: _, ...others } = adapter as Exclude<typeof adapter, (call: never) => unknown>
    return [name, { ...entry, adapter: others }]
  })
  return { ...rest, resources: Object.fromEntries(entries) }
}

/** A client that patches, and the resources to do it to. */
export interface Patcher {
  readonly base: string
  readonly scim: ScimClient
  readonly createUser: (rest?: object) => Promise<any>
  readonly createDevice: (rest?: object) => Promise<any>
  readonly createGroup: (...members: readonly string[]) => Promise<any>
  /** Sends operations; `resource` is the answer to its creation. */
  readonly patch: (resource: any, ...operations: readonly object[]) => Promise<Answer>
  readonly read: (resource: any, query?: string) => Promise<any>
  /** Sends operations that succeed, and gives the resource as it is then. */
  readonly change: (resource: any, ...operations: readonly object[]) => Promise<any>
  /** Sends operations that are refused, and makes sure that the resource is as it was, version and times included. */
  readonly refuse: (resource: any, scimType: string | undefined, ...operations: readonly object[]) => Promise<Answer>
  /** Sends operations that succeed and change nothing, version and times included. */
  readonly leave: (resource: any, ...operations: readonly object[]) => Promise<void>
}

/** One service for all tests of the surrounding `describe`. */
export function patcher(options: () => AppOptions): Patcher {
  const app = sharedApp(options)
  let count = 0
  const create = async (endpoint: string, body: object): Promise<any> => created(await app.scim.post(endpoint, body))
  const pathOf = ({ meta }: any): string => meta.location.slice(app.base.length)
  const read: Patcher['read'] = async (resource, query = '') => {
    const { status, body } = await app.scim.get(pathOf(resource) + query)
    expect(status).toBe(200)
    return body
  }
  const patch: Patcher['patch'] = (resource, ...Operations) =>
    app.scim.patch(pathOf(resource), { schemas: [PATCH_OP], Operations })
  const succeed = async (resource: any, operations: readonly object[]): Promise<any> => {
    const { status, text } = await patch(resource, ...operations)
    if (status !== 200 && status !== 204) throw new Error(`${status}: ${text}`)
    return read(resource)
  }
  return {
    get base() {
      return app.base
    },
    get scim() {
      return app.scim
    },
    createUser: (rest = {}) => {
      count += 1
      return create('/Users', user(`patch-${count}`, { ...rest }))
    },
    createDevice: (rest = {}) => create('/Devices', device({ ...rest })),
    createGroup: (...members) => {
      count += 1
      return create('/Groups', group(`patch-${count}`, ...members))
    },
    patch,
    read,
    change: (resource, ...operations) => succeed(resource, operations),
    refuse: async (resource, scimType, ...operations) => {
      const before = await read(resource)
      const answer = await patch(resource, ...operations)
      expectError(answer, scimType === 'uniqueness' ? 409 : 400, scimType)
      expect(await read(resource)).toEqual(before)
      return answer
    },
    leave: async (resource, ...operations) => {
      const before = await read(resource)
      expect(await succeed(resource, operations)).toEqual(before)
    },
  }
}
