import type { Supports } from '../../adapter/contract.js'
import {
  BOOLEAN,
  type Check,
  type Checks,
  COUNT,
  either,
  emptinessShown,
  FUNCTION,
  kindOf,
  LIST,
  OBJECT,
  objectOf,
  oneOf,
  required,
  TEXT,
  TEXTS,
} from '../../check-options.js'
import { COMPATIBILITY } from '../../compatibility.js'
import type { CursorOptions } from '../shared/cursor.js'
import { LIMITS } from './limits.js'
import type { AuthenticationScheme, ResourceEntry, ScimRouterOptions } from './options.js'

// To add an option: a member with TSDoc in options.ts (docs/options.md is made from it), a row here, the place where it
// acts, a test.

/** The values of option `onDuplicate`, and of a function in its place. */
export const DUPLICATE_POLICY: Check = oneOf('refuse', 'reactivate', 'adopt')

const SECRETS: Check = {
  expects: 'an array of one or more strings of 16 characters or more each',
  accepts: (value) =>
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((secret) => typeof secret === 'string' && secret.length >= 16),
  shows: (value) => {
    const isShort = (secret: unknown): boolean => typeof secret !== 'string' || secret.length < 16
    const short = Array.isArray(value) ? value.findIndex(isShort) : -1
    return Array.isArray(value) && short >= 0 ? `${lengthOf(value[short])} at index ${short}` : emptinessShown(value)
  },
}

function lengthOf(secret: unknown): string {
  return typeof secret === 'string' ? `a string of ${secret.length} characters` : kindOf(secret)
}

const CURSOR = {
  secrets: required(SECRETS),
  // RFC 9865 section 4: cursorTimeout is a "Positive integer value".
  timeout: { ...COUNT, expects: 'a whole number of seconds, 1 or more' },
  default: oneOf('index', 'cursor'),
  boundTo: FUNCTION,
} satisfies Checks<keyof CursorOptions>

const SCHEME = {
  // RFC 7643 section 5: the values of "type".
  type: required(oneOf('oauth', 'oauth2', 'oauthbearertoken', 'httpbasic', 'httpdigest')),
  name: required(TEXT),
  description: required(TEXT),
  specUri: TEXT,
  documentationUri: TEXT,
  primary: BOOLEAN,
} satisfies Checks<keyof AuthenticationScheme>

/** The values that each key of `supports` takes, of a resource type and of its adapter. */
export const SUPPORTS = {
  versions: BOOLEAN,
  cursor: oneOf('forward', 'both'),
} satisfies Checks<keyof Supports>

/** The values that each option of `scimRouter` takes. */
export const OPTIONS: Checks<keyof ScimRouterOptions> = {
  authenticate: { ...required(FUNCTION, 'nothing is open by default'), code: 'ERR_SCIM_AUTHENTICATE' },
  resources: { ...required(OBJECT), code: 'ERR_SCIM_RESOURCE_TYPE' },
  compatibility: { ...COMPATIBILITY, code: 'ERR_SCIM_COMPATIBILITY' },
  limits: {
    ...objectOf(Object.fromEntries(Object.keys(LIMITS).map((name) => [name, COUNT]))),
    code: 'ERR_SCIM_LIMIT',
  },
  baseUrl: { ...either(TEXT, FUNCTION), code: 'ERR_SCIM_BASE_URL' },
  authorize: FUNCTION,
  tenants: oneOf('required'),
  access: FUNCTION,
  validate: FUNCTION,
  requireIfMatch: BOOLEAN,
  publicDiscovery: BOOLEAN,
  authenticationSchemes: { ...LIST, keys: SCHEME },
  documentationUri: TEXT,
  transaction: FUNCTION,
  readsInTransaction: BOOLEAN,
  outbox: FUNCTION,
  bulk: either({ expects: 'false', accepts: (value) => value === false }, objectOf({ atomic: BOOLEAN })),
  cursor: { ...objectOf(CURSOR), code: 'ERR_SCIM_CURSOR' },
  sensitive: TEXTS,
  password: objectOf({ hash: required(FUNCTION) }),
  mapError: FUNCTION,
  identity: FUNCTION,
  on: either(OBJECT, LIST),
  waitUntil: FUNCTION,
}

const REGULAR_EXPRESSION: Check = {
  expects: 'a regular expression',
  accepts: (value) => value instanceof RegExp,
}

/** The values that each option of a resource type takes. */
export const ENTRY: Checks<keyof ResourceEntry> = {
  adapter: { ...required(either(OBJECT, FUNCTION)), code: 'ERR_SCIM_ADAPTER' },
  schema: OBJECT,
  extensions: LIST,
  endpoint: TEXT,
  description: TEXT,
  supports: objectOf(SUPPORTS),
  ids: { ...either(oneOf('uuid', 'integer'), REGULAR_EXPRESSION), code: 'ERR_SCIM_OPTION' },
  onDuplicate: { ...either(DUPLICATE_POLICY, FUNCTION), code: 'ERR_SCIM_OPTION' },
  attributes: OBJECT,
}
