import { SetupError } from '../../error.js'
import type { AttributeOverride } from '../../schema/schema.js'
import type { ResourceEntry, ScimRouterOptions } from './options.js'

type Members<T> = Readonly<Record<keyof T, true>>

const OPTIONS: Members<ScimRouterOptions> = {
  authenticate: true,
  resources: true,
  compatibility: true,
  limits: true,
  baseUrl: true,
  authorize: true,
  access: true,
  requireIfMatch: true,
  publicDiscovery: true,
  authenticationSchemes: true,
  documentationUri: true,
  transaction: true,
  outbox: true,
  bulk: true,
  cursor: true,
  sensitive: true,
  password: true,
  mapError: true,
  on: true,
}

const ENTRY: Members<ResourceEntry> = {
  adapter: true,
  schema: true,
  extensions: true,
  endpoint: true,
  description: true,
  supports: true,
  onDuplicate: true,
  attributes: true,
}

const OVERRIDE: Members<AttributeOverride> = {
  uniqueness: true,
  required: true,
  enforceCanonicalValues: true,
  isValid: true,
  default: true,
  keepOnReplace: true,
  discoverable: true,
}

/**
 * Refuses what the options and their resource entries have no name for. In JavaScript a misspelled `authorize` would be
 * passed over in silence, and everything be permitted.
 */
export function refuseUnknownKeys(options: ScimRouterOptions): void {
  refuseUnknown(OPTIONS, options, 'ERR_SCIM_OPTION', 'scimRouter has no option')
  for (const [name, entry] of Object.entries(options.resources ?? {})) {
    refuseUnknown(ENTRY, entry, 'ERR_SCIM_RESOURCE_TYPE', `The entry of resource type ${name} has no member`)
    for (const [path, override] of Object.entries(entry?.attributes ?? {})) {
      refuseUnknown(OVERRIDE, override, 'ERR_SCIM_SCHEMA', `For attribute "${path}" of ${name} nobody can set`)
    }
  }
}

function refuseUnknown(
  known: Readonly<Record<string, true>>,
  given: object | null | undefined,
  code: SetupError['code'],
  sentence: string,
): void {
  const unknown = Object.keys(given ?? {}).find((member) => !Object.hasOwn(known, member))
  if (unknown !== undefined) throw new SetupError(code, `${sentence} "${unknown}".`)
}
