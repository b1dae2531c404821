import { type Identity, ScimError, SetupError } from '../../index.js'

type Permits = NonNullable<Identity['permits']>

/** The scope that permits everything; guides tell people to type it. */
export const ALL_SCOPE = 'scim'

/** Scopes by name, and the resource type that each is about. */
export type ScopeTable = Readonly<Record<string, string>>

export const DEFAULT_SCOPES: ScopeTable = Object.freeze({ users: 'User', groups: 'Group' })

/** Refuses scopes that do not exist: a connection with a misspelt one could do less than its page shows, or more. */
export function checkScopes(table: ScopeTable, scopes: readonly string[] | null | undefined): readonly string[] | null {
  if (scopes === null || scopes === undefined) return null
  const unknown = Array.isArray(scopes) ? scopes.find((scope) => !isKnown(table, scope)) : scopes
  if (Array.isArray(scopes) && scopes.length > 0 && unknown === undefined) return [...new Set(scopes)]
  const known = [ALL_SCOPE, ...Object.keys(table).flatMap((name) => [name, `${name}:read`])].join(', ')
  throw new SetupError('ERR_SCIM_OPTION', `Option scopes of a connection must be a list of one or more of ${known}.`)
}

function isKnown(table: ScopeTable, scope: unknown): boolean {
  return scope === ALL_SCOPE || (typeof scope === 'string' && Object.hasOwn(table, scope.replace(/:read$/, '')))
}

/**
 * What scopes permit: `users` everything with users, `users:read` to read them. Undefined: everything. A permission
 * that is missing is named to the client (RFC 6750 section 3.1).
 */
export function permitsOf(table: ScopeTable, scopes: readonly string[] | null): Permits | undefined {
  if (scopes === null || scopes.includes(ALL_SCOPE)) return undefined
  return ({ action, resourceType }) => {
    const isRead = action === 'list' || action === 'retrieve'
    const [name = ALL_SCOPE] = Object.entries(table).find(([, type]) => type === resourceType) ?? []
    if (scopes.includes(name) || (isRead && scopes.includes(`${name}:read`))) return true
    throw ScimError.forbidden({ scope: isRead ? `${name}:read` : name })
  }
}

/** The scopes as an OAuth answer has them. */
export function scopeText(scopes: readonly string[] | null): string {
  return (scopes ?? [ALL_SCOPE]).join(' ')
}
