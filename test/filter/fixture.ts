import { strict, type Tolerate } from '../../src/compatibility.js'
import { ScimError } from '../../src/error.js'
import type { Filter } from '../../src/filter/ast.js'
import { parseFilterToBind } from '../../src/filter/parse.js'
import { resolveFilter } from '../../src/filter/resolve.js'
import { EnterpriseUser } from '../../src/schema/core/enterprise-user.js'
import { Group } from '../../src/schema/core/group.js'
import { User } from '../../src/schema/core/user.js'
import { defineSchema } from '../../src/schema/define/define-schema.js'
import { resourceSchema } from '../../src/schema/define/schema.js'

/** URN of an extension whose end is no attribute name. */
export const ACME = 'urn:example:acme:1.0'

const Acme = defineSchema({
  id: ACME,
  attributes: [
    { name: 'badge', caseExact: true },
    { name: 'level', type: 'integer' },
    { name: 'score', type: 'decimal' },
    { name: 'vip', type: 'boolean' },
    { name: 'hired', type: 'dateTime' },
    { name: 'blob', type: 'binary' },
    { name: 'home', type: 'reference', referenceTypes: ['external'] },
    { name: 'tags', multiValued: true },
    { name: 'levels', type: 'integer', multiValued: true },
    { name: 'pin', mutability: 'writeOnly', returned: 'never' },
    { name: 'hint', mutability: 'writeOnly' },
    { name: 'secrets', type: 'complex', multiValued: true, returned: 'never', subAttributes: [{ name: 'type' }] },
    {
      name: 'tokens',
      type: 'complex',
      multiValued: true,
      subAttributes: [{ name: 'value', returned: 'never' }, { name: 'type' }],
    },
    { name: 'constructor' },
    {
      name: 'devices',
      type: 'complex',
      multiValued: true,
      subAttributes: [
        { name: 'serial', caseExact: true },
        { name: 'ports', type: 'integer', multiValued: true },
        { name: 'code', returned: 'never' },
      ],
    },
  ],
})

export const user = resourceSchema(User, [
  { schema: EnterpriseUser, required: false },
  { schema: Acme, required: false },
])
export const group = resourceSchema(Group)

/** A filter on users. */
export function bind(text: string, tolerate: Tolerate = strict, schema = user): Filter {
  return resolveFilter(parseFilterToBind(text, { tolerate }), schema, { tolerate })
}

/** The detail of the SCIM error that is thrown, behind its scimType. */
export function refusal(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    if (ScimError.is(error) && error.status === 400) return `${error.scimType}: ${error.message}`
    throw error
  }
  throw new Error('nothing was refused')
}
