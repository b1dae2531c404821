import type { AttributeDefinition } from './definition.js'

/**
 * RFC 7643 sections 3 and 3.1: the attributes of every resource. `schemas` has no characteristics there; these are a
 * reading of sections 3 and 3.3 and of RFC 7644 section 3.5.2.
 */
export const COMMON_ATTRIBUTES: readonly AttributeDefinition[] = [
  {
    name: 'schemas',
    type: 'reference',
    referenceTypes: ['uri'],
    multiValued: true,
    required: true,
    caseExact: false,
    returned: 'always',
    description: 'URIs of the schemas in use.',
  },
  {
    name: 'id',
    required: true,
    caseExact: true,
    mutability: 'readOnly',
    returned: 'always',
    uniqueness: 'server',
    description: 'Identifier given by the service provider.',
  },
  { name: 'externalId', caseExact: true, description: 'Identifier given by the provisioning client.' },
  {
    name: 'meta',
    type: 'complex',
    mutability: 'readOnly',
    description: 'Resource metadata.',
    subAttributes: [
      { name: 'resourceType', caseExact: true, mutability: 'readOnly', description: 'Name of the resource type.' },
      { name: 'created', type: 'dateTime', mutability: 'readOnly', description: 'When the resource was made.' },
      { name: 'lastModified', type: 'dateTime', mutability: 'readOnly', description: 'When it last changed.' },
      {
        name: 'location',
        type: 'reference',
        referenceTypes: ['uri'],
        caseExact: true,
        mutability: 'readOnly',
        description: 'URI of the resource.',
      },
      { name: 'version', caseExact: true, mutability: 'readOnly', description: 'Version, equal to the ETag.' },
    ],
  },
]
