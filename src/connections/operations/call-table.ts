import {
  ANYTHING,
  BOOLEAN,
  type Checks,
  checkGiven,
  either,
  FUNCTION,
  OBJECT,
  objectOf,
  required,
  TEXT,
} from '../../check-options.js'
import { COMPATIBILITY } from '../../compatibility.js'
import type { EntraFederation, IssuerFederation } from '../federated/federation.js'
import type { ImportedToken, NewConnection } from './create.js'
import type { NewInvitation } from './invitations.js'
import type { ConnectionChange, ConnectionPlace } from './place.js'
import type { NewRecording } from './recording.js'
import type { Rotation } from './rotate.js'
import type { TenantData } from './tenant-data.js'
import type { ConnectionUpdate } from './update.js'

// The calls check most values themselves, some by what the store holds; here are the names of all.

const FEDERATION = objectOf({
  tenantId: ANYTHING,
  subject: ANYTHING,
  audience: ANYTHING,
  cloud: ANYTHING,
  issuer: ANYTHING,
} satisfies Checks<keyof EntraFederation | keyof IssuerFederation>)

const PLACE = { tenant: ANYTHING, id: required(TEXT) } satisfies Checks<keyof ConnectionPlace>

const CHANGE = { ...PLACE, by: ANYTHING } satisfies Checks<keyof ConnectionChange>

const CREATE = {
  tenant: ANYTHING,
  provider: ANYTHING,
  name: ANYTHING,
  method: ANYTHING,
  credential: BOOLEAN,
  // Null is a value that the caller lacks: it must not permit everything.
  scopes: { expects: 'an array of scopes', accepts: (value) => value !== null },
  compatibility: { ...COMPATIBILITY, code: 'ERR_SCIM_COMPATIBILITY' },
  life: ANYTHING,
  federation: FEDERATION,
  setup: ANYTHING,
  by: ANYTHING,
} satisfies Checks<keyof NewConnection>

const { method: _method, credential: _credential, federation: _federation, ...IMPORT } = CREATE

const DATA = { tenant: ANYTHING, by: ANYTHING, scim: either(FUNCTION, OBJECT) } satisfies Checks<keyof TenantData>

/** The options that each call takes. An unknown one would be ignored: `scope` for `scopes` would permit everything. */
const CALLS = {
  create: CREATE,
  // The object of a change or of a new connection names the connection or the tenant as well.
  get: CHANGE,
  list: { tenant: ANYTHING, by: ANYTHING },
  update: {
    ...CHANGE,
    provider: ANYTHING,
    name: ANYTHING,
    method: ANYTHING,
    scopes: ANYTHING,
    compatibility: ANYTHING,
    setup: ANYTHING,
  } satisfies Checks<keyof ConnectionUpdate>,
  rotate: { ...CHANGE, overlap: ANYTHING, federation: FEDERATION, life: ANYTHING } satisfies Checks<keyof Rotation>,
  revoke: { ...CHANGE, credential: TEXT },
  startTest: { ...CHANGE, people: ANYTHING },
  endTest: CHANGE,
  pause: { ...CHANGE, reason: TEXT },
  resume: CHANGE,
  record: { ...CHANGE, for: ANYTHING, values: ANYTHING } satisfies Checks<keyof NewRecording>,
  stopRecording: CHANGE,
  close: CHANGE,
  import: {
    ...IMPORT,
    token: ANYTHING,
    digest: objectOf({ algorithm: ANYTHING, hex: ANYTHING }),
  } satisfies Checks<keyof ImportedToken | 'token' | 'digest'>,
  invite: {
    tenant: ANYTHING,
    id: TEXT,
    provider: ANYTHING,
    method: ANYTHING,
    expires: ANYTHING,
    by: ANYTHING,
  } satisfies Checks<keyof NewInvitation>,
  uninvite: { ...CHANGE, invitation: required(TEXT) },
  export: DATA,
  forget: { ...DATA, most: ANYTHING },
} satisfies Readonly<Record<string, Checks>>

/** The name of a call that takes options. */
export type CallName = keyof typeof CALLS

/** Refuses unknown options of a call. Throws a `SetupError`. */
export function checkCall(call: CallName, given: unknown): void {
  checkGiven(given, CALLS[call], { owner: `connections.${call}`, code: 'ERR_SCIM_OPTION' })
}
