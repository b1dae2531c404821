import {
  bearer,
  defineSchema,
  EnterpriseUser,
  pick,
  type SchemaDefinition,
  SetupError,
  scimRouter,
  User,
} from '../../src/index.js'
import { memoryAdapter, memoryAdapters } from '../../src/memory/index.js'
import { sqliteAdapters } from '../../src/sqlite/index.js'
import { sqliteInMemory } from '../support/sqlite-file.js'
import { TOKEN } from '../support/token.js'

// JavaScript has no types, and a template text of these values throws an error of its own.
const STRANGE: Readonly<Record<string, unknown>> = {
  'a symbol': Symbol('strange'),
  'an object without prototype': Object.create(null),
  'an object that cannot become a text': {
    toString() {
      throw new RangeError('no text')
    },
  },
  'a list of symbols': [Symbol('strange')],
  null: null,
  'a function': () => 'text',
  'a bigint': 1n,
}

const schema = {
  id: 'urn:example:scim:Device',
  name: 'Device',
  description: 'Something',
  attributes: [
    {
      name: 'serial',
      type: 'string',
      description: 'Its number',
      multiValued: false,
      required: false,
      canonicalValues: ['a'],
      enforceCanonicalValues: true,
      caseExact: true,
      mutability: 'readWrite',
      returned: 'default',
      uniqueness: 'none',
      precis: 'OpaqueString',
      default: 'a',
      keepOnReplace: true,
      discoverable: true,
      showEmpty: false,
    },
    { name: 'manual', type: 'reference', referenceTypes: ['external'] },
    { name: 'owner', type: 'complex', subAttributes: [{ name: 'value', returned: 'default' }] },
    { name: 'online', type: 'boolean', role: 'activation' },
  ],
} satisfies SchemaDefinition

const options = {
  schema,
  extensions: [
    { id: 'urn:example:scim:Rack', attributes: [{ name: 'row' }] },
    { schema: { id: 'urn:example:scim:Room', attributes: [{ name: 'door' }] }, required: true },
  ],
  attributes: { serial: { uniqueness: 'server', required: true } },
  indexes: ['manual'],
  members: { unknown: 'skip' },
}

const ofUsers = {
  users: { extensions: [EnterpriseUser], attributes: { title: { uniqueness: 'server' } } },
  groups: {},
  members: { unknown: 'keep' },
}

/** Each place of a value, as the keys that lead there. */
function placesOf(value: unknown, keys: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [keys]
  return [keys, ...Object.entries(value).flatMap(([key, part]) => placesOf(part, [...keys, key]))]
}

/** A copy with another value at a place. */
function withAt(value: any, [key, ...rest]: readonly string[], strange: unknown): unknown {
  if (key === undefined) return strange
  const copy = Array.isArray(value) ? [...value] : { ...value }
  copy[key] = withAt(value[key], rest, strange)
  return copy
}

const open = sqliteInMemory()

function routerWith(enforces: any): unknown {
  const adapter = { ...memoryAdapters().users, enforces }
  return scimRouter({ authenticate: bearer(TOKEN), resources: { User: { adapter } } })
}

const MAKERS: Readonly<Record<string, readonly [sample: unknown, make: (value: any) => unknown]>> = {
  defineSchema: [schema, defineSchema],
  memoryAdapter: [options, memoryAdapter],
  memoryAdapters: [ofUsers, memoryAdapters],
  sqliteAdapters: [ofUsers, (given) => sqliteAdapters({ database: open(), ...given })],
  pick: [['userName', 'name.givenName'], (paths) => pick(User, paths)],
  'enforces of an adapter': [memoryAdapters().users.enforces, routerWith],
}

describe.each(Object.entries(MAKERS))('%s', (_, [sample, make]) => {
  test('takes the sample', () => {
    expect(() => make(structuredClone(sample))).not.toThrow()
  })

  test.each(Object.entries(STRANGE))('takes %s wherever it is, or refuses it with a SetupError', (_name, strange) => {
    const others: string[] = []
    for (const keys of placesOf(sample)) {
      try {
        make(withAt(structuredClone(sample), keys, strange))
      } catch (error) {
        if (!SetupError.is(error)) others.push(`${keys.join('.')}: ${error}`)
      }
    }
    expect(others).toEqual([])
  })
})
