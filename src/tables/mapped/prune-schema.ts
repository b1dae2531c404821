import type { SchemaExtension } from '../../schema/define/schema.js'
import type { AttributeDefinition, SchemaDefinition } from '../../schema/model/definition.js'
import { isUnreadable } from '../../schema/resources/unreadable.js'
import { type ReadMapping, restOfValues } from '../../sql/read-mapping.js'

/**
 * A schema with no more than the tables can hold: attributes without a column are left out, and attributes whose
 * column is only read are readOnly. RFC 7643 section 7: a Schema describes the attributes that the service provider
 * supports.
 *
 * @param derived Names of attributes that are made of other tables, such as `groups`.
 */
export function pruneSchema(
  schema: SchemaDefinition,
  mapping: ReadMapping,
  derived: ReadonlySet<string>,
): SchemaDefinition {
  return { ...schema, attributes: prune(schema.attributes, '', mapping, derived) }
}

/** The extensions, pruned in the same way; an extension without attributes is left out. */
export function pruneExtensions(
  extensions: readonly SchemaExtension[],
  mapping: ReadMapping,
): readonly SchemaExtension[] {
  const none: ReadonlySet<string> = new Set()
  return extensions
    .map(({ schema, required }) => ({
      schema: { ...schema, attributes: prune(schema.attributes, `${schema.id}:`, mapping, none) },
      required,
    }))
    .filter(({ schema }) => schema.attributes.length > 0)
}

function prune(
  attributes: readonly AttributeDefinition[],
  prefix: string,
  mapping: ReadMapping,
  derived: ReadonlySet<string>,
): readonly AttributeDefinition[] {
  return attributes.flatMap((attribute) => {
    const path = `${prefix}${attribute.name}`
    const entry = mapping.attributes.get(path.toLowerCase())
    if (entry && 'column' in entry && entry.readOnly) return [{ ...attribute, mutability: 'readOnly' as const }]
    if (entry && 'references' in entry) return [attribute]
    if (entry && 'table' in entry) {
      const kept = new Set(Object.keys(entry.attributes).map((name) => name.toLowerCase()))
      const hasRest = restOfValues(entry) !== undefined
      const subAttributes = attribute.subAttributes?.filter(
        // An unreadable sub-attribute needs a column: a PUT would remove it, because values have no ids.
        (sub) => kept.has(sub.name.toLowerCase()) || (hasRest && !isUnreadable(sub)),
      )
      return [subAttributes ? { ...attribute, subAttributes } : attribute]
    }
    if (entry) return [attribute]
    // Attributes that are made from memberships need memberships.
    if (derived.has(path)) return [attribute]
    if (attribute.mutability === 'readOnly' && attribute.multiValued) return []
    if (mapping.rest) return [attribute]
    if (attribute.mutability === 'readOnly') return []
    if (!attribute.subAttributes) return []
    const subAttributes = prune(attribute.subAttributes, `${path}.`, mapping, derived)
    return subAttributes.length > 0 ? [{ ...attribute, subAttributes }] : []
  })
}
