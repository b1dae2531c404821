import { ERROR } from './urn.js'

/**
 * The `scimType` values a SCIM error may carry: RFC 7644 section 3.12 (Table 9) and RFC 9865 section 2.1.
 */
export type ScimType =
  | 'invalidFilter'
  | 'tooMany'
  | 'uniqueness'
  | 'mutability'
  | 'invalidSyntax'
  | 'invalidPath'
  | 'noTarget'
  | 'invalidValue'
  | 'invalidVers'
  | 'sensitive'
  | 'invalidCursor'
  | 'expiredCursor'
  | 'invalidCount'

interface ScimTypeRow {
  readonly status: number
  readonly detail: string
}

/**
 * Every `scimType` with its HTTP status and the text used when none is given. Status of `sensitive`: RFC 7644 section
 * 7.5.2.
 */
export const SCIM_TYPES: Readonly<Record<ScimType, ScimTypeRow>> = Object.freeze({
  invalidFilter: { status: 400, detail: 'The filter is not valid.' },
  tooMany: { status: 400, detail: 'The query yields more results than the server is willing to process.' },
  uniqueness: { status: 409, detail: 'A value that has to be unique is already in use.' },
  mutability: { status: 400, detail: 'The change does not fit the mutability of the attribute.' },
  invalidSyntax: { status: 400, detail: 'The request body is not of the shape that the operation asks for.' },
  invalidPath: { status: 400, detail: 'The path is not valid.' },
  noTarget: { status: 400, detail: 'The path yields no attribute or value to operate on.' },
  invalidValue: { status: 400, detail: 'A required value is missing, or a value does not fit its attribute.' },
  invalidVers: { status: 400, detail: 'The SCIM protocol version is not supported.' },
  sensitive: { status: 403, detail: 'The filter names sensitive attributes; send it by POST to /.search.' },
  invalidCursor: { status: 400, detail: 'The cursor is not valid for this request.' },
  expiredCursor: { status: 400, detail: 'The cursor has expired; start again without one.' },
  invalidCount: { status: 400, detail: 'The count does not fit the cursor.' },
})

/** The body of every SCIM error response, RFC 7644 section 3.12. */
export interface ErrorMessage {
  /** The URI of the message: `urn:ietf:params:scim:api:messages:2.0:Error`. */
  readonly schemas: readonly [typeof ERROR]
  /** The HTTP status, as a text. */
  readonly status: string
  /** The kind of error, RFC 7644 table 9. */
  readonly scimType?: ScimType
  /** A sentence for people. */
  readonly detail: string
}

/** Why credentials were refused, in one word: for reports and logs, never for the client. */
export type RefusalReason =
  | 'missing'
  | 'malformed'
  | 'mistyped'
  | 'unknown'
  | 'expired'
  | 'revoked'
  | 'paused'
  | 'closed'
  | 'rate'
  | (string & {})

/** The owner of refused credentials, and the reason. Reports carry it; the client sees none of it. */
export interface Refusal {
  /** Why the credentials were refused: `expired`. */
  readonly reason: RefusalReason
  /** The tenant that the credentials belong to, if they are known. */
  readonly tenant?: string | undefined
  /** The client or person that the credentials belong to, if they are known. */
  readonly subject?: string | undefined
  /**
   * The last four characters of a token that was not copied whole, by which its owner sees the missing part. Never
   * more: the kept part of a token must not help to guess it.
   */
  readonly ending?: string | undefined
}

/** The subject of a client's mistake, for reports. */
export interface ErrorSubject {
  /** Path of the attribute: `userName`, `name.familyName`. */
  readonly attribute?: string | undefined
  /** A stable word for the situation, where status and `scimType` say too little: `unknownMember`. */
  readonly code?: string | undefined
}

/** Further members of a {@link ScimError}, besides its status and text. */
export interface ScimErrorOptions extends ErrorSubject {
  /** Why credentials were refused; it goes with status 401. */
  readonly refusal?: Refusal | undefined
  /** Detail error keyword; it goes with status 400, 403 (`sensitive`) or 409 (`uniqueness`). */
  readonly scimType?: ScimType
  /** Response headers, e.g. `{ 'Retry-After': '5' }`. */
  readonly headers?: Readonly<Record<string, string>>
  /** The cause; `on.error` and `debug('scim:error')` get it, the client never. */
  readonly cause?: unknown
}

const UNAUTHORIZED = 'Credentials are missing or not accepted.'
const FORBIDDEN = 'The operation is not permitted.'

/** RFC 6750 section 3: the characters of a scope are printable ASCII without quote and backslash. */
function insufficientScope(scope: string): string {
  return `Bearer realm="SCIM", error="insufficient_scope", scope="${scope.replace(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/g, '')}"`
}

// Two entries and two module formats make two classes in one process, so an error is known by this mark and never by
// instanceof.
const MARK = Symbol.for('express-scim.error')

/**
 * An error that is answered to the client as it is: an HTTP status and the error message of RFC 7644 section 3.12.
 * Adapters and hooks throw it; anything else they throw becomes a 500 without internals.
 *
 * @example
 * ```ts
 * import { ScimError } from 'express-scim'
 *
 * throw ScimError.uniqueness('userName')
 * ```
 */
export class ScimError extends Error {
  override readonly name = 'ScimError'
  /** HTTP status, 300 to 599. */
  readonly status: number
  /** Detail error keyword, if there is one. */
  readonly scimType: ScimType | undefined
  /** Headers that the response carries. */
  readonly headers: Readonly<Record<string, string>>
  /** Path of the attribute that the error is about. The report to `on.request` has it. */
  readonly attribute: string | undefined
  /** A stable word for the situation. The report to `on.request` has it. */
  readonly code: string | undefined
  /** Why credentials were refused. The report to `on.request` has it; it is never sent to the client. */
  readonly refusal: Refusal | undefined
  readonly [MARK] = true

