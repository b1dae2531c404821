import type { IncomingMessage } from 'node:http'
import {
  ANYTHING,
  type Checks,
  checkGiven,
  FUNCTION,
  LIST,
  OBJECT,
  objectOf,
  oneOf,
  recordOf,
  refuse,
  required,
  TEXT,
  TEXTS,
} from '../../check-options.js'
import type { Connections } from '../../connections/index.js'
import { type Guide, guides as ownGuides } from '../../guides/index.js'
import { type ScimRouter, SetupError } from '../../index.js'
import type { AuditTrail, Journal } from '../../journal/index.js'
import { parseUrl } from '../../parse-url.js'
import type { Can } from '../contract/contract.js'

/** A visitor of the pages of one customer. */
export interface CustomerIdentity {
  /** The customer: a text that is not empty. */
  readonly tenant: string
  /** The name of the visitor in the log and in the audit trail. */
  readonly actor: string
  /** The permissions of the visitor. Without it: none. */
  readonly can?: readonly Can[]
}

/** A visitor of the pages of all customers. */
export interface StaffIdentity {
  /** The visitor, as the audit trail names them. */
  readonly actor: string
  /**
   * The permissions of the visitor.
   *
   * @defaultValue `['read']`
   */
  readonly can?: readonly Can[]
}

/** Anything false refuses; so does a function that throws. */
type RefusalValue = undefined | null | false | '' | 0

/**
 * Names the visitor of the pages, from the session of the application: `({ user }) => user?.isAdmin && { tenant:
 * user.orgId, … }`. The request is that of the framework; its members are the application's own.
 */
// biome-ignore lint/suspicious/noExplicitAny: the session of an application has any form, and its functions are to be written without casts.
export type AuthenticatePages<Identity> = (request: any) => Identity | RefusalValue | Promise<Identity | RefusalValue>

/** The argument of the option `confirm`. */
export interface ConfirmRequest {
  /** The request of the visitor. */
  readonly request: IncomingMessage
  /** The name of the route: `createConnection`, `rotateCredential`, `closeConnection`. */
  readonly action: string
  /** The tenant of the connection. */
  readonly tenant: string
  /** The visitor. */
  readonly actor: string
}

/** The options of `customerPages` and `staffPages`. */
export interface PagesOptions {
  /** The router: people and groups are read by `scim.as`. */
  readonly scim: Pick<ScimRouter, 'as' | 'describe'>
  /** The connections, of `scimConnections`. */
  readonly connections: Connections
  /** The log, of `journal`. */
  readonly log: Journal
  /**
   * The audit trail. It holds the history, and an entry for each look at people.
   *
   * @defaultValue none: there is no history, and staff cannot look at people
   */
  readonly trail?: AuditTrail
  /** The URL of the SCIM service, as clients see it: `https://app.example/scim/v2`. Its origin is that of the pages. */
  readonly url: string
  /**
   * Your product: its `name`; `support`, the contact for questions; `signIn`, the attribute by which people sign in
   * (`'userName'` by default).
   */
  readonly product: {
    readonly name: string
    /** Whom to ask: an address, or the name of a team. */
    readonly support?: string
    /**
     * By what people sign in.
     *
     * @defaultValue `'userName'`
     */
    readonly signIn?: 'userName' | 'emails'
  }
  /**
   * Called before a credential is made or ended, an invitation is made, or a connection is closed or undone. It must
   * return `true` (go on), `false` (refuse), or `{ url }`, the page where the person must sign in again.
   *
   * @defaultValue no confirmation
   */
  readonly confirm?: (
    what: ConfirmRequest,
  ) => boolean | { readonly url: string } | Promise<boolean | { readonly url: string }>
  /**
   * The people whom your product already has: `count` returns how many, `unmatched` the names of those whom no person
   * of the identity provider will match (the page shows 20).
   *
   * @defaultValue the set-up says nothing about them
   */
  readonly people?: {
    /** How many people a tenant has. */
    readonly count: (tenant: string) => number | Promise<number>
    /** Names of the people whom no person of the identity provider will match: at most 20 are shown. */
    readonly unmatched?: (tenant: string) => readonly string[] | Promise<readonly string[]>
  }
  /**
   * The guides that are offered; `withTexts` of `express-scim/guides` gives them your words.
   *
   * @defaultValue all of `express-scim/guides`
   */
  readonly guides?: readonly Guide[]
  /**
   * The methods that new connections may have: the same as of `scimConnections`. The pages recommend the first one that
   * the provider has.
   *
   * @defaultValue `['token']`
   */
  readonly credentials?: readonly ('token' | 'oauth' | 'federated')[]
  /**
   * Colours in place of those of the style sheet, by name: `{ accent: '#0a7' }`.
   *
   * @defaultValue none
   */
  readonly colours?: Readonly<Record<string, string>>
  /**
   * Texts in place of those of the pages, by key.
   *
   * @defaultValue none
   */
  readonly texts?: Readonly<Record<string, string>>
  /**
   * Origins whose pages may show these in a frame.
   *
   * @defaultValue none
   */
  readonly frameAncestors?: readonly string[]
  /**
   * Hooks. `error` is called for refusals without a tenant or a permission, and for failures.
   *
   * @defaultValue none
   */
  readonly on?: {
    /** Called for an identity without a tenant, a refused action, and failures. It must not throw. */
    readonly error?: (error: Error, about: { readonly request: IncomingMessage }) => unknown
  }
  /**
   * The clock, in milliseconds: for tests.
   *
   * @defaultValue `Date.now`
   */
  readonly now?: () => number
}

