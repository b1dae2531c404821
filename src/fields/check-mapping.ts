import { type Checks, checkOption, kindOf } from '../check-options.js'
import { isObject } from '../is-object.js'
import { SetupError } from '../setup-error.js'

/**
 * Checks the parts that a mapping must have, down to the single field. It may have other members: a compiler of filters
 * takes the declaration of a resource type as well. Throws a {@link SetupError}.
 */
export function checkMapping(mapping: unknown, parts: Checks, section: string): void {
  const about = { owner: 'the mapping', code: 'ERR_SCIM_OPTION', section } as const
  if (!isObject(mapping)) {
    throw new SetupError(about.code, `The mapping must be an object, got ${kindOf(mapping)}.`, section)
  }
  for (const [path, check] of Object.entries(parts)) checkOption(mapping[path], check, { ...about, path })
}
