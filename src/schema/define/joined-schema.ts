import type { SchemaDefinition } from '../model/definition.js'
import { type ExtensionEntry, extensionOf, type ResourceSchema, resourceSchema } from './schema.js'

/** The joined schemas so far, and the next ones by the extension added. */
interface SchemaNode {
  schema: ResourceSchema | undefined
  readonly next: WeakMap<ExtensionEntry, SchemaNode>
}

const bases = new WeakMap<SchemaDefinition, SchemaNode>()

/**
 * The schema of a base and its extensions, joined once for each combination, so that functions which get definitions
 * with every call need not do it again.
 */
export function joinedSchema(base: SchemaDefinition, extensions: readonly ExtensionEntry[] = []): ResourceSchema {
  let joined = follow(bases, base)
  for (const extension of extensions) joined = follow(joined.next, extension)
  joined.schema ??= resourceSchema(base, extensions.map(extensionOf))
  return joined.schema
}

function follow<Key extends object>(known: WeakMap<Key, SchemaNode>, key: Key): SchemaNode {
  const joined = known.get(key) ?? { schema: undefined, next: new WeakMap() }
  known.set(key, joined)
  return joined
}
