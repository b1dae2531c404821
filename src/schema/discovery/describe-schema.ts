import type { ResourceSchema } from '../define/schema.js'
import type { Attribute } from '../model/attribute.js'
import type { AttributeType, SchemaDefinition } from '../model/definition.js'
import type { JsonObject } from '../model/resource.js'

/**
 * The schemas of a resource type as /Schemas shows them (RFC 7643 section 7): the base schema, then the extensions, all
 * but `schemas` and `meta`. Every characteristic is explicit, with the settings of the resource type for its
 * attributes. The characteristics that the library adds are hidden, and so are attributes with `discoverable: false`
 * (decision A-113).
 */
export function describeSchema({ base, extensions, root, extensionAttributes }: ResourceSchema): readonly JsonObject[] {
  return [
    describe(base, root),
    ...extensions.map(({ schema }, index) => describe(schema, extensionAttributes[index] as Attribute)),
  ]
}

function describe({ id, name, description, attributes }: SchemaDefinition, holder: Attribute): JsonObject {
  return {
    id,
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    // Common attributes are in no schema (RFC 7643 section 3.1), unless it names them itself.
    attributes: attributes.flatMap((definition) => {
      const attribute = holder.subAttribute(definition.name)
      return attribute ? describeAttribute(attribute, definition.description) : []
    }),
  }
}

// RFC 7643 sections 2.3.2 to 2.3.8 say which types have case sensitivity, and which uniqueness.
const HAVE_CASE: ReadonlySet<AttributeType> = new Set(['string', 'reference', 'binary'])
const HAVE_UNIQUENESS: ReadonlySet<AttributeType> = new Set(['string', 'reference', 'integer', 'decimal'])

function describeAttribute(attribute: Attribute, description = attribute.description): JsonObject[] {
  if (!attribute.discoverable) return []
  const { name, type, multiValued, required, caseExact, mutability, returned, uniqueness } = attribute
  const { canonicalValues, referenceTypes, subAttributes } = attribute
  return [
    {
      name,
      type,
      multiValued,
      ...(description !== undefined && { description }),
      required,
      ...(canonicalValues.length > 0 && { canonicalValues }),
      ...(HAVE_CASE.has(type) && { caseExact }),
      mutability,
      returned,
      ...((HAVE_UNIQUENESS.has(type) || uniqueness !== 'none') && { uniqueness }),
      ...(referenceTypes.length > 0 && { referenceTypes }),
      ...(subAttributes.length > 0 && { subAttributes: subAttributes.flatMap((sub) => describeAttribute(sub)) }),
    },
  ]
}
