import { ENTERPRISE_USER_SCHEMA } from '../../urn.js'
import { defineSchema } from '../define/define-schema.js'

/** The enterprise extension of User, RFC 7643 sections 4.3 and 8.7.1 with the verified errata. */
export const EnterpriseUser = defineSchema({
  id: ENTERPRISE_USER_SCHEMA,
  name: 'EnterpriseUser',
  description: 'Enterprise user extension',
  attributes: [
    { name: 'employeeNumber', description: 'Identifier given by the organization' },
    { name: 'costCenter', description: 'Name of a cost center' },
    { name: 'organization', description: 'Name of an organization' },
    { name: 'division', description: 'Name of a division' },
    { name: 'department', description: 'Name of a department' },
    {
      name: 'manager',
      type: 'complex',
      description: "The user's manager",
      subAttributes: [
        // Erratum 8472: it holds an id, and ids are case exact.
        { name: 'value', caseExact: true, description: "id of the manager's User resource" },
        {
          name: '$ref',
          type: 'reference',
          referenceTypes: ['User'],
          caseExact: true,
          description: "URI of the manager's User resource",
        },
        { name: 'displayName', mutability: 'readOnly', description: 'Display name of the manager' },
      ],
    },
  ],
})
