import { propertiesOf } from './is-object.js'

/** Where an installed package has its documentation. Messages at start lead there, without a network. */
const DOCS = 'node_modules/express-scim/docs'

/** The place of a section in the documentation: `adapters.md#page`. */
export function docsAt(section: string): string {
  return `${DOCS}/${section}`
}

/** The stable codes of mistakes in the set-up, each with a section in docs/errors.md. */
export type SetupCode =
  | 'ERR_SCIM_ADAPTER'
  | 'ERR_SCIM_AUTHENTICATE'
  | 'ERR_SCIM_BASE_URL'
  | 'ERR_SCIM_BODY'
  | 'ERR_SCIM_COMPATIBILITY'
  | 'ERR_SCIM_CURSOR'
  | 'ERR_SCIM_LIMIT'
  | 'ERR_SCIM_MOUNT'
  | 'ERR_SCIM_OPTION'
  | 'ERR_SCIM_PARAMS'
  | 'ERR_SCIM_RESOURCE_TYPE'
  | 'ERR_SCIM_SCHEMA'
  | 'ERR_SCIM_SECRET'
  | 'ERR_SCIM_TENANT'
  | 'ERR_SCIM_TOKEN'
  | 'ERR_SCIM_UNIQUENESS'

/**
 * A mistake in the set-up. It is thrown when the router, a schema or an adapter is made. A mistake that shows
 * only in a request is answered with 500 and the code, and reported to `on.error`.
 */
export class SetupError extends Error {
  override readonly name = 'SetupError'
  /** Stable code; docs/errors.md has a section for each. */
  readonly code: SetupCode

  constructor(code: SetupCode, sentence: string, section = `errors.md#${code.toLowerCase()}`) {
    super(`${sentence} (${code}, see ${docsAt(section)})`)
    this.code = code
  }

  /** Whether a thrown value is a SetupError, of whichever copy of this package. */
  static is(value: unknown): value is SetupError {
    try {
      const { name, code } = propertiesOf(value)
      return name === 'SetupError' && typeof code === 'string' && code.startsWith('ERR_SCIM_')
    } catch {
      // It throws when it is looked at.
      return false
    }
  }
}
