import { ScimError } from '../../../src/error.js'
import type { JsonObject } from '../../../src/schema/model/resource.js'
import { fold, SOUND } from '../sound-adapter.js'
import { type Fault, withParts, wrapped } from './fault.js'

export const TENANTS: readonly Fault[] = [
  withParts(
    'ignores the tenant',
    { rowsOf: (tenants, call) => SOUND.rowsOf(tenants, { ...call, tenant: undefined }) },
    'the resource of one tenant does not exist for another',
    /get gave a tenant the resource of another tenant \(node_modules\/express-scim\/docs\/adapters\.md#per-tenant\)/,
  ),
  wrapped(
    'ignores the tenant in a list',
    (sound) => ({ list: (query, call) => sound.list(query, { ...call, tenant: 'kit-a' }) }),
    'no list of one tenant has or counts a resource of another',
    /gave a tenant the resource of another for the filter/,
  ),
  wrapped(
    'has one set of unique values for all tenants',
    (sound) => {
      const taken = new Map<string, string | undefined>()
      return {
        create: async (draft, call) => {
          const name = fold((draft as JsonObject)['userName'])
          if (taken.has(name) && taken.get(name) !== call.tenant) throw ScimError.uniqueness('userName')
          taken.set(name, call.tenant)
          return sound.create(draft, call)
        },
      }
    },
    'a unique value of one tenant is free for another',
    /create told a tenant that another one has a "userName"/,
  ),
]
