// Types that TypeScript makes of schemas. These need not run: `tsc` says whether each line holds.

import type { Draft, ResourceAdapter, Stored } from '../../src/adapter/contract.js'
import { applyPatch, filterPredicate } from '../../src/index.js'
import { memoryAdapter } from '../../src/memory/index.js'
import { resourceType } from '../../src/provider/setup/typed-options.js'
import type { EnterpriseUser } from '../../src/schema/core/enterprise-user.js'
import type { GroupResource } from '../../src/schema/core/group.js'
import { User, type UserResource } from '../../src/schema/core/user.js'
import { defineSchema } from '../../src/schema/define/define-schema.js'
import type { Meta, Resource, ResourceOf } from '../../src/schema/model/resource.js'

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

/** Compiles only when the two types are the same. */
function same<A, B>(_: Same<A, B>): void {}

const Device = defineSchema({
  id: 'urn:example:schemas:Device',
  attributes: [
    { name: 'serial', required: true, mutability: 'immutable' },
    { name: 'kind', canonicalValues: ['phone', 'laptop'] },
    { name: 'locked', type: 'boolean' },
    { name: 'slots', type: 'integer', multiValued: true },
    { name: 'weight', type: 'decimal' },
    { name: 'bought', type: 'dateTime' },
    { name: 'certificate', type: 'binary' },
    {
      name: 'owners',
      type: 'complex',
      multiValued: true,
      required: true,
      subAttributes: [
        { name: 'value', required: true },
        { name: '$ref', type: 'reference' },
      ],
    },
  ],
})
const Lease = defineSchema({
  id: 'urn:example:schemas:extension:Lease',
  attributes: [{ name: 'until', type: 'dateTime', required: true }],
})

interface DeviceResource extends ResourceOf<typeof Device, typeof Lease> {}

// Definitions keep their literals without `as const`.
same<typeof Device.id, 'urn:example:schemas:Device'>(true)
same<(typeof Device.attributes)[0]['name'], 'serial'>(true)

// Types, lists, required and optional attributes.
same<DeviceResource['serial'], string>(true)
same<DeviceResource['locked'], boolean | undefined>(true)
same<DeviceResource['slots'], readonly number[] | undefined>(true)
same<DeviceResource['weight'], number | undefined>(true)
same<DeviceResource['bought'], string | undefined>(true)
same<DeviceResource['certificate'], string | undefined>(true)
same<DeviceResource['owners'], readonly { readonly value: string; readonly $ref?: string | undefined }[]>(true)
same<DeviceResource['urn:example:schemas:extension:Lease'], { readonly until: string } | undefined>(true)

// Common attributes come by themselves.
same<DeviceResource['id'], string>(true)
same<DeviceResource['externalId'], string | undefined>(true)
same<DeviceResource['meta'], Meta>(true)
same<DeviceResource['schemas'], readonly string[]>(true)

// Canonical values are suggestions: editors complete them, any other text is fine.
const kinds: DeviceResource['kind'][] = ['phone', 'something else', undefined]

// @ts-expect-error a number is no text
export const wrongType: DeviceResource['serial'] = 5
// @ts-expect-error an attribute of no schema
export type WrongName = DeviceResource['nope']
// @ts-expect-error required
export const incomplete: Draft<DeviceResource> = { owners: [] }
// @ts-expect-error required in the extension
export const incompleteExtension: NonNullable<DeviceResource['urn:example:schemas:extension:Lease']> = {}
// @ts-expect-error a type that there is not
defineSchema({ id: 'urn:example:schemas:A', attributes: [{ name: 'a', type: 'date' }] })
export function change(device: DeviceResource): void {
  // @ts-expect-error a resource is read only
  device.serial = 'a'
}

// The schemas of the standard.
same<UserResource['userName'], string>(true)
same<UserResource['active'], boolean | undefined>(true)
same<NonNullable<UserResource['name']>['givenName'], string | undefined>(true)
same<NonNullable<UserResource['emails']>[number]['primary'], boolean | undefined>(true)
same<NonNullable<GroupResource['members']>[number]['value'], string | undefined>(true)
same<UserResource['userName'], ResourceOf<typeof User, typeof EnterpriseUser>['userName']>(true)
export const manager = (user: UserResource): string | undefined =>
  user['urn:ietf:params:scim:schemas:extension:enterprise:2.0:User']?.manager?.value
