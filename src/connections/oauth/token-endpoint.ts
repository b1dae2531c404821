import type { IncomingMessage, ServerResponse } from 'node:http'
import { type RefusalReason, SetupError } from '../../index.js'
import type { Core, KnownCredential } from '../core/core.js'
import { newAccessToken } from '../credentials/access-token.js'
import { boundTo } from '../credentials/credentials.js'
import { tooManyFailures } from '../credentials/refusal.js'
import { noteFailure, noteUse, rehash } from '../credentials/use.js'
import { scopeText } from '../options/scopes.js'
import {
  type CredentialRecord,
  connectionKey,
  credentialKey,
  credentialState,
  isUsable,
  type Row,
} from '../store/record.js'
import { readToken } from '../tokens/token-text.js'
import { type ClientCredentials, readClientCredentials } from './client-credentials.js'
import type { PathHandler } from './endpoint.js'
import { readForm } from './form.js'
import { invalidClient, invalidRequest, OAuthError } from './oauth-error.js'

export const TOKEN_PATH = '/oauth/token'

/** Verifies the assertion of a client; throws an {@link OAuthError}. */
export type VerifyAssertion = (row: Row, credential: CredentialRecord, assertion: string) => Promise<void>

/** The parts of the token endpoint. */
interface Endpoint {
  readonly core: Core
  readonly verifyAssertion: VerifyAssertion
  /** The connection that the URL of a request names. */
  readonly connectionOf: (request: unknown) => string | undefined
}

/** Answers token requests, RFC 6749 section 4.4: grant client_credentials, and nothing else. */
export function tokenEndpoint(endpoint: Endpoint): PathHandler {
  return (request, response, path) => {
    if (path !== TOKEN_PATH) return false
    void respond(endpoint, request, response)
    return true
  }
}

/**
 * The time of a token request up to its answer, in milliseconds: as much as `requestTime` of the router is by default.
 */
const REQUEST_TIME = 30_000

interface Answer {
  readonly status: number
  readonly body: object
  readonly headers?: Readonly<Record<string, string>>
}

/** Sends one answer. It is 503 after {@link REQUEST_TIME}, even if a store or a limiter still works. */
async function respond(endpoint: Endpoint, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const over = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<Answer>((resolve) => {
    timer = setTimeout(() => {
      const error = new Error(`A token request was not answered within ${REQUEST_TIME / 1_000} seconds.`)
      over.abort(error)
      resolve(answerOf(serverFault(endpoint.core, error)))
    }, REQUEST_TIME)
  })
  try {
    send(response, await Promise.race([answerTo(endpoint, request, over.signal), late]))
  } finally {
    clearTimeout(timer)
  }
  // The rest of an unread body would keep the connection.
  if (!request.readableEnded) request.resume()
}

async function answerTo(endpoint: Endpoint, request: IncomingMessage, signal: AbortSignal): Promise<Answer> {
  try {
    if (request.method !== 'POST') {
      // RFC 6749 section 3.2: "The client MUST use the HTTP "POST" method when making access token requests."
      const body = { error: 'invalid_request', error_description: 'A token request must be sent by POST.' }
      return { status: 405, body, headers: { Allow: 'POST' } }
    }
    return { status: 200, body: await tokenFor(endpoint, request, signal) }
  } catch (error) {
    return refusal(endpoint, request, signal, error)
  }
}

interface TokenResponse {
  readonly access_token: string
  readonly token_type: 'Bearer'
  readonly expires_in: number
  readonly scope: string
}

async function tokenFor(endpoint: Endpoint, request: IncomingMessage, signal: AbortSignal): Promise<TokenResponse> {
  const { core, connectionOf } = endpoint
  const form = await readForm(request)
  const client = readClientCredentials(request.headers.authorization, form)
  const grant = form.get('grant_type')
  if (grant === undefined) throw invalidRequest('grant_type must be client_credentials.')
  if (grant !== 'client_credentials')
    throw new OAuthError('unsupported_grant_type', 'grant_type must be client_credentials.')
  const path = connectionOf(request)
  if (path !== undefined && path !== client.clientId) throw invalidClient('otherConnection')

  const known = await knownClient(endpoint, client)
  // Behind the answer nothing new is begun.
  signal.throwIfAborted()
  const { row, credential } = known
  const now = core.now()
  const used = await noteUse(core, known, { address: core.settings.address(request), userAgent: undefined })
  const expires = Math.min(now + core.settings.life.access, known.until)
  const salt = used.credential.salt as string
  return {
    access_token: newAccessToken(core.settings.prefix, core.keys, boundTo(row, credential.id), salt, expires),
    token_type: 'Bearer',
    expires_in: Math.floor((expires - now) / 1_000),
    // RFC 6749 section 3.3: scopes that are asked for "MAY fully or partially" be ignored; the response names the
    // granted scopes.
    scope: scopeText(row.scopes),
  }
}

