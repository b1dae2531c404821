import { checkGiven, kindOf, refuse } from '../../check-options.js'
import { type Authenticate, type Identity, SetupError } from '../../index.js'
import { isObject, propertiesOf } from '../../is-object.js'
import { parseUrl } from '../../parse-url.js'
import { DAY, MINUTE } from '../../time.js'
import { checkTrusted, type TrustedIssuers } from '../federated/federation.js'
import type { Method } from '../store/record.js'
import type { ConnectionStore } from '../store/store.js'
import { type Duration, type Life, readDuration } from './duration.js'
import type { ConnectionHooks } from './events.js'
import { OPTIONS } from './option-table.js'
import type { Rate, RateLimiter } from './rates.js'
import { DEFAULT_SCOPES, type ScopeTable } from './scopes.js'

/** Whose own tokens `fallback` knows: an identity that has a tenant. */
export type FallbackIdentity = Identity & { readonly tenant: string }

/** The options of `scimConnections`. */
export interface ConnectionsOptions {
  /** The store of connections: `memoryStore()`, `sqlStore(…)`, or a store of your own. */
  readonly store: ConnectionStore
  /**
   * A random text of 32 characters or more; all keys are derived from it. To change it, pass the new text, a comma and
   * the old one, or a list. If it is lost, all tokens must be made again.
   */
  readonly secret: string | readonly string[] | undefined
  /**
   * The URL of the SCIM service, as clients see it: `https://app.example/scim/v2`. It must be https, because RFC 6750
   * section 5.3 allows bearer tokens over TLS only. The exception is `http://localhost` and the like.
   */
  readonly url: string
  /**
   * The beginning of tokens, by which secret scanners and your own code recognise them: small letters and digits, at
   * most 12.
   *
   * @defaultValue `'scim'`
   */
  readonly prefix?: string
  /**
   * The methods that connections may have.
   *
   * @defaultValue `['token']`
   */
  readonly credentials?: readonly Method[]
  /**
   * The lifetime of credentials. RFC 7644 section 7.4: "Bearer tokens MUST have a limited lifetime". `'never'` has to
   * be written out, for `token` and `secret`.
   *
   * @defaultValue tokens `'365d'`, client secrets `'730d'`, access tokens `'60m'` (60 minutes to 6 hours)
   */
  readonly life?: { readonly token?: Life; readonly secret?: Life; readonly access?: Duration }
  /**
   * The seconds for which a good token is accepted without a read of the store, 0 to 60: a revocation in another
   * process counts after this time, a revocation in this process at once.
   *
   * @defaultValue `1`
   */
  readonly cacheTime?: number
  /**
   * Names of scopes and their resource types.
   *
   * @defaultValue `{ users: 'User', groups: 'Group' }`
   */
  readonly scopes?: ScopeTable
  /**
   * Limits in the memory of this process, or a store of your own. `perConnection` bounds requests of one connection;
   * Entra ID wants 25 a second. `failures` bounds refused credentials for one address; a good credential is never
   * refused for it.
   *
   * @defaultValue no limit per connection, 10 failures a minute
   */
  readonly rateLimit?: { readonly perConnection?: Rate | RateLimiter; readonly failures?: Rate | RateLimiter | false }
  /**
   * Returns the owner of the application's own tokens, until they are imported. It is asked only for a token that does
   * not begin with `prefix` and was not imported, and never while the store fails.
   *
   * @defaultValue such a token is refused
   */
  readonly fallback?: Authenticate<FallbackIdentity>
  /**
   * Returns the tenant that a request names, such as in a parameter of the mount path: credentials of another tenant
   * are refused there.
   *
   * @defaultValue the credentials alone decide the tenant
   */
  readonly tenantOf?: (credentials: Parameters<Authenticate>[0]) => string | undefined
  /**
   * The address of a client.
   *
   * @defaultValue `request.ip` of Express, which knows the proxies that the application trusts; else that of the socket
   */
  readonly address?: (request: unknown) => string | undefined
  /**
   * Issuers beside Microsoft Entra ID whose assertions federated connections may take, by their `iss`.
   *
   * @defaultValue Microsoft Entra ID alone
   */
  readonly federation?: TrustedIssuers
  /**
   * Hooks for events of connections: one object of them or a list. The request does not wait for them.
   *
   * @defaultValue none
   */
  readonly on?: ConnectionHooks | readonly ConnectionHooks[]
  /**
   * The clock, in milliseconds: for tests.
   *
   * @defaultValue `Date.now`
   */
  readonly now?: () => number
}

/** The options as the parts need them. */
export interface Settings {
  readonly store: ConnectionStore
  readonly secrets: readonly string[]
  readonly url: string
  readonly prefix: string
  readonly methods: readonly Method[]
  /** Milliseconds; null: never. */
  readonly life: { readonly token: number | null; readonly secret: number | null; readonly access: number }
  readonly cacheTime: number
  readonly scopes: ScopeTable
  readonly perConnection: Rate | RateLimiter | undefined
  readonly failures: Rate | RateLimiter | undefined
  readonly fallback: Authenticate<FallbackIdentity> | undefined
  readonly tenantOf: ConnectionsOptions['tenantOf']
  readonly address: (request: unknown) => string | undefined
  readonly federation: TrustedIssuers
  readonly on: ConnectionsOptions['on']
  readonly now: () => number
  /** Milliseconds of a monotonic clock. */
  readonly ticks: () => number
}

