import { joinedSchema } from '../schema/define/joined-schema.js'
import { allAttributes } from '../schema/model/attribute.js'
import type { SchemaDefinition } from '../schema/model/definition.js'
import { attributeNamed } from '../schema/projection/project.js'
import { comparisonKey } from '../schema/values/compare.js'
import { SetupError } from '../setup-error.js'
import { didYouMean } from '../suggest.js'

/**
 * The value of a `folded` field: the form in which texts of an attribute are compared, without letter case (RFC 7643
 * section 2.2; userName by RFC 8265). Two texts have the same form if and only if a filter treats them as equal, so a
 * unique index on the field refuses the duplicates that SCIM forbids. No value gives null.
 *
 * @param schema The schema that has the attribute, such as `User`.
 * @param path The attribute, as clients write it: `userName`, `emails.value`.
 * @throws SetupError if the schema has no such attribute, or the attribute is no text.
 *
 * @example
 * ```ts
 * import { User } from 'express-scim'
 * import { foldedText } from 'express-scim/prisma'
 *
 * const userNameKey = foldedText(User, 'userName')
 * export const columns = (userName: string) => ({ email: userName, emailKey: userNameKey(userName) })
 * // "BJensen@Example.com" is kept as "bjensen@example.com" besides
 * ```
 */
export function foldedText(
  schema: SchemaDefinition,
  path: string,
): {
  (text: string): string
  (text: string | null | undefined): string | null
} {
  const joined = joinedSchema(schema)
  const attribute = attributeNamed(joined, path)
  if (attribute?.type !== 'string') {
    const texts = allAttributes(joined.root).filter(({ type }) => type === 'string')
    const hint = didYouMean(
      path,
      texts.map((text) => text.path),
    )
    throw new SetupError('ERR_SCIM_SCHEMA', `Schema "${schema.id}" has no attribute "${path}" of type string.${hint}`)
  }
  const toKey = comparisonKey(attribute)
  function keyOf(text: string): string
  function keyOf(text: string | null | undefined): string | null
  function keyOf(text: string | null | undefined): string | null {
    const key = toKey(text)
    return key === undefined ? null : String(key)
  }
  return keyOf
}
