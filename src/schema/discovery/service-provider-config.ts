import { SERVICE_PROVIDER_CONFIG_SCHEMA } from '../../urn.js'
import type { AttributeDefinition, SchemaDefinition } from '../model/definition.js'

const supported = {
  name: 'supported',
  type: 'boolean',
  required: true,
  mutability: 'readOnly',
  description: 'Whether the feature is supported',
} as const satisfies AttributeDefinition

/**
 * The schema of the service provider's configuration, RFC 7643 sections 5 and 8.7.2 with errata, RFC 9865 section 4.
 * Made into attributes on demand, so that schemas that only /Schemas shows do not delay the start.
 */
export const ServiceProviderConfig: SchemaDefinition = {
  id: SERVICE_PROVIDER_CONFIG_SCHEMA,
  name: 'Service Provider Configuration',
  description: 'Service provider configuration',
  attributes: [
    {
      name: 'documentationUri',
      type: 'reference',
      referenceTypes: ['external'],
      caseExact: true,
      mutability: 'readOnly',
      description: 'URL of human-readable help',
    },
    feature('patch', 'PATCH options'),
    {
      ...feature('bulk', 'Bulk options'),
      subAttributes: [
        supported,
        limit('maxOperations', 'Largest number of operations in one bulk request'),
        limit('maxPayloadSize', 'Largest bulk request body in bytes'),
      ],
    },
    {
      ...feature('filter', 'Filter options'),
      subAttributes: [supported, limit('maxResults', 'Largest number of resources in one response')],
    },
    feature('changePassword', 'Password change options'),
    feature('sort', 'Sort options'),
    // Erratum 9018: section 8.7.2 lacks it, section 5 requires it.
    feature('etag', 'ETag options'),
    {
      name: 'pagination',
      type: 'complex',
      mutability: 'readOnly',
      description: 'Pagination options',
      subAttributes: [
        {
          name: 'cursor',
          type: 'boolean',
          required: true,
          mutability: 'readOnly',
          description: 'Whether cursor-based pagination is supported',
        },
        {
          name: 'index',
          type: 'boolean',
          required: true,
          mutability: 'readOnly',
          description: 'Whether index-based pagination is supported',
        },
        {
          name: 'defaultPaginationMethod',
          canonicalValues: ['cursor', 'index'],
          mutability: 'readOnly',
          description: 'Method used when the client names none',
        },
        { ...limit('defaultPageSize', 'Results per page when count is not given'), required: false },
        { ...limit('maxPageSize', 'Largest page, whatever count says'), required: false },
        { ...limit('cursorTimeout', 'Least number of seconds a cursor stays valid'), required: false },
      ],
    },
    {
      name: 'authenticationSchemes',
      type: 'complex',
      multiValued: true,
      required: true,
      mutability: 'readOnly',
      description: 'Supported authentication schemes',
      subAttributes: [
        {
          // Erratum 8011: section 8.7.2 lacks it, section 5 requires it.
          name: 'type',
          required: true,
          canonicalValues: ['oauth', 'oauth2', 'oauthbearertoken', 'httpbasic', 'httpdigest'],
          mutability: 'readOnly',
          description: 'Scheme keyword',
        },
        { name: 'name', required: true, mutability: 'readOnly', description: 'Common name of the scheme' },
        { name: 'description', required: true, mutability: 'readOnly', description: 'Description of the scheme' },
        documentation('specUri', "URL of the scheme's specification"),
        documentation('documentationUri', "URL of the scheme's usage documentation"),
        {
          name: 'primary',
          type: 'boolean',
          mutability: 'readOnly',
          description: 'Marks the preferred value; true at most once',
        },
      ],
    },
  ],
}

function feature(name: string, description: string): AttributeDefinition {
  return { name, type: 'complex', required: true, mutability: 'readOnly', description, subAttributes: [supported] }
}

function limit(name: string, description: string): AttributeDefinition {
  return { name, type: 'integer', required: true, mutability: 'readOnly', description }
}

function documentation(name: string, description: string): AttributeDefinition {
  return {
    name,
    type: 'reference',
    referenceTypes: ['external'],
    caseExact: true,
    mutability: 'readOnly',
    description,
  }
}
