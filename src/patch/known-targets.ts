import type { FilterLimits } from '../filter/parse.js'
import { memo } from '../memo.js'
import type { ResourceSchema } from '../schema/define/schema.js'
import type { PatchTarget } from './path.js'

/** The targets of a schema by the paths that lead to them. */
const targetsOf = memo((_schema: ResourceSchema) => new Map<string, PatchTarget>())

/**
 * The target of a path that {@link rememberTarget} has kept; undefined for every other path, which has to be parsed.
 */
export function knownTarget(
  schema: ResourceSchema,
  path: string,
  { length = path.length, depth = 1, nodes = 1 }: FilterLimits = {},
): PatchTarget | undefined {
  // A service may allow no filter that long.
  return path.length <= length && depth > 0 && nodes > 0 ? targetsOf(schema).get(path) : undefined
}

/**
 * Keeps the target of a path that is written as the schema writes it: `name.givenName`, `emails[type eq "work"].value`.
 * Identity providers send few others. There are only as many as the schema has names and canonical values, so that no
 * client can fill the memory, and no value of a client is kept.
 */
export function rememberTarget(schema: ResourceSchema, path: string, target: PatchTarget): void {
  if (spellingOf(target) === path) targetsOf(schema).set(path, target)
}

/** The path of a target in the words of the schema; undefined if its filter has other words. */
function spellingOf({ attribute, filter, subAttribute }: PatchTarget): string | undefined {
  if (filter === undefined) return (subAttribute ?? attribute).path
  if (filter.kind !== 'compare' || filter.operator !== 'eq' || typeof filter.value !== 'string') return undefined
  const { name, canonicalValues } = filter.attribute
  if (!canonicalValues.includes(filter.value)) return undefined
  const chosen = `${attribute.path}[${name} eq ${JSON.stringify(filter.value)}]`
  return subAttribute ? `${chosen}.${subAttribute.name}` : chosen
}
