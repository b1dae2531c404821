import { type Authenticate, type RefusalReason, ScimError } from '../../index.js'
import type { Core } from '../core/core.js'
import { addressKey } from '../options/rates.js'
import type { CredentialRecord, Row } from '../store/record.js'
import { noteFailure } from './use.js'

/**
 * The answer to a request whose credentials are not good: 401, or 429 if its address has failed too often. The report
 * gets to know the reason and, if it is sure, the owner; the client learns neither.
 *
 * @param row The connection that the credentials or the URL belong to.
 */
export async function refusalOf(
  core: Core,
  { request, token }: Pick<Parameters<Authenticate>[0], 'request'> & { readonly token?: string | undefined },
  reason: RefusalReason,
  row: Row | undefined,
  credential?: CredentialRecord,
): Promise<ScimError> {
  const whose = row && { tenant: row.tenant, subject: row.id }
  const limited = await tooManyFailures(core, request)
  if (limited !== undefined) {
    const headers = { 'Retry-After': String(limited) }
    return new ScimError(429, 'Too many requests with credentials that are not accepted; try again later.', {
      headers,
      refusal: { reason: 'rate', ...whose },
    })
  }
  if (row) await noteFailure(core, row, reason, credential)
  const ending = reason === 'malformed' || reason === 'mistyped' ? endingOf(token) : undefined
  return ScimError.unauthorized({ reason, ...whose, ...(ending !== undefined && { ending }) })
}

/** Below this length four characters would be too much of a token. Ours have 66 and a prefix. */
const ENOUGH = 40

/** The end of a token of ours that was cut or changed: four characters leave at least 200 bits of its secret untold. */
function endingOf(token: string | undefined): string | undefined {
  if (token === undefined || token.length < ENOUGH) return undefined
  const ending = token.slice(-4)
  return /^[0-9A-Za-z]{4}$/.test(ending) ? ending : undefined
}

/**
 * Counts a failure for the address of a request; the seconds to wait if there were too many. A limiter that fails
 * leaves the refusal as it is.
 */
export async function tooManyFailures(
  { listeners, failures, settings }: Core,
  request: unknown,
): Promise<number | undefined> {
  const address = settings.address(request)
  if (failures === undefined || address === undefined) return undefined
  try {
    const { ok, retryAfter = 1 } = await failures.take(addressKey(address))
    return ok ? undefined : retryAfter
  } catch (error) {
    listeners.fail(error)
    return undefined
  }
}
