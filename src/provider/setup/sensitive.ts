import { type Attribute, allAttributes } from '../../schema/model/attribute.js'
import { attributeNamed } from '../../schema/projection/project.js'
import { SetupError } from '../../setup-error.js'
import { didYouMean } from '../../suggest.js'
import type { ScimRouterOptions } from './options.js'
import type { ResourceType } from './resource-type.js'

/**
 * The paths of the attributes that the `sensitive` option names. Throws a {@link SetupError} for a path that no
 * resource type has.
 */
export function sensitivePaths(
  { sensitive = [] }: ScimRouterOptions,
  types: readonly ResourceType[],
): ReadonlySet<string> {
  const paths = new Set<string>()
  for (const text of sensitive) {
    const named = types.flatMap(({ schema }) => attributeNamed(schema, text) ?? []).filter(({ path }) => path !== '')
    if (named.length === 0) {
      const suggestion = didYouMean(
        text,
        types.flatMap(({ schema }) => allAttributes(schema.root).map(({ path }) => path)),
      )
      throw new SetupError(
        'ERR_SCIM_OPTION',
        `Option sensitive names "${text}", which no resource type has.${suggestion}`,
      )
    }
    for (const { path } of named) paths.add(path)
  }
  return paths
}

/** A sub-attribute of a sensitive attribute is sensitive too. */
export function isSensitive(attribute: Attribute, sensitive: ReadonlySet<string>): boolean {
  const { path, parent, extension } = attribute
  return [path, parent?.path, extension?.path].some((each) => each !== undefined && sensitive.has(each))
}
