import { propertiesOf } from '../is-object.js'
import type { Answer } from './answer.js'

/** Why a call failed: the server refused it, gave no answer, or an answer that breaks RFC 7644. */
export type ScimClientErrorCode = 'refused' | 'network' | 'timeout' | 'answer' | 'setup'

/**
 * Thrown by every method of {@link ScimClient} except `send` if a call fails.
 *
 * - `refused`: the server answered with an error; `status`, `scimType` and `detail` are those of its answer.
 * - `network`: there was no answer; `cause` says why.
 * - `timeout`: there was no answer in time.
 * - `answer`: the answer breaks RFC 7644.
 * - `setup`: the base URL, a path or an option of the client is invalid.
 *
 * @example
 * ```ts
 * import { ScimClient, ScimClientError } from 'express-scim/client'
 *
 * const scim = new ScimClient('https://app.example/scim/v2')
 * const created = await scim.users.create({ userName: 'babs' }).catch((error: unknown) => {
 *   if (error instanceof ScimClientError && error.scimType === 'uniqueness') return scim.users.first('userName eq "babs"')
 *   throw error
 * })
 * ```
 */
export class ScimClientError extends Error {
  override readonly name = 'ScimClientError'
  /** The kind of failure, for a `switch`. */
  readonly code: ScimClientErrorCode
  /** The HTTP status, if there was an answer. */
  readonly status: number | undefined
  /** The error type of RFC 7644 table 9. */
  readonly scimType: string | undefined
  /** The server's description of the error. */
  readonly detail: string | undefined
  /** The whole answer, if there was one. */
  readonly answer: Answer | undefined

  constructor(
    code: ScimClientErrorCode,
    message: string,
    { answer, cause }: { answer?: Answer; cause?: unknown } = {},
  ) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.answer = answer
    this.status = answer?.status
    const { scimType, detail } = propertiesOf(answer?.body)
    this.scimType = typeof scimType === 'string' ? scimType : undefined
    this.detail = typeof detail === 'string' ? detail : undefined
  }

  /** The error for an answer with a status of 400 or more. */
  static refused(request: string, answer: Answer): ScimClientError {
    const { scimType, detail } = new ScimClientError('refused', '', { answer })
    const words = [`${request} was answered with ${answer.status}`, scimType && ` ${scimType}`, detail && `: ${detail}`]
    return new ScimClientError('refused', words.filter(Boolean).join(''), { answer })
  }
}
