import {
  ANYTHING,
  type Checks,
  checkOption,
  checkOptions,
  FUNCTION,
  LIST,
  OBJECT,
  objectOf,
  recordOf,
  required,
  TEXT,
  TEXTS,
} from '../../check-options.js'
import { OVERRIDE } from '../../schema/schemas/override-table.js'
import { MAPPING } from '../../sql/mapping-table.js'
import type { MappedType } from './declaration.js'

const TYPE: Checks<keyof MappedType> = {
  ...MAPPING,
  scope: recordOf(ANYTHING),
  where: FUNCTION,
  deleted: TEXT,
  schema: OBJECT,
  extensions: LIST,
  policies: recordOf(objectOf(OVERRIDE)),
  display: TEXTS,
}

/**
 * Checks the keys of a declaration and of its parts. A misspelt `scope` would otherwise be ignored, and the rows of all
 * customers be shown to each. Throws a `SetupError`.
 */
export function checkDeclaration(name: string, type: unknown): void {
  const of = {
    owner: `resource type ${name}`,
    code: 'ERR_SCIM_OPTION',
    section: 'postgres.md#existing-tables',
  } as const
  checkOption(type, required(OBJECT), { ...of, owner: 'mappedResources', path: name })
  checkOptions(Object(type), TYPE, of)
}
