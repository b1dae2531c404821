import { GROUP_SCHEMA } from '../../urn.js'
import { defineSchema } from '../define/define-schema.js'
import type { ResourceOf } from '../model/resource.js'

/** The core Group schema, RFC 7643 sections 4.2 and 8.7.1 with the verified errata. */
export const Group = defineSchema({
  id: GROUP_SCHEMA,
  name: 'Group',
  description: 'Group',
  attributes: [
    // Erratum 5368: required, as section 4.2 says.
    { name: 'displayName', required: true, description: 'Human-readable name of the group' },
    {
      name: 'members',
      type: 'complex',
      multiValued: true,
      role: 'membership',
      description: 'Members of the group',
      // RFC 7643 section 4.2: "While values MAY be added or removed, sub-attributes of members are 'immutable'."
      subAttributes: [
        { name: 'value', mutability: 'immutable', description: 'id of the member resource' },
        {
          name: '$ref',
          type: 'reference',
          referenceTypes: ['User', 'Group'],
          caseExact: true,
          mutability: 'immutable',
          description: 'URI of the member resource',
        },
        {
          name: 'type',
          canonicalValues: ['User', 'Group'],
          mutability: 'immutable',
          description: 'Resource type of the member',
        },
        // Missing in section 8.7.1, but a default sub-attribute of section 2.4 and in the RFC's examples. Clients may
        // send it; the value of the store wins (decision A-88).
        { name: 'display', mutability: 'immutable', description: 'Display name of the member' },
      ],
    },
  ],
})

/** A group as JSON has it. */
export interface GroupResource extends ResourceOf<typeof Group> {}
