import { RESOURCE_TYPE_SCHEMA } from '../../urn.js'
import type { SchemaDefinition } from '../model/definition.js'

/**
 * The schema of resource types, RFC 7643 sections 6 and 8.7.2 with the verified errata. Made into attributes on demand.
 */
export const ResourceType: SchemaDefinition = {
  id: RESOURCE_TYPE_SCHEMA,
  name: 'ResourceType',
  description: 'Resource type definition',
  attributes: [
    // Errata 8363, 8418: the characteristics are those of section 3.1 (decision A-87).
    {
      name: 'id',
      required: true,
      caseExact: true,
      mutability: 'readOnly',
      returned: 'always',
      uniqueness: 'server',
      description: 'Server-unique id of the resource type, often equal to its name',
    },
    // Erratum 8475: name and endpoint are case exact and unique.
    {
      name: 'name',
      required: true,
      caseExact: true,
      mutability: 'readOnly',
      uniqueness: 'server',
      description: 'Resource type name, referenced by meta.resourceType',
    },
    { name: 'description', mutability: 'readOnly', description: 'Human-readable description' },
    {
      name: 'endpoint',
      type: 'reference',
      referenceTypes: ['uri'],
      required: true,
      caseExact: true,
      mutability: 'readOnly',
      uniqueness: 'server',
      description: 'Endpoint relative to the base URL, e.g. /Users',
    },
    {
      name: 'schema',
      type: 'reference',
      referenceTypes: ['uri'],
      required: true,
      caseExact: true,
      mutability: 'readOnly',
      description: 'URI of the base schema',
    },
    {
      // Erratum 7522: it is a list. Decision A-86: it is always there.
      name: 'schemaExtensions',
      type: 'complex',
      multiValued: true,
      required: true,
      mutability: 'readOnly',
      description: 'Schema extensions of the resource type',
      subAttributes: [
        {
          name: 'schema',
          type: 'reference',
          referenceTypes: ['uri'],
          required: true,
          caseExact: true,
          mutability: 'readOnly',
          description: 'URI of the extension schema',
        },
        {
          name: 'required',
          type: 'boolean',
          required: true,
          mutability: 'readOnly',
          description: 'Whether resources must carry the extension',
        },
      ],
    },
  ],
}