/** The connection of a client whose credentials are good. */
async function knownClient(endpoint: Endpoint, client: ClientCredentials): Promise<KnownCredential> {
  const { core } = endpoint
  const known =
    client.assertion === undefined
      ? await bySecret(core, client.clientId, client.secret as string)
      : await byAssertion(endpoint, client.clientId, client.assertion)
  const { row, credential } = known
  const state =
    row.state === 'paused' || row.state === 'closed' ? row.state : credentialState(row, credential, core.now())
  if (state === 'live' || state === 'ending') return known
  await noteFailure(core, row, state, credential)
  throw invalidClient(state)
}

async function bySecret(core: Core, clientId: string, text: string): Promise<KnownCredential> {
  const { keys, rows, settings } = core
  const read = readToken(settings.prefix, text)
  if (typeof read === 'string' || read.kind !== 'secret') {
    throw await ofClient(core, clientId, typeof read === 'string' ? read : 'unknown')
  }
  const row = await rows.find(credentialKey(read.id))
  const credential = row?.credentials.find(({ id }) => id === read.id)
  // A secret of another connection is as good as none, even of the same tenant.
  if (row === undefined || row.id !== clientId || credential?.hash === undefined || credential.kind !== 'secret') {
    throw await ofClient(core, clientId, 'unknown')
  }
  const bound = boundTo(row, read.id)
  if (!keys.matches(bound, credential.hash, read.secret)) throw await ofClient(core, clientId, 'unknown')
  return {
    connection: row.id,
    row,
    credential,
    until: credential.expires ?? Number.POSITIVE_INFINITY,
    rehashed: rehash(credential.hash, keys.newest, () => keys.digest(bound, read.secret)),
  }
}

/**
 * A secret that is not good: the connection that the client names notes why, for the person who sets it up. The client
 * is not told.
 */
async function ofClient(core: Core, clientId: string, reason: RefusalReason): Promise<OAuthError> {
  const row = await core.rows.find(connectionKey(clientId))
  if (row !== undefined) await noteFailure(core, row, reason)
  return invalidClient(reason)
}

async function byAssertion(
  { core, verifyAssertion }: Endpoint,
  clientId: string,
  assertion: string,
): Promise<KnownCredential> {
  const row = await core.rows.find(connectionKey(clientId))
  const federated = row?.credentials.filter(({ kind }) => kind === 'assertion').reverse() ?? []
  const [newest, ...older] = federated
  if (row === undefined || newest === undefined) throw invalidClient('unknown')
  const now = core.now()
  let refusal: unknown
  // The newest first; those of before a rotation until they have ended.
  for (const credential of [newest, ...older.filter((each) => isUsable(row, each, now))]) {
    try {
      await verifyAssertion(row, credential, assertion)
      return { connection: row.id, row, credential, until: Number.POSITIVE_INFINITY }
    } catch (error) {
      // That keys are not to be had now says nothing against the assertion.
      if (refusal === undefined || !isRefusal(error)) refusal = error
    }
  }
  if (isRefusal(refusal) && refusal.reason) await noteFailure(core, row, refusal.reason)
  throw refusal
}

function isRefusal(error: unknown): error is OAuthError {
  return error instanceof OAuthError && error.reason !== undefined
}

async function refusal(
  { core }: Endpoint,
  request: IncomingMessage,
  signal: AbortSignal,
  thrown: unknown,
): Promise<Answer> {
  // The answer has been sent, and its error reported.
  if (signal.aborted) return answerOf(new OAuthError('temporarily_unavailable'))
  const error = thrown instanceof OAuthError ? thrown : serverFault(core, thrown)
  if (error.code !== 'invalid_client') return answerOf(error)
  const limited = await tooManyFailures(core, request)
  if (limited !== undefined) {
    const body = { error: 'temporarily_unavailable' }
    return { status: 429, body, headers: { 'Retry-After': String(limited) } }
  }
  // RFC 6749 section 5.2: with the header, the server "MUST respond with … 401 … and include the "WWW-Authenticate"
  // response header".
  if (request.headers.authorization === undefined) return answerOf(error)
  return { ...answerOf(error), headers: { 'WWW-Authenticate': 'Basic realm="SCIM"' } }
}

function answerOf({ code, description, status }: OAuthError): Answer {
  return {
    status,
    body: { error: code, ...(description !== undefined && { error_description: description }) },
    headers: status === 503 ? { 'Retry-After': '5' } : {},
  }
}

/** A store that fails is 503: the credentials may be good. */
function serverFault({ listeners }: Core, error: unknown): OAuthError {
  listeners.fail(error)
  return new OAuthError(SetupError.is(error) ? 'server_error' : 'temporarily_unavailable')
}

function send(response: ServerResponse, { status, body, headers }: Answer): void {
  // RFC 6749 section 5.1: "Cache-Control" with "no-store" and "Pragma" with "no-cache".
  const always = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', Pragma: 'no-cache' }
  response.writeHead(status, { ...always, ...headers })
  response.end(JSON.stringify(body))
}
