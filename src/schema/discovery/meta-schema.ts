import { SCHEMA_SCHEMA } from '../../urn.js'
import type { AttributeDefinition, SchemaDefinition } from '../model/definition.js'

// RFC 7643 section 7: an attribute and a sub-attribute are described alike, but a sub-attribute is not complex.
const characteristics: readonly AttributeDefinition[] = [
  { name: 'name', required: true, caseExact: true, mutability: 'readOnly', description: 'Attribute name' },
  {
    name: 'type',
    required: true,
    // Errata 5606 and 8415: binary was missing.
    canonicalValues: ['string', 'boolean', 'decimal', 'integer', 'dateTime', 'reference', 'binary'],
    mutability: 'readOnly',
    description: 'Data type',
  },
  {
    name: 'multiValued',
    type: 'boolean',
    required: true,
    mutability: 'readOnly',
    description: 'Plurality of the attribute',
  },
  {
    name: 'description',
    caseExact: true,
    mutability: 'readOnly',
    description: 'Human-readable description of the attribute',
  },
  { name: 'required', type: 'boolean', mutability: 'readOnly', description: 'Whether the attribute is required' },
  {
    name: 'canonicalValues',
    multiValued: true,
    caseExact: true,
    mutability: 'readOnly',
    description: 'Suggested canonical values',
  },
  {
    name: 'caseExact',
    type: 'boolean',
    mutability: 'readOnly',
    description: 'Whether string comparison is case sensitive',
  },
  {
    name: 'mutability',
    canonicalValues: ['readOnly', 'readWrite', 'immutable', 'writeOnly'],
    caseExact: true,
    mutability: 'readOnly',
    description: 'When the value can be (re)defined',
  },
  {
    name: 'returned',
    canonicalValues: ['always', 'never', 'default', 'request'],
    caseExact: true,
    mutability: 'readOnly',
    description: 'When the value is returned',
  },
  {
    name: 'uniqueness',
    canonicalValues: ['none', 'server', 'global'],
    caseExact: true,
    mutability: 'readOnly',
    description: 'How uniqueness is enforced',
  },
  {
    // Erratum 5607: it is a list.
    name: 'referenceTypes',
    multiValued: true,
    caseExact: true,
    mutability: 'readOnly',
    description: 'Resource types a reference may point to, or external, or uri',
  },
]

/** The schema of schemas, RFC 7643 sections 7 and 8.7.2 with the verified errata. Made into attributes on demand. */
export const Schema: SchemaDefinition = {
  id: SCHEMA_SCHEMA,
  name: 'Schema',
  description: 'Schema definition',
  attributes: [
    // Errata 8363, 8418: the characteristics are those of section 3.1.
    {
      name: 'id',
      required: true,
      caseExact: true,
      mutability: 'readOnly',
      returned: 'always',
      uniqueness: 'server',
      description: 'URI of the schema',
    },
    { name: 'name', required: true, mutability: 'readOnly', description: 'Human-readable name of the schema' },
    { name: 'description', mutability: 'readOnly', description: 'Human-readable description of the schema' },
    {
      name: 'attributes',
      type: 'complex',
      multiValued: true,
      required: true,
      mutability: 'readOnly',
      description: 'Attribute definitions',
      subAttributes: [
        ...characteristics.map((characteristic) =>
          characteristic.name === 'type' ? anyType(characteristic) : characteristic,
        ),
        {
          name: 'subAttributes',
          type: 'complex',
          multiValued: true,
          mutability: 'readOnly',
          description: 'Sub-attribute definitions of a complex attribute',
          subAttributes: characteristics,
        },
      ],
    },
  ],
}

function anyType(type: AttributeDefinition): AttributeDefinition {
  return {
    ...type,
    canonicalValues: ['string', 'complex', 'boolean', 'decimal', 'integer', 'dateTime', 'reference', 'binary'],
  }
}
