import type { Identity } from '../../index.js'
import { permitsOf, type ScopeTable } from '../options/scopes.js'
import type { KnownCredential } from './core.js'
import { onlyTestPeople } from './test-people.js'

/** The identity of a request, as the router gets it: `call.auth`. */
export interface ConnectionIdentity extends Identity {
  readonly tenant: string
  /** The connection; undefined for an identity of `fallback`. */
  readonly connection?: { readonly id: string; readonly provider: string; readonly name: string } | undefined
  /** The id of the credential. */
  readonly credential?: string | undefined
}

/** The identity that `authenticate` returns for a good token. */
export function identityOf({ row, credential }: KnownCredential, scopes: ScopeTable): ConnectionIdentity {
  const permits = permitsOf(scopes, row.scopes)
  return {
    tenant: row.tenant,
    subject: row.id,
    connection: { id: row.id, provider: row.provider, name: row.name },
    credential: credential.id,
    // The router ends it by its time: an identity may be a minute old.
    ...(row.recording && { record: { until: new Date(row.recording.until), values: row.recording.values } }),
    ...(permits && { permits }),
    ...(row.testing && { validate: onlyTestPeople(row.testing.people) }),
    ...(row.compatibility !== null && { compatibility: row.compatibility }),
  }
}