/** The options as the parts need them. */
export interface Settings extends PagesOptions {
  readonly guides: readonly Guide[]
  readonly methods: readonly ('token' | 'oauth' | 'federated')[]
  readonly origin: string
  readonly now: () => number
}

// What comes from other parts, and texts that must not be empty, have messages of their own.
const OPTIONS: Checks<keyof PagesOptions> = {
  scim: ANYTHING,
  connections: ANYTHING,
  log: ANYTHING,
  trail: OBJECT,
  url: ANYTHING,
  product: objectOf({ name: ANYTHING, support: TEXT, signIn: oneOf('userName', 'emails') }),
  confirm: FUNCTION,
  people: objectOf({ count: required(FUNCTION), unmatched: FUNCTION }),
  guides: LIST,
  credentials: LIST,
  colours: recordOf(TEXT),
  texts: recordOf(TEXT),
  frameAncestors: TEXTS,
  on: objectOf({ error: FUNCTION }),
  now: FUNCTION,
}

/** Finds mistakes at start that would otherwise fail, or leave a door open, later. Throws a {@link SetupError}. */
export function settingsOf(call: string, authenticate: unknown, options: PagesOptions): Settings {
  refuse(
    typeof authenticate !== 'function',
    `${call} must be called with a function that returns the visitor, got ${typeof authenticate}.`,
  )
  checkGiven(options, OPTIONS, { owner: call, code: 'ERR_SCIM_OPTION', section: 'pages.md#options' })
  const { scim, connections, log, url, product, frameAncestors = [] } = options
  refuse(typeof scim?.as !== 'function', `Option scim of ${call} must be what scimRouter returned.`)
  refuse(
    typeof connections?.list !== 'function',
    `Option connections of ${call} must be what scimConnections returned.`,
  )
  refuse(typeof log?.page !== 'function', `Option log of ${call} must be what journal returned.`)
  refuse(
    parseUrl(url) === undefined,
    `Option url of ${call} must be the URL of the SCIM service, such as https://app.example/scim/v2.`,
  )
  refuse(
    typeof product?.name !== 'string' || product.name === '',
    `Option product.name of ${call} must be a text that is not empty.`,
  )
  refuse(
    !frameAncestors.every((origin) => parseUrl(origin)?.origin === origin),
    `Option frameAncestors of ${call} must be a list of origins, such as https://app.example.`,
  )
  return {
    ...options,
    guides: options.guides ?? Object.values(ownGuides),
    methods: options.credentials ?? ['token'],
    origin: new URL(url).origin,
    now: options.now ?? Date.now,
  }
}
