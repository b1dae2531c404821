import {
  ANYTHING,
  type Checks,
  COUNT,
  either,
  FUNCTION,
  LIST,
  OBJECT,
  objectOf,
  recordOf,
  required,
  TEXT,
  TEXTS,
} from '../../check-options.js'
import { OVERRIDE } from '../../schema/define/override-table.js'
import type { AdapterChecksOptions, CheckedResourceType } from './options.js'

/** The values that each option of `adapterChecks` takes. */
export const OPTIONS: Checks<keyof AdapterChecksOptions> = {
  resourceTypes: required(recordOf(required(OBJECT))),
  create: FUNCTION,
  identities: LIST,
  params: recordOf(TEXT),
  request: ANYTHING,
  transaction: FUNCTION,
  mapError: FUNCTION,
  password: objectOf({ hash: required(FUNCTION) }),
  breakStore: FUNCTION,
  openHandles: FUNCTION,
  members: COUNT,
  timeout: COUNT,
}

/** The values that each option of a resource type takes. */
export const RESOURCE_TYPE: Checks<keyof CheckedResourceType | 'endpoint' | 'description' | 'onDuplicate'> = {
  adapter: either(OBJECT, FUNCTION),
  schema: OBJECT,
  extensions: LIST,
  ids: ANYTHING,
  attributes: recordOf(objectOf(OVERRIDE)),
  supports: OBJECT,
  omit: TEXTS,
  sample: FUNCTION,
  reveal: FUNCTION,
  // An entry of scimRouter may be given as it is: these are the router's own.
  endpoint: ANYTHING,
  description: ANYTHING,
  onDuplicate: ANYTHING,
}
