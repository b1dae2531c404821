import { setTimeout as delay } from 'node:timers/promises'
import { adapterChecks } from '../../src/conformance/index.js'
import type { AdapterChecksOptions } from '../../src/conformance/kit/options.js'
import { memoryAdapter, memoryAdapters } from '../../src/memory/index.js'
import { sample } from '../support/length.js'
import { Device, Lease } from './device.js'
import { asFromDatabase, withoutFrills } from './wrapped.js'

const unique = { displayName: { uniqueness: 'server' } } as const
const extensions = [{ schema: Lease, required: true }]
const memory = memoryAdapters()
const uniqueGroups = memoryAdapters({ groups: { attributes: unique } })
const dumb = memoryAdapters()
const versioned = memoryAdapters()
const fromDatabase = memoryAdapters()
const perTenant = memoryAdapters()
const late = memoryAdapters()
// The wrapper's ids are numbers of its own, which the store below does not know.
const MANAGER = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager'

const ADAPTERS: Readonly<Record<string, AdapterChecksOptions>> = {
  'in memory': { resourceTypes: { User: { adapter: memory.users }, Group: { adapter: memory.groups } } },
  'in memory, with unique group names': {
    resourceTypes: {
      User: { adapter: uniqueGroups.users },
      Group: { adapter: uniqueGroups.groups, attributes: unique },
    },
  },
  'of a type of its own': {
    resourceTypes: {
      Device: {
        adapter: memoryAdapter({ schema: Device, extensions, indexes: ['label', 'slots'] }),
        schema: Device,
        extensions,
      },
    },
  },
  'without frills': {
    resourceTypes: {
      User: { adapter: withoutFrills(dumb.users as never), omit: ['password'] },
      Group: { adapter: withoutFrills(dumb.groups as never) },
    },
    members: 50,
  },
  'without frills, but with versions': {
    resourceTypes: { Group: { adapter: withoutFrills(versioned.groups as never, true) } },
    identities: [{ tenant: 'one' }],
    members: 50,
  },
  'with the values of a database': {
    resourceTypes: { User: { adapter: asFromDatabase(fromDatabase.users as never), omit: ['password', MANAGER] } },
    members: 50,
  },
  'that a function gives for each tenant': {
    resourceTypes: {
      User: { adapter: () => perTenant.users, supports: { versions: true, cursor: 'both' } },
      Group: { adapter: () => perTenant.groups, supports: { versions: true, cursor: 'both' } },
    },
  },
  'that is made when it is needed': {
    resourceTypes: { User: { supports: { versions: true, cursor: 'both' } } },
    create: async () => {
      await delay(5)
      return { User: late.users }
    },
  },
}

describe.each(Object.entries(ADAPTERS))('an adapter %s keeps the contract', (title, options) => {
  const from = Object.keys(ADAPTERS).indexOf(title)
  const checks = adapterChecks({ members: 200, ...options })
  // The other adapters are the same one in wrappers.
  test.each(title === 'in memory' ? checks : sample(checks, 4, from))('$name', ({ run }) => run())
})
