import { setFlagsFromString } from 'node:v8'
import { runInThisContext } from 'node:vm'
import fc from 'fast-check'
import type { ResourceAdapter } from '../../src/adapter/contract.js'
import type { Collection } from '../../src/memory/collection.js'
import { memoryAdapter, memoryAdapters } from '../../src/memory/index.js'
import { memoryType } from '../../src/memory/memory-type.js'
import { Store } from '../../src/memory/store.js'
import { TimeTexts } from '../../src/memory/time-texts.js'
import { insertRow, patchRow } from '../../src/memory/write.js'
import { defineSchema } from '../../src/schema/define/define-schema.js'
import { resourceSchema } from '../../src/schema/define/schema.js'
import type { ResourceOf } from '../../src/schema/model/resource.js'
import { callWith, patchWith, queryOf } from './calls.js'

const Asset = defineSchema({
  id: 'urn:test:Asset',
  attributes: [
    { name: 'tag', uniqueness: 'global' },
    { name: 'seat', type: 'integer', uniqueness: 'server' },
  ],
})
const Device = defineSchema({
  id: 'urn:test:Device',
  name: 'Device',
  attributes: [
    { name: 'serial', required: true, uniqueness: 'server' },
    { name: 'note' },
    { name: 'pin', mutability: 'writeOnly', returned: 'never' },
    { name: 'ports', type: 'complex', multiValued: true, subAttributes: [{ name: 'value', uniqueness: 'server' }] },
    {
      name: 'owners',
      type: 'complex',
      multiValued: true,
      subAttributes: [
        { name: 'value' },
        { name: '$ref', type: 'reference', referenceTypes: ['User'] },
        { name: 'since' },
      ],
    },
  ],
})
const schema = resourceSchema(Device, [{ schema: Asset, required: false }])
const call = callWith()

type DeviceResource = ResourceOf<typeof Device, typeof Asset>
let devices: ResourceAdapter<DeviceResource>
beforeEach(() => {
  devices = memoryAdapter({ schema: Device, extensions: [Asset], indexes: ['note'] })
})

async function create(draft: Omit<DeviceResource, 'id' | 'meta' | 'schemas'>) {
  const stored = await devices.create(draft, call)
  return { ...stored, id: String(stored.id) }
}

async function replace(
  id: string,
  draft: Omit<DeviceResource, 'id' | 'meta' | 'schemas'>,
  ifMatch?: readonly string[],
) {
  const stored = await devices.replace(id, draft, callWith(ifMatch && { ifMatch }))
  if (!stored || stored === 'stale') throw new Error(`not replaced: ${stored}`)
  return stored
}

describe('create and get', () => {
  test('gives an id, times and a version', async () => {
    const device = await create({ serial: 'A1' })
    expect(device).toEqual({
      schemas: [],
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      serial: 'A1',
      meta: { created: expect.stringMatching(/Z$/), lastModified: device.meta?.created, version: '1' },
    })
    expect(await devices.get(device.id, call)).toEqual(device)
  })

  test('an id of no resource, of whatever shape, is missing', async () => {
    await create({ serial: 'A1' })
    for (const id of ['', 'x', '__proto__', '../..', 'a'.repeat(10_000)]) {
      expect(await devices.get(id, call)).toBeUndefined()
      expect(await devices.replace(id, { serial: 'A2' }, call)).toBeUndefined()
      expect(await devices.patch?.(id, patchWith(schema), call)).toBeUndefined()
      expect(await devices.delete(id, call)).toBe(false)
    }
  })

  test('a draft is copied, and what is handed out cannot be changed', async () => {
    const draft = { serial: 'A1', ports: [{ value: 'p' }] }
    const device = await create(draft)
    draft.serial = 'changed'
    draft.ports.push({ value: 'q' })
    const stored = await devices.get(device.id, call)
    expect(stored).toMatchObject({ serial: 'A1', ports: [{ value: 'p' }] })
    expect(() => Object.assign(stored?.ports?.[0 as never] as unknown as object, { value: 'changed' })).toThrow(
      TypeError,
    )
    expect(() => Object.assign((stored as { meta: object }).meta, { version: '7' })).toThrow(TypeError)
    expect(await devices.get(device.id, call)).toMatchObject({ serial: 'A1', ports: [{ value: 'p' }] })
  })

  test('[S-7-10] what is never returned is not even handed to the router', async () => {
    const device = await create({ serial: 'A1', pin: '1234' })
    const replaced = await replace(device.id, { serial: 'A1', pin: '5678' })
    const patched = await devices.patch?.(
      device.id,
      patchWith(schema, { op: 'replace', path: 'pin', value: '9' }),
      call,
    )
    const listed = await devices.list(queryOf(schema, { filter: 'serial eq "A1"' }), call)
    expect(JSON.stringify([device, await devices.get(device.id, call), replaced, patched, listed])).not.toMatch(
      /pin|1234|5678/,
    )
  })
})