// @ts-expect-error a user has no members
export type NoMembers = UserResource['members']

// Extensions stand side by side, alone or with `required`.
const Repair = defineSchema({ id: 'urn:example:schemas:extension:Repair', attributes: [{ name: 'shop' }] })
export const devices = resourceType({
  schema: Device,
  extensions: [{ schema: Lease, required: true }, Repair],
  adapter: memoryAdapter({ schema: Device, extensions: [Lease, { schema: Repair, required: false }] }),
})
export async function extended(): Promise<void> {
  const adapter = memoryAdapter({ schema: Device, extensions: [Lease, Repair] })
  same<typeof adapter, ResourceAdapter<ResourceOf<typeof Device, typeof Lease | typeof Repair>>>(true)
  const plain = memoryAdapter({ schema: Device })
  same<typeof plain, ResourceAdapter<ResourceOf<typeof Device>>>(true)
}

// Draft: without the values of store and router.
same<keyof Draft<GroupResource>, 'displayName' | 'members' | 'externalId'>(true)
export const draft: Draft<UserResource> = { userName: 'a', emails: [{ value: 'a@example.com', type: 'work' }] }
// @ts-expect-error the store gives ids
export const draftWithId: Draft<UserResource> = { userName: 'a', id: '1' }

// Stored: columns may be null, dates Date objects, ids numbers, lists streams; attributes not selected are missing.
export const stored: Stored<DeviceResource>[] = [
  { id: 1, serial: undefined, owners: undefined },
  { id: 'a', serial: null, owners: [], bought: new Date(), meta: { created: new Date(), version: 3 } },
  { id: 'a', serial: 's', owners: null, slots: streamOf([1, 2]), kind: undefined },
  { id: 'a', serial: 's', owners: streamOf([{ value: 'b', $ref: null }]), [Lease.id]: { until: new Date() } },
]
// @ts-expect-error a store gives an id
export const storedWithoutId: Stored<DeviceResource> = { serial: 'a', owners: [] }
// @ts-expect-error a required attribute must be given, if only as undefined because no response needs it
export const storedInPart: Stored<DeviceResource> = { id: 'a', serial: 'a' }
// @ts-expect-error a stream of texts is none of numbers
export const storedWrongly: Stored<DeviceResource> = { id: 1, serial: 'a', owners: [], slots: streamOf(['a']) }

// Code that works on every resource type takes any.
export const anyStored: Stored[] = [{ id: 1, whatever: 'x' }, ...stored]
export const anyResource = (user: UserResource): Resource => ({ ...user })

// applyPatch gives back the type of the resource, and takes only resources of the schema.
const account = { userName: 'ann', row: 5, emails: [{ value: 'ann@example.com' }], meta: { version: 3 } }
const patchedAccount = applyPatch(User, account, [{ op: 'add', path: 'title', value: 'x' }])
same<typeof patchedAccount, typeof account>(true)
export const patchedDevice: Draft<DeviceResource> = applyPatch(Device, {} as Draft<DeviceResource>, [], {
  extensions: [Lease],
})
export const namesOfBs: readonly string[] = [account]
  .filter(filterPredicate(User, 'userName sw "b"'))
  .map(({ userName }) => userName)
// @ts-expect-error a userName is a text
applyPatch(User, { userName: 5 }, [])
// @ts-expect-error the date of a lease is a text
applyPatch(Device, { [Lease.id]: { until: 5 } }, [], { extensions: [Lease] })
// @ts-expect-error an operation has an op
applyPatch(User, account, [{ path: 'title' }])
// @ts-expect-error did you mean 'strict'?
applyPatch(User, account, [], { compatibility: 'strikt' })

export { kinds }

async function* streamOf<T>(values: readonly T[]): AsyncGenerator<T> {
  yield* values
}
