import { randomUUID } from 'node:crypto'
import { defineSchema, type ResourceEntry, resourceType } from '../../src/index.js'
import { memoryAdapter, memoryAdapters } from '../../src/memory/index.js'
import type { AppOptions } from '../support/app.js'
import type { Answer, ScimClient } from '../support/client.js'

/** A resource type of an application's own, with an attribute for every characteristic and type of RFC 7643. */
export const Device = defineSchema({
  id: 'urn:example:scim:schemas:Device',
  name: 'Device',
  description: 'Something with a serial number',
  attributes: [
    { name: 'serial', required: true, caseExact: true, mutability: 'immutable', uniqueness: 'server' },
    { name: 'assetTag', uniqueness: 'global' },
    { name: 'label', returned: 'always' },
    { name: 'note', returned: 'request' },
    { name: 'pin', mutability: 'writeOnly', returned: 'never' },
    { name: 'seed', returned: 'never' },
    { name: 'firmware', mutability: 'readOnly' },
    { name: 'bought', type: 'dateTime', mutability: 'immutable' },
    { name: 'colour', canonicalValues: ['red', 'green'] },
    { name: 'size', canonicalValues: ['small', 'large'], enforceCanonicalValues: true },
    { name: 'online', type: 'boolean' },
    { name: 'weight', type: 'decimal' },
    { name: 'ports', type: 'integer' },
    { name: 'seen', type: 'dateTime' },
    { name: 'image', type: 'binary' },
    { name: 'manual', type: 'reference', referenceTypes: ['external'] },
    { name: 'profile', type: 'reference', referenceTypes: ['uri'] },
    { name: 'tags', multiValued: true },
    { name: 'readings', type: 'decimal', multiValued: true },
    {
      name: 'owner',
      type: 'complex',
      subAttributes: [
        { name: 'value', caseExact: true },
        { name: '$ref', type: 'reference', referenceTypes: ['User'] },
        { name: 'displayName', mutability: 'readOnly' },
      ],
    },
    {
      name: 'interfaces',
      type: 'complex',
      multiValued: true,
      subAttributes: [
        { name: 'value', required: true },
        { name: 'type', canonicalValues: ['lan', 'wifi'] },
        { name: 'display' },
        { name: 'primary', type: 'boolean' },
        { name: 'speed', type: 'integer' },
        { name: 'key', returned: 'never' },
      ],
    },
    {
      name: 'place',
      type: 'complex',
      subAttributes: [
        { name: 'room' },
        { name: 'building', mutability: 'immutable' },
        { name: 'floor', type: 'integer', mutability: 'readOnly' },
        { name: 'door', returned: 'request' },
      ],
    },
  ],
})

/** An extension that every device must have. */
export const Warranty = defineSchema({
  id: 'urn:example:scim:schemas:extension:Warranty',
  name: 'Warranty',
  attributes: [
    { name: 'until', type: 'dateTime', required: true },
    { name: 'terms', returned: 'request' },
    { name: 'provider' },
  ],
})

/** An extension that a device may have. */
export const Rack = defineSchema({
  id: 'urn:example:scim:schemas:extension:Rack',
  name: 'Rack',
  attributes: [
    { name: 'unit', type: 'integer' },
    { name: 'row', mutability: 'immutable' },
    { name: 'cables', type: 'complex', multiValued: true, subAttributes: [{ name: 'value' }, { name: 'colour' }] },
  ],
})

/** A value that the store gives every new device, and that a client cannot set. */
export const FIRMWARE = '1.0'

/** The resource type, in memory. */
export function deviceType(entry: Partial<ResourceEntry> = {}): ResourceEntry {
  const devices = memoryAdapter({ schema: Device, extensions: [{ schema: Warranty, required: true }, Rack] })
  const served = resourceType({
    endpoint: '/Devices',
    schema: Device,
    extensions: [{ schema: Warranty, required: true }, Rack],
    adapter: {
      ...devices,
      create: (draft, call) => {
        const place = draft.place && { ...draft.place, floor: 3 }
        return devices.create({ ...draft, firmware: FIRMWARE, ...(place && { place }) }, call)
      },
    },
  })
  return { ...served, ...entry }
}

/** Users, groups and devices, in memory, with the other options of a test. */
export function deviceOptions(rest: Partial<AppOptions> = {}): AppOptions {
  const { users, groups } = memoryAdapters()
  return { resources: { User: { adapter: users }, Group: { adapter: groups }, Device: deviceType() }, ...rest }
}

/** The body of a POST to /Devices: the least legal body, with the additions of a test. */
export function device(rest: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    schemas: [Device.id, Warranty.id],
    serial: randomUUID(),
    [Warranty.id]: { until: '2030-01-01T00:00:00Z' },
    ...rest,
  }
}

/** Creates a device and returns the answer. */
export async function createDevice(scim: ScimClient, rest: Readonly<Record<string, unknown>> = {}): Promise<any> {
  return created(await scim.post('/Devices', device(rest)))
}

/** The resource in the answer to a POST that has succeeded. */
export function created({ status, text, body }: Answer): any {
  if (status !== 201) throw new Error(`${status} instead of 201: ${text}`)
  return body
}