describe('replace', () => {
  test('[P-3.5.1-01] puts the draft in the place of what is stored', async () => {
    const device = await create({ serial: 'A1', note: 'n', ports: [{ value: 'p' }], 'urn:test:Asset': { tag: 't' } })
    const replaced = await replace(device.id, { serial: 'A2' })
    expect(replaced).toEqual({ schemas: [], id: device.id, serial: 'A2', meta: expect.anything() })
    expect(await devices.get(device.id, call)).toEqual(replaced)
  })

  test('[P-3.5.1-11] lastModified and version change; created and id do not', async () => {
    const device = await create({ serial: 'A1' })
    const versions = new Set([device.meta?.version])
    let last = String(device.meta?.lastModified)
    for (let times = 0; times < 5; times += 1) {
      const { id, meta } = await replace(device.id, { serial: 'A1' })
      expect([id, meta?.created]).toEqual([device.id, device.meta?.created])
      expect(String(meta?.lastModified) > last).toBe(true)
      last = String(meta?.lastModified)
      versions.add(meta?.version)
    }
    expect(versions.size).toBe(6)
  })

  test('[P-3.5.1-09] a writeOnly attribute that is left out is kept', async () => {
    const device = await create({ serial: 'A1', pin: '1234' })
    await replace(device.id, { serial: 'A1' })
    // The pin is never returned: that a patch with the same pin changes nothing shows that it is stored.
    const same = await devices.patch?.(
      device.id,
      patchWith(schema, { op: 'replace', path: 'pin', value: '1234' }),
      call,
    )
    expect(same).toMatchObject({ changed: false })
    const other = await devices.patch?.(device.id, patchWith(schema, { op: 'replace', path: 'pin', value: '1' }), call)
    expect(other).toMatchObject({ changed: true })
    const gone = await devices.patch?.(device.id, patchWith(schema, { op: 'remove', path: 'pin' }), call)
    expect(gone).toMatchObject({ changed: true })
  })

  test('what the store has assigned may be in a draft and does nothing', async () => {
    const device = await create({ serial: 'A1' })
    const draft = { serial: 'A2', id: 'mine', meta: { version: '9' }, schemas: ['urn:mine'] }
    expect(await replace(device.id, draft)).toMatchObject({ id: device.id, meta: { version: '2' } })
    expect(await devices.get(device.id, call)).toHaveProperty('schemas', [])
  })
})

describe('delete', () => {
  test('[P-3.6-02] [P-3.6-03] removes the resource', async () => {
    const device = await create({ serial: 'A1' })
    expect(await devices.delete(device.id, call)).toBe(true)
    expect(await devices.get(device.id, call)).toBeUndefined()
    expect(await devices.delete(device.id, call)).toBe(false)
    expect(await devices.list(queryOf(schema), call)).toEqual({ resources: [], totalResults: 0 })
  })
})

describe('versions', () => {
  test('[H-13.1.1-02] a write under another version is a conflict and does nothing', async () => {
    const device = await create({ serial: 'A1' })
    const stale = callWith({ ifMatch: ['7', '8'] })
    expect(await devices.replace(device.id, { serial: 'A2' }, stale)).toBe('stale')
    expect(await devices.delete(device.id, stale)).toBe('stale')
    const patch = patchWith<DeviceResource>(schema, { op: 'replace', path: 'note', value: 'n' })
    expect(await devices.patch?.(device.id, patch, stale)).toBe('stale')
    expect(await devices.get(device.id, call)).toEqual(device)
  })

  test('no version at all is never the one', async () => {
    const device = await create({ serial: 'A1' })
    expect(await devices.delete(device.id, callWith({ ifMatch: [] }))).toBe('stale')
  })

  test('of two writers with the same version one wins', async () => {
    const device = await create({ serial: 'A1' })
    const write = async (note: string) =>
      devices.replace(device.id, { serial: 'A1', note }, callWith({ ifMatch: ['1', '5'] }))
    const results = await Promise.all([write('a'), write('b'), write('c')])
    expect(results.filter((result) => result === 'stale')).toHaveLength(2)
    expect(await devices.get(device.id, call)).toMatchObject({ meta: { version: '2' } })
  })
})

