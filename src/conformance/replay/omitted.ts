import { type ResourceSchema, resourceSchema, type SchemaExtension } from '../../schema/define/schema.js'
import type { AttributeDefinition, SchemaDefinition } from '../../schema/model/definition.js'

/** A schema without some attributes, named by their paths as in `omit` of adapterChecks. */
export function schemaWithout(
  base: SchemaDefinition,
  extensions: readonly SchemaExtension[],
  omit: readonly string[],
): ResourceSchema {
  const gone = new Set(omit.map((path) => path.toLowerCase()))
  const cut = (schema: SchemaDefinition, prefix: string): SchemaDefinition => {
    const left = (attributes: readonly AttributeDefinition[], holder: string): readonly AttributeDefinition[] =>
      attributes.flatMap((attribute) => {
        const path = `${holder}${attribute.name}`
        if (gone.has(path.toLowerCase())) return []
        const { subAttributes } = attribute
        return [subAttributes ? { ...attribute, subAttributes: left(subAttributes, `${path}.`) } : attribute]
      })
    return { ...schema, attributes: left(schema.attributes, prefix) }
  }
  const kept = extensions
    .filter(({ schema }) => !gone.has(schema.id.toLowerCase()))
    .map((extension) => ({ ...extension, schema: cut(extension.schema, `${extension.schema.id}:`) }))
    .filter(({ schema }) => schema.attributes.length > 0)
  const schema = resourceSchema(cut(base, ''), kept)
  // Every schema has the common attributes, also if all others are left out.
  return gone.has('externalid')
    ? { ...schema, find: (path) => (path.name.toLowerCase() === 'externalid' ? undefined : schema.find(path)) }
    : schema
}
