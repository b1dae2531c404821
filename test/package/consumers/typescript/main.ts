import type { AddressInfo } from 'node:net'
import express from 'express'
import {
  bearer,
  defineSchema,
  EnterpriseUser,
  type ResourceAdapter,
  type ResourceOf,
  resourceType,
  ScimError,
  scimRouter,
  type UserResource,
} from 'express-scim'
import { memoryAdapter, memoryAdapters } from 'express-scim/memory'

const Device = defineSchema({
  id: 'urn:example:scim:schemas:Device',
  attributes: [
    { name: 'serial', required: true, uniqueness: 'server' },
    { name: 'ports', type: 'integer', multiValued: true },
  ],
})

interface DeviceResource extends ResourceOf<typeof Device> {}

export const portsOf = (device: DeviceResource): readonly number[] => device.ports ?? []
export const familyNameOf = (user: UserResource): string | undefined => user.name?.familyName
// @ts-expect-error: the schema knows no such attribute
export const unknownOf = (device: DeviceResource): unknown => device.colour

export const readOnlyUsers: Pick<ResourceAdapter<UserResource>, 'create' | 'get'> = {
  create: () => {
    throw ScimError.forbidden('Users are made elsewhere.')
  },
  get: (id) => ({ id, userName: id }),
}

const { users, groups } = memoryAdapters()
// @ts-expect-error: nothing is open by default
export const open = (): unknown => scimRouter({ resources: { User: { adapter: users } } })

const scim = scimRouter({
  authenticate: bearer('consumer-token'),
  resources: {
    User: { adapter: users, extensions: [EnterpriseUser] },
    Group: { adapter: groups },
    Device: resourceType({ endpoint: '/Devices', schema: Device, adapter: memoryAdapter({ schema: Device }) }),
  },
})

const app = express()
app.use('/scim/v2', scim, scim.errors)
const server = app.listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}/scim/v2`)
})