describe('uniqueness', () => {
  const taken = (path: string) =>
    expect.objectContaining({ status: 409, scimType: 'uniqueness', message: expect.stringContaining(`"${path}"`) })

  test('[P-3.3-07] [S-7-13] a value in use is refused by every write, as it compares', async () => {
    await create({ serial: 'A1' })
    const other = await create({ serial: 'B2' })
    await expect(create({ serial: 'a1' })).rejects.toEqual(taken('serial'))
    await expect(replace(other.id, { serial: 'a1' })).rejects.toEqual(taken('serial'))
    const patch = patchWith<DeviceResource>(schema, { op: 'replace', path: 'serial', value: 'A1' })
    await expect((async () => devices.patch?.(other.id, patch, call))()).rejects.toEqual(taken('serial'))
    expect(await devices.get(other.id, call)).toEqual(other)
  })

  test('values of lists, extensions and numbers count as well', async () => {
    await create({ serial: 'A1', ports: [{ value: 'p' }, { value: 'q' }], 'urn:test:Asset': { tag: 't', seat: 1 } })
    await expect(create({ serial: 'A2', ports: [{ value: 'r' }, { value: 'Q' }] })).rejects.toEqual(
      taken('ports.value'),
    )
    await expect(create({ serial: 'A2', 'urn:test:Asset': { tag: 'T' } })).rejects.toEqual(taken('urn:test:Asset:tag'))
    await expect(create({ serial: 'A2', 'urn:test:Asset': { seat: 1 } })).rejects.toEqual(taken('urn:test:Asset:seat'))
    await create({ serial: 'A2', 'urn:test:Asset': { seat: 2 } })
  })

  test('[S-7-14] resources without a value do not collide, nor one with itself', async () => {
    const device = await create({ serial: 'A1' })
    await create({ serial: 'A2' })
    await replace(device.id, { serial: 'a1' })
    expect(await devices.get(device.id, call)).toMatchObject({ serial: 'a1' })
  })

  test('[P-3.6-04] a value is free again once it is given up', async () => {
    const first = await create({ serial: 'A1' })
    await replace(first.id, { serial: 'A2' })
    const second = await create({ serial: 'A1' })
    await devices.delete(second.id, call)
    await create({ serial: 'A1' })
  })

  test('of many that create the same at once one gets it', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 50 }, () => create({ serial: 'A1' })))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  test('a resource type may raise it, as for the router', async () => {
    const strict = memoryAdapter({ schema: Device, attributes: { note: { uniqueness: 'server' } } })
    await strict.create({ serial: 'A1', note: 'n' }, call)
    expect(() => strict.create({ serial: 'A2', note: 'N' }, call)).toThrow(taken('note'))
  })
})

describe('patch', () => {
  test('gives the resource before and after', async () => {
    const device = await create({ serial: 'A1', note: 'n' })
    const plain = memoryAdapter({ schema: Asset })
    const asset = await plain.create({ tag: 't' }, call)
    const patch = patchWith<ResourceOf<typeof Asset>>(resourceSchema(Asset), { op: 'replace', path: 'tag', value: 'u' })
    expect(await plain.patch?.(String(asset.id), patch, callWith({ select: ['meta'] }))).toEqual({
      changed: true,
      version: '2',
      before: asset,
      resource: { ...asset, tag: 'u', meta: { ...asset.meta, version: '2', lastModified: expect.any(String) } },
    })
    expect(await devices.get(device.id, call)).toEqual(device)
  })

  test('[P-3.5.2-13] a patch that fails leaves everything as it was', async () => {
    const device = await create({ serial: 'A1', owners: [{ value: 'ann' }] })
    const patch = patchWith<DeviceResource>(
      schema,
      { op: 'add', path: 'owners', value: [{ value: 'bob' }] },
      { op: 'replace', path: 'ports.value', value: 'x', filter: 'value eq "none"' },
    )
    await expect((async () => devices.patch?.(device.id, patch, call))()).rejects.toMatchObject({
      scimType: 'noTarget',
    })
    expect(await devices.get(device.id, call)).toEqual(device)
  })

  test('[P-3.5.2.1-08] [P-3.14-06] one that changes nothing keeps version and lastModified', async () => {
    const device = await create({ serial: 'A1', note: 'n', owners: [{ value: 'ann' }] })
    const patch = patchWith<DeviceResource>(
      schema,
      { op: 'replace', path: 'note', value: 'n' },
      { op: 'add', path: 'owners', value: [{ value: 'ann' }] },
      { op: 'remove', path: 'owners', filter: 'value eq "bob"' },
    )
    expect(await devices.patch?.(device.id, patch, call)).toEqual({ changed: false, version: '1' })
    expect(await devices.get(device.id, call)).toEqual(device)
  })

  test('references of any type are patched value by value, or as a whole when the patch needs them', async () => {
    const device = await create({ serial: 'A1', owners: [{ value: 'ann' }, { value: 'bob' }] })
    const byValue = patchWith<DeviceResource>(
      schema,
      { op: 'remove', path: 'owners', filter: 'value eq "ann"' },
      { op: 'add', path: 'owners', value: [{ value: 'cid', since: '2020' }] },
    )
    expect(await devices.patch?.(device.id, byValue, call)).toMatchObject({
      changed: true,
      changes: { owners: { added: ['cid'], removed: ['ann'] } },
    })
    const inside = patchWith<DeviceResource>(
      schema,
      { op: 'replace', path: 'owners.since', value: '2021', filter: 'value eq "cid"' },
      { op: 'replace', path: 'note', value: 'n' },
    )
    expect(await devices.patch?.(device.id, inside, call)).toMatchObject({ changed: true, version: '3' })
    expect(await devices.get(device.id, call)).toMatchObject({
      note: 'n',
      owners: [{ value: 'bob' }, { value: 'cid', since: '2021' }],
    })
  })
})

