import { strict, type Tolerate } from '../compatibility.js'
import type { AttributePath, ResourceSchema } from '../schema/define/schema.js'
import type { Attribute } from '../schema/model/attribute.js'

/**
 * The attribute that a path names, RFC 7644 section 3.10; the object of an extension if the path is its URN alone
 * (decision A-19d). The pseudo sub-attribute `value` of a simple multi-valued attribute is that attribute (decision
 * A-19).
 */
export function findAttribute(
  path: AttributePath,
  schema: ResourceSchema,
  tolerate: Tolerate = strict,
): Attribute | undefined {
  const found = schema.find(path)
  if (found) return found
  const holder = path.sub === undefined ? undefined : schema.find({ ...path, sub: undefined })
  if (holder) return isSimpleList(holder) && isValueName(path.sub) ? holder : undefined
  return path.urn === undefined ? undefined : findByUrn(printPath(path), schema, tolerate)
}

/** Whether an attribute has several values without sub-attributes, such as `schemas`. */
export function isSimpleList(attribute: Attribute): boolean {
  return attribute.multiValued && attribute.type !== 'complex'
}

/** Whether a name is "value", in any letter case. */
export function isValueName(name: string | undefined): boolean {
  return name !== undefined && name.toLowerCase() === 'value'
}

/** An attribute path as text: `urn:…:User:name.givenName`. */
export function printPath({ urn, name, sub }: AttributePath): string {
  return `${urn === undefined ? '' : `${urn}:`}${name}${sub === undefined ? '' : `.${sub}`}`
}

/**
 * Finds an attribute by comparing with the URNs of the schema: only they tell where a URN ends whose last part looks
 * like an attribute.
 */
function findByUrn(text: string, schema: ResourceSchema, tolerate: Tolerate): Attribute | undefined {
  const urn = schema.urn(text)
  if (urn !== undefined) return schema.extensionAttributes.find((extension) => extension.name === urn)
  const lower = text.toLowerCase()
  for (const known of [schema.base.id, ...schema.extensionAttributes.map((extension) => extension.name)]) {
    if (!lower.startsWith(`${known.toLowerCase()}.`)) continue
    const [name = '', sub, ...more] = text.slice(known.length + 1).split('.')
    const found = more.length === 0 ? schema.find({ urn: known, name, sub }) : undefined
    if (found) return tolerate('dottedUrn', found.path) ? found : undefined
  }
  return undefined
}
