import type { Answer } from './answer.js'

/** Why a call did not succeed: the server refused, gave no answer, or gave one that no SCIM server should. */
export type ScimClientErrorCode = 'refused' | 'network' | 'timeout' | 'answer' | 'setup'

/**
 * What every method of {@link ScimClient} but `send` throws when a call does not succeed.
 *
 * - `refused`: the server answered with an error; `status`, `scimType` and `detail` are those of its answer.
 * - `network`: no answer came; `cause` says why.
 * - `timeout`: no answer came in time.
 * - `answer`: the answer is not what RFC 7644 says it must be.
 * - `setup`: the client was told something impossible.
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
  /** HTTP status of the answer, where there was one. */
  readonly status: number | undefined
  /** RFC 7644 table 9. */
  readonly scimType: string | undefined
  /** What the server says about the error. */
  readonly detail: string | undefined
  /** The whole answer, where there was one. */
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
    const { scimType, detail } = (answer?.body ?? {}) as { scimType?: unknown; detail?: unknown }
    this.scimType = typeof scimType === 'string' ? scimType : undefined
    this.detail = typeof detail === 'string' ? detail : undefined
  }

  /** The error for an answer whose status tells that the server refused. */
  static refused(request: string, answer: Answer): ScimClientError {
    const { scimType, detail } = new ScimClientError('refused', '', { answer })
    const words = [`${request} was answered with ${answer.status}`, scimType && ` ${scimType}`, detail && `: ${detail}`]
    return new ScimClientError('refused', words.filter(Boolean).join(''), { answer })
  }
}
