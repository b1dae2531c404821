import { createHash } from 'node:crypto'
import type { Attribute } from '../../schema/model/attribute.js'
import { SetupError } from '../../setup-error.js'
import { copiedAttributes } from './copied-attributes.js'
import type { CopiedKey } from './store.js'
import type { StoredType } from './stored-type.js'

/**
 * The basis of the columns and keys of a type, as a text: unique attributes, lookups, the attributes and how they
 * compare. If it has changed, the stored keys must be computed again, or filters would not find the resources.
 *
 * @param copied The keys with columns of their own.
 */
export function layoutOf(type: StoredType, copied?: readonly CopiedKey[]): string {
  const { name, columns, lookups, display, schema } = type
  const describe = ({ path, type, caseExact, multiValued, uniqueness, precis }: Attribute) =>
    [path, type, caseExact, multiValued, uniqueness, precis ?? null] as const
  const walk = (attribute: Attribute): readonly unknown[] =>
    attribute.subAttributes.flatMap((sub) => [describe(sub), ...walk(sub)])
  const layout = [
    Object.values(columns).map((column) => column?.attribute.path ?? null),
    lookups.map(({ attribute }) => attribute.path),
    display.map(({ path }) => path),
    walk(schema.root),
    ...copiedAttributes(type, copied).map(({ column, attribute }) => [column, attribute.keys]),
  ]
  return `layout ${name} ${createHash('sha256').update(JSON.stringify(layout)).digest('hex').slice(0, 32)}`
}

/** Resources of one tenant that have a value in common. */
interface SameValue {
  readonly tenant: string
  readonly ids: string
}

/** The error for values that several resources have, where they must be unique. */
export function notDistinct(type: StoredType, path: string, found: readonly SameValue[]): SetupError {
  const named = found.map(({ tenant, ids }) => `${ids}${tenant === '' ? '' : ` (tenant ${tenant})`}`).join('; ')
  return new SetupError(
    'ERR_SCIM_UNIQUENESS',
    `Resources of type ${type.name} have the same "${path}", which must be unique: ${named}. Change them, and call migrate() again.`,
  )
}
