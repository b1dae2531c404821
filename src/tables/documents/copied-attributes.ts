import { type Attribute, allAttributes } from '../../schema/model/attribute.js'
import type { Store } from './store.js'
import { isSingularText, type StoredType } from './stored-type.js'

/** An attribute whose key has a column of its own beside the keys of the document. */
export interface CopiedAttribute {
  readonly attribute: Attribute
  readonly column: string
}

/** The attributes of a type whose keys have a column: a column of the table may be of other types alone. */
export function copiedAttributes(
  { schema, documentPaths }: Pick<StoredType, 'schema' | 'documentPaths'>,
  copied: Store['copied'] = [],
): readonly CopiedAttribute[] {
  const all = allAttributes(schema.root)
  return copied.flatMap(({ column, path }) => {
    const attribute = all.find(({ keys }) => isSamePath(keys, path))
    return attribute && isSingularText(attribute) && documentPaths.has(attribute.path) ? [{ attribute, column }] : []
  })
}

function isSamePath(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((key, index) => key === other[index])
}
