/** The ways in which identity providers differ when they use SCIM. */
export interface Profile {
  readonly id: string
  readonly name: string
  readonly headers: Readonly<Record<string, string>>
  /** How the provider encodes a blank in a query. */
  readonly blank: '+' | '%20'
  /** How the provider changes users: one PATCH with a path for each attribute, or PUT of the whole user. */
  readonly users: 'patch' | 'put'
  /** How the provider spells the names of operations. */
  readonly spelling: 'lower' | 'capital'
  /** The provider's request for a person who leaves. */
  readonly leaves: 'disable' | 'delete'
  /**
   * How the provider disables a user: `active` in a PATCH with a path, as text; in a PATCH without a path; or in a PUT.
   */
  readonly disables: 'text' | 'pathless' | 'put'
  /** Whether the provider later deletes a user that it has disabled. */
  readonly forgets: boolean
  /** How the provider changes members: one PATCH for each, one PATCH with all, or the whole list. */
  readonly members: 'each' | 'together' | 'put'
  /** How the provider removes members: by a list of values, or by a filter in the path. */
  readonly removes: 'values' | 'filter'
  /** How the provider renames a group. */
  readonly renames: 'path' | 'pathless' | 'put'
  /** Whether the provider reads a user before it replaces the user. */
  readonly readsFirst?: boolean
  /** Whether a group is created with its members. */
  readonly createsWithMembers: boolean
}

const SCIM = { 'content-type': 'application/scim+json' }
const JSON_TYPE = { 'content-type': 'application/json', accept: 'application/json' }
const OKTA = {
  'content-type': 'application/scim+json; charset=utf-8',
  'user-agent': 'Okta SCIM Client 1.0.0',
  'accept-charset': 'utf-8',
}

/** The identity providers that can be simulated. They send the requests that conformance/sequences has recorded. */
export const profiles: readonly Profile[] = [
  {
    id: 'entra',
    name: 'Microsoft Entra ID',
    headers: SCIM,
    blank: '+',
    users: 'patch',
    spelling: 'capital',
    leaves: 'disable',
    disables: 'text',
    forgets: true,
    members: 'each',
    removes: 'values',
    renames: 'path',
    createsWithMembers: false,
  },
  {
    id: 'okta-catalog',
    name: 'Okta, from the catalogue',
    headers: OKTA,
    blank: '%20',
    users: 'put',
    spelling: 'lower',
    leaves: 'disable',
    disables: 'pathless',
    forgets: false,
    members: 'together',
    removes: 'filter',
    renames: 'pathless',
    createsWithMembers: false,
  },
  {
    id: 'okta-custom',
    name: 'Okta, made with the wizard',
    headers: OKTA,
    blank: '%20',
    users: 'put',
    spelling: 'lower',
    leaves: 'disable',
    disables: 'put',
    forgets: false,
    members: 'put',
    removes: 'filter',
    renames: 'put',
    readsFirst: true,
    createsWithMembers: true,
  },
  {
    id: 'onelogin',
    name: 'OneLogin',
    headers: { ...SCIM, 'user-agent': '' },
    blank: '+',
    users: 'put',
    spelling: 'lower',
    leaves: 'delete',
    disables: 'put',
    forgets: false,
    members: 'each',
    removes: 'filter',
    renames: 'path',
    createsWithMembers: false,
  },
  {
    id: 'jumpcloud',
    name: 'JumpCloud',
    headers: SCIM,
    blank: '%20',
    users: 'put',
    spelling: 'lower',
    leaves: 'disable',
    disables: 'put',
    forgets: true,
    members: 'together',
    removes: 'values',
    renames: 'path',
    createsWithMembers: true,
  },
  {
    id: 'pingone',
    name: 'PingOne',
    headers: JSON_TYPE,
    blank: '%20',
    users: 'put',
    spelling: 'lower',
    leaves: 'disable',
    disables: 'put',
    forgets: true,
    members: 'together',
    removes: 'filter',
    renames: 'path',
    createsWithMembers: true,
  },
  {
    id: 'authentik',
    name: 'authentik',
    headers: SCIM,
    blank: '%20',
    users: 'put',
    spelling: 'lower',
    leaves: 'delete',
    disables: 'put',
    forgets: false,
    members: 'each',
    removes: 'values',
    renames: 'pathless',
    createsWithMembers: false,
  },
  {
    id: 'keycloak',
    name: 'Keycloak',
    headers: { 'content-type': 'application/json' },
    blank: '%20',
    users: 'put',
    spelling: 'lower',
    leaves: 'delete',
    disables: 'put',
    forgets: false,
    members: 'put',
    removes: 'filter',
    renames: 'put',
    createsWithMembers: true,
  },
]
