import {
  ANYTHING,
  type Checks,
  checkOption,
  checkOptions,
  FUNCTION,
  kindOf,
  LIST,
  OBJECT,
  objectOf,
  recordOf,
  required,
  TEXT,
  TEXTS,
} from '../../check-options.js'
import { isObject } from '../../is-object.js'
import { OVERRIDE } from '../../schema/define/override-table.js'
import { SetupError } from '../../setup-error.js'
import { MAPPING } from '../../sql/mapping-table.js'
import type { MappedType } from './declaration.js'

const TYPE: Checks<keyof MappedType> = {
  ...MAPPING,
  scope: recordOf(required(ANYTHING)),
  where: FUNCTION,
  deleted: TEXT,
  schema: OBJECT,
  extensions: LIST,
  policies: recordOf(objectOf(OVERRIDE)),
  display: TEXTS,
}

/**
 * Checks the keys of declarations and of their parts. A misspelt `scope` would otherwise be ignored, and the rows of
 * all customers be shown to each. Throws a `SetupError`.
 */
export function checkDeclarations(given: unknown): void {
  const about = { code: 'ERR_SCIM_OPTION', section: 'postgres.md#existing-tables' } as const
  if (!isObject(given)) {
    const sentence = `mappedResources must be called with resource types as its second argument, got ${kindOf(given)}.`
    throw new SetupError(about.code, sentence, about.section)
  }
  for (const [name, type] of Object.entries(given)) {
    checkOption(type, required(OBJECT), { ...about, owner: 'mappedResources', path: name })
    checkOptions(Object(type), TYPE, { ...about, owner: `resource type ${name}` })
    // A value that the application lacks, not a declaration without scope.
    if (Object.hasOwn(Object(type), 'scope')) {
      checkOption(Object(type).scope, required(OBJECT), { ...about, owner: `resource type ${name}`, path: 'scope' })
    }
  }
}
