import { EnterpriseUser, type ResourceEntry, scimRouter } from '../../src/index.js'
import { memoryAdapters } from '../../src/memory/index.js'

const start = (User: ResourceEntry) => () => scimRouter({ authenticate: () => null, resources: { User } })
const refused = expect.objectContaining({ name: 'SetupError', code: 'ERR_SCIM_UNIQUENESS' })

describe('uniqueness that is announced', () => {
  test.each(['displayName', 'externalId', 'emails.value', `${EnterpriseUser.id}:employeeNumber`])(
    '[S-7-03] and that the adapter does not keep is a mistake in the set-up: %s',
    (path) => {
      const attributes = { [path]: { uniqueness: 'server' as const } }
      expect(start({ adapter: memoryAdapters().users as never, attributes })).toThrow(refused)
      const { users } = memoryAdapters({ users: { attributes } })
      expect(start({ adapter: users as never, attributes })).not.toThrow()
    },
  )

  test('is not judged for an adapter that does not say what it keeps, nor for a function', () => {
    const { enforces, ...users } = memoryAdapters().users
    expect(enforces).toEqual(['userName'])
    const attributes = { displayName: { uniqueness: 'server' } } as const
    expect(start({ adapter: users as never, attributes })).not.toThrow()
    const perTenant = () => memoryAdapters().users as never
    expect(start({ adapter: perTenant, attributes })).not.toThrow()
  })
})
