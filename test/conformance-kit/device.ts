import { defineSchema } from '../../src/schema/define/define-schema.js'

/** A further resource type, with every kind of attribute that users and groups do not have. */
export const Device = defineSchema({
  id: 'urn:example:scim:schemas:Device',
  name: 'Device',
  attributes: [
    { name: 'serial', required: true, caseExact: true, uniqueness: 'server' },
    { name: 'label' },
    { name: 'code', caseExact: true },
    { name: 'slots', type: 'integer' },
    { name: 'weight', type: 'decimal' },
    { name: 'bought', type: 'dateTime' },
    { name: 'managed', type: 'boolean' },
    { name: 'key', type: 'binary' },
    { name: 'page', type: 'reference', referenceTypes: ['external'] },
    { name: 'model', mutability: 'immutable' },
    { name: 'ports', type: 'integer', multiValued: true },
    { name: 'tags', multiValued: true },
    { name: 'pin', mutability: 'writeOnly', returned: 'never' },
    { name: 'state', canonicalValues: ['new', 'used'], enforceCanonicalValues: true },
    {
      name: 'place',
      type: 'complex',
      subAttributes: [{ name: 'room' }, { name: 'floor', type: 'integer' }],
    },
    {
      name: 'owner',
      type: 'complex',
      subAttributes: [
        { name: 'value', caseExact: true },
        { name: '$ref', type: 'reference', referenceTypes: ['User'] },
      ],
    },
  ],
})

/** An extension of it that every device has. */
export const Lease = defineSchema({
  id: 'urn:example:scim:schemas:extension:Lease',
  name: 'Lease',
  attributes: [{ name: 'lessor', required: true }, { name: 'until', type: 'dateTime' }, { name: 'notes' }],
})
