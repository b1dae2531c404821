import { SetupError } from '../../index.js'
import { parseUrl } from '../../parse-url.js'
import { ConnectionsError } from '../store/errors.js'
import type { Federation } from '../store/record.js'
import type { KeySet } from './key-sets.js'

/** Whose assertions a connection takes, as the customer pastes it: for Microsoft Entra ID no URL. */
export type FederationChoice = EntraFederation | IssuerFederation

/** The values that Microsoft Entra ID shows for a workload identity. */
export interface EntraFederation {
  /** Directory (tenant) id. */
  readonly tenantId: string
  /** Object id of the workload identity: the subject of its assertions. */
  readonly subject: string
  /** Application (client) id, also as `api://…` or `api://…/.default`. */
  readonly audience: string
  /**
   * The cloud of Microsoft that issues the assertions.
   *
   * @defaultValue `'global'`
   */
  readonly cloud?: 'global' | 'us' | 'china'
}

/** An issuer that the option `federation` names. */
export interface IssuerFederation {
  /** The `iss` of assertions, one of those in the option `federation`. */
  readonly issuer: string
  /** The `sub` of assertions. */
  readonly subject: string
  /** The `aud` of assertions. */
  readonly audience: string
}

/** Where the keys of an issuer are: an HTTPS URL, or a function of the application that gives them. */
export interface TrustedIssuer {
  /** The URL of the keys (JWKS), or a function that returns them. */
  readonly jwks: string | (() => KeySet | Promise<KeySet>)
}

/** Issuers by the `iss` of their assertions. */
export type TrustedIssuers = Readonly<Record<string, TrustedIssuer>>

const CLOUDS = {
  global: 'login.microsoftonline.com',
  us: 'login.microsoftonline.us',
  china: 'login.partner.microsoftonline.cn',
} as const
const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const ENTRA_ISSUER =
  /^https:\/\/(login\.(?:partner\.microsoftonline\.cn|microsoftonline\.(?:com|us)))\/([0-9a-f-]{36})\/v2\.0$/

/**
 * The values that are compared with each assertion. Rejects values that cannot be right, so that a mistake shows when
 * it is made.
 */
export function federationOf(choice: FederationChoice, trusted: TrustedIssuers): Federation {
  const given = choice as Partial<EntraFederation & IssuerFederation>
  if (given.issuer !== undefined) {
    if (!Object.hasOwn(trusted, given.issuer)) throw wrong('issuer must be one that the option federation names')
    return {
      issuer: given.issuer,
      subject: text('subject', given.subject),
      audience: text('audience', given.audience),
    }
  }
  const host = CLOUDS[given.cloud ?? 'global']
  if (host === undefined) throw wrong(`cloud must be one of ${Object.keys(CLOUDS).join(', ')}`)
  const tenantId = guid('tenantId', given.tenantId)
  return {
    issuer: `https://${host}/${tenantId}/v2.0`,
    subject: guid('subject', given.subject),
    audience: guid(
      'audience',
      given.audience
        ?.trim()
        .replace(/^api:\/\//, '')
        .replace(/\/\.default$/, ''),
    ),
    tenantId,
  }
}

/** The forms of the audience that Microsoft Entra ID sends; others send it as it is. */
export function audiencesOf({ audience, tenantId }: Federation): readonly string[] {
  return tenantId === undefined ? [audience] : [audience, `api://${audience}`, `api://${audience}/.default`]
}

/** Where the keys of an issuer are. */
export function keysAt(issuer: string, trusted: TrustedIssuers): TrustedIssuer['jwks'] | undefined {
  if (Object.hasOwn(trusted, issuer)) return trusted[issuer]?.jwks
  const [, host, tenantId] = ENTRA_ISSUER.exec(issuer) ?? []
  return host && `https://${host}/${tenantId}/discovery/v2.0/keys`
}

/** Checks the option `federation`. */
export function checkTrusted(trusted: TrustedIssuers): TrustedIssuers {
  for (const [issuer, { jwks }] of Object.entries(trusted)) {
    if (typeof jwks === 'function') continue
    const url = typeof jwks === 'string' ? parseUrl(jwks) : undefined
    // An address in place of a name would be connected to without being looked at.
    const isFit = url?.protocol === 'https:' && url.port === '' && url.username === '' && /[a-z]$/.test(url.hostname)
    if (!isFit) {
      throw new SetupError(
        'ERR_SCIM_OPTION',
        `Option federation["${issuer}"].jwks must be an https URL of a host name on port 443, or a function.`,
      )
    }
  }
  return trusted
}

function guid(name: string, value: unknown): string {
  const found = typeof value === 'string' ? value.trim().toLowerCase() : ''
  if (!GUID.test(found)) throw wrong(`${name} must be a GUID such as 6f1a1a53-9d0f-4c9b-8f7e-2b1f2c3d4e5f`)
  return found
}

function text(name: string, value: unknown): string {
  if (typeof value !== 'string' || value === '') throw wrong(`${name} must be a text that is not empty`)
  return value
}

function wrong(what: string): ConnectionsError {
  return new ConnectionsError('federation', `Option federation.${what}.`)
}