describe('set-up', () => {
  test('an adapter says what it can do', () => {
    const { users, groups } = memoryAdapters()
    for (const adapter of [users, groups, devices]) expect(adapter.supports).toEqual({ versions: true, cursor: 'both' })
  })

  test.each([['nope'], ['ports'], ['owners.nope']])('an index on "%s" is refused', (path) => {
    expect(() => memoryAdapter({ schema: Device, indexes: [path as 'serial'] })).toThrow(
      expect.objectContaining({ code: 'ERR_SCIM_OPTION', message: expect.stringContaining(`"${path}"`) }),
    )
  })

  test('an unknown policy for members is refused', () => {
    expect(() => memoryAdapters({ members: { unknown: 'ignore' as never } })).toThrow(
      expect.objectContaining({ code: 'ERR_SCIM_OPTION' }),
    )
  })
})

describe('the objects that are kept', () => {
  const attributes = Array.from({ length: 40 }, (_, index) => ({ name: `attribute${index}` }))
  const Wide = defineSchema({ id: 'urn:test:Wide', name: 'Wide', attributes })

  // V8 copies a hash table a hundred times slower than an object whose members have places.
  test('have places for many members, and are no hash tables', () => {
    const store = new Store([memoryType({ schema: Wide }, { name: 'Wide' })])
    const collection = store.collections.get('Wide') as Collection
    const target = { store, collection, unknownMembers: 'keep' as const, call }
    const row = insertRow(target, Object.fromEntries(attributes.map(({ name }) => [name, name])))
    const operations = { op: 'replace' as const, path: 'attribute7', value: 'new' }
    patchRow(target, row, patchWith(resourceSchema(Wide, []), operations), call)
    expect(row.attributes.attribute7).toBe('new')
    setFlagsFromString('--allow-natives-syntax')
    const hasPlaces: (object: unknown) => boolean = runInThisContext('(object) => %HasFastProperties(object)')
    expect(hasPlaces(row.attributes)).toBe(true)
    setFlagsFromString('--no-allow-natives-syntax')
  })
})

const ISO = (time: number): string => new Date(time).toISOString()

describe('the texts of times', () => {
  test('are those of Date, in whatever order the times come', () => {
    const far = { min: -62_198_755_200_000, max: 253_402_300_800_000 }
    fc.assert(
      fc.property(fc.integer(far), fc.array(fc.integer({ min: -3_000, max: 3_000 })), (start, steps) => {
        const texts = new TimeTexts()
        const times = steps.map((step) => start + step)
        expect(times.map((time) => texts.of(time))).toEqual(times.map(ISO))
      }),
    )
  })

  test.each([0, -1, -1000, 999, 1000, 1_764_000_000_000, 1_764_000_000_001])('%d', (time) => {
    const texts = new TimeTexts()
    expect([texts.of(time), texts.of(time)]).toEqual([ISO(time), ISO(time)])
  })
})