/** Host names as `URL` writes them. */
const LOOPBACK = /^(?:localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])$/
const STORE = ['find', 'get', 'list', 'insert', 'update', 'remove'] as const

/** Finds mistakes at start that would otherwise fail, or leave a door open, later. Throws a {@link SetupError}. */
export function settingsOf(options: ConnectionsOptions): Settings {
  checkGiven(options, OPTIONS, { owner: 'scimConnections', code: 'ERR_SCIM_OPTION' })
  const { store, prefix = 'scim', cacheTime = 1, credentials = ['token'], life = {}, rateLimit = {} } = options
  for (const name of STORE) {
    refuse(
      typeof store[name] !== 'function',
      `Option store of scimConnections must have a function ${name}, got ${kindOf(store[name])}.`,
    )
  }
  const access = lifeOf('life.access', life.access, 60 * MINUTE)
  // Entra ID demands it of applications in its gallery.
  if (access === null || access < 60 * MINUTE || access > 360 * MINUTE) {
    throw new SetupError('ERR_SCIM_OPTION', 'Option life.access must be from 60 minutes to 6 hours.')
  }
  const { failures = { rate: 10 / 60, burst: 10 } } = rateLimit
  return {
    store,
    secrets: secretsOf(options.secret),
    url: urlOf(options.url),
    prefix,
    methods: credentials,
    life: {
      token: lifeOf('life.token', life.token, 365 * DAY),
      secret: lifeOf('life.secret', life.secret, 730 * DAY),
      access,
    },
    cacheTime: cacheTime * 1_000,
    scopes: options.scopes ?? DEFAULT_SCOPES,
    perConnection: rateOf('perConnection', rateLimit.perConnection),
    failures: failures === false ? undefined : rateOf('failures', failures),
    fallback: options.fallback,
    tenantOf: options.tenantOf,
    address: options.address ?? addressOf,
    federation: checkTrusted(options.federation ?? {}),
    on: options.on,
    now: options.now ?? Date.now,
    ticks: options.now ?? (() => performance.now()),
  }
}

function secretsOf(secret: ConnectionsOptions['secret']): readonly string[] {
  const secrets = (typeof secret === 'string' ? secret.split(',') : Array.isArray(secret) ? secret : []).map((each) =>
    typeof each === 'string' ? each.trim() : '',
  )
  if (secrets.length > 0 && secrets.every((each) => each.length >= 32)) return secrets
  throw new SetupError(
    'ERR_SCIM_SECRET',
    'Option secret must be a random text of 32 characters or more, or several of them with the newest first.',
  )
}

function urlOf(url: unknown): string {
  const parsed = typeof url === 'string' ? parseUrl(url) : undefined
  const isFit = parsed && /^https?:$/.test(parsed.protocol) && parsed.search === '' && parsed.hash === ''
  refuse(!isFit, 'Option url must be an absolute URL without query and fragment.')
  const isSafe = parsed?.protocol === 'https:' || LOOPBACK.test(parsed?.hostname ?? '')
  refuse(
    !isSafe,
    'Option url must begin with https://: tokens sent over http can be read on their way (RFC 6750 section 5.3).',
  )
  const text = String(url)
  return text.endsWith('/') ? text.slice(0, -1) : text
}

/** Milliseconds of a life; null: never. */
export function lifeOf(name: string, life: unknown, fallback: number | null): number | null {
  if (life === undefined) return fallback
  if (life === 'never') return null
  const milliseconds = readDuration(life)
  if (milliseconds) return milliseconds
  throw new SetupError('ERR_SCIM_OPTION', `Option ${name} must be a length of time such as '365d', or 'never'.`)
}

function rateOf(name: string, rate: Rate | RateLimiter | undefined): Rate | RateLimiter | undefined {
  if (rate === undefined) return undefined
  const isLimiter = isObject(rate) && typeof rate.take === 'function'
  const isRate = isObject(rate) && [rate.rate, rate.burst].every(isPositive)
  refuse(
    !isLimiter && !isRate,
    `Option rateLimit.${name} must have numbers rate (a second) and burst, or a function take.`,
  )
  if ('take' in rate) return rate
  if (name === 'perConnection' && rate.rate < 25) {
    process.emitWarning('rateLimit.perConnection is below 25 a second, which Microsoft Entra ID needs.', {
      code: 'SCIM_RATE_LIMIT',
    })
  }
  return rate
}

function isPositive(value: unknown): boolean {
  return typeof value === 'number' && value > 0 && Number.isFinite(value)
}

function addressOf(request: unknown): string | undefined {
  const { ip, socket } = propertiesOf(request)
  const address = ip ?? propertiesOf(socket).remoteAddress
  return typeof address === 'string' ? address : undefined
}