  /**
   * @param status HTTP status of the response.
   * @param detail Text for people. It is sent to the client: no internals, no secrets.
   */
  constructor(status: number, detail: string, options: ScimErrorOptions = {}) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause })
    this.status = status
    this.scimType = options.scimType
    this.headers = options.headers ?? {}
    this.attribute = options.attribute
    this.code = options.code
    this.refusal = options.refusal
  }

  /** The response body. */
  toMessage(): ErrorMessage {
    return {
      schemas: [ERROR],
      status: String(this.status),
      ...(this.scimType && { scimType: this.scimType }),
      detail: this.message,
    }
  }

  /** Whether a thrown value is a ScimError, of whichever copy of this package. */
  static is(value: unknown): value is ScimError {
    return typeof value === 'object' && value !== null && MARK in value && value[MARK] === true
  }

  /** An error with the status that belongs to a `scimType`. */
  static of(scimType: ScimType, detail: string = SCIM_TYPES[scimType].detail, about: ErrorSubject = {}): ScimError {
    return new ScimError(SCIM_TYPES[scimType].status, detail, { ...about, scimType })
  }

  /**
   * 409 `uniqueness`: another resource has the value. Pass the attribute's name; its value stays out of the response.
   */
  static uniqueness(attribute?: string): ScimError {
    const detail = attribute && `Another resource has the same value of attribute "${attribute}".`
    return ScimError.of('uniqueness', detail, { attribute })
  }

  /** 400 `invalidValue`. */
  static invalidValue(detail?: string, about?: ErrorSubject): ScimError {
    return ScimError.of('invalidValue', detail, about)
  }

  /** 400 `invalidSyntax`. */
  static invalidSyntax(detail?: string, about?: ErrorSubject): ScimError {
    return ScimError.of('invalidSyntax', detail, about)
  }

  /** 400 `invalidFilter`. */
  static invalidFilter(detail?: string, about?: ErrorSubject): ScimError {
    return ScimError.of('invalidFilter', detail, about)
  }

  /** 400 `invalidPath`. */
  static invalidPath(detail?: string, about?: ErrorSubject): ScimError {
    return ScimError.of('invalidPath', detail, about)
  }

  /** 400 `noTarget`. */
  static noTarget(detail?: string, about?: ErrorSubject): ScimError {
    return ScimError.of('noTarget', detail, about)
  }

  /** 400 `mutability`. */
  static mutability(detail?: string, about?: ErrorSubject): ScimError {
    return ScimError.of('mutability', detail, about)
  }

  /** 400 `tooMany`. */
  static tooMany(detail?: string): ScimError {
    return ScimError.of('tooMany', detail)
  }

  /**
   * 401; the router adds `WWW-Authenticate`.
   *
   * @param about The text for the client, or a refusal: `on.request` is told its reason, and whose credentials they
   *   were.
   */
  static unauthorized(about: string | (Refusal & { readonly detail?: string }) = UNAUTHORIZED): ScimError {
    if (typeof about === 'string') return new ScimError(401, about)
    const { detail = UNAUTHORIZED, ...refusal } = about
    return new ScimError(401, detail, { refusal })
  }

  /**
   * 403: the credentials are good, the operation is not permitted.
   *
   * @param about The text for the client, or the scope that the credentials lack: RFC 6750 section 3.1 has
   *   `insufficient_scope` for it, and the router says so in `WWW-Authenticate`.
   */
  static forbidden(
    about: string | { readonly detail?: string; readonly scope: string } = FORBIDDEN,
    subject?: ErrorSubject,
  ): ScimError {
    if (typeof about === 'string') return new ScimError(403, about, subject)
    const { scope, detail = FORBIDDEN } = about
    return new ScimError(403, detail, { headers: { 'WWW-Authenticate': insufficientScope(scope) } })
  }

  /** 404. */
  static notFound(detail = 'The resource or endpoint does not exist.', about?: ErrorSubject): ScimError {
    return new ScimError(404, detail, about)
  }

  /** 412: the resource has changed since the version that the client named. */
  static preconditionFailed(detail = 'The resource has another version than the request names.'): ScimError {
    return new ScimError(412, detail)
  }

  /** 413. */
  static tooLarge(detail: string, about?: ErrorSubject): ScimError {
    return new ScimError(413, detail, about)
  }

  /** 429; `retryAfter` in seconds. */
  static tooManyRequests(options: { readonly retryAfter?: number } = {}): ScimError {
    return new ScimError(429, 'Too many requests; try again later.', retryAfter(options.retryAfter))
  }

  /** 501: the server does not offer the operation. */
  static notImplemented(detail = 'The server does not support this operation.'): ScimError {
    return new ScimError(501, detail)
  }

  /** 503: the store cannot be reached just now; `retryAfter` in seconds, `cause` for the log. */
  static unavailable(options: { readonly retryAfter?: number; readonly cause?: unknown } = {}): ScimError {
    return new ScimError(503, 'The service is not available just now; try again later.', {
      ...retryAfter(options.retryAfter),
      cause: options.cause,
    })
  }
}

function retryAfter(seconds: number | undefined): ScimErrorOptions {
  return seconds === undefined ? {} : { headers: { 'Retry-After': String(Math.max(0, Math.ceil(seconds))) } }
}
