import { codeOf, UNIQUE_VIOLATION, violatedConstraint } from '../../database/failure.js'
import { ScimError } from '../../error.js'
import type { Attribute } from '../../schema/model/attribute.js'
import type { StoredType } from './stored-type.js'

/** PostgreSQL cannot hold U+0000 in a text, and no index holds a key of more than some 2,700 bytes. */
const UNSTORABLE: ReadonlySet<string> = new Set(['22P05', '22021', '22P02'])
const TOO_LONG = '54000'

/**
 * The error for a client if the database refuses a value; undefined for all other errors.
 *
 * @param attribute The attribute that was written, where it is known.
 */
export function refusal(error: unknown, type: StoredType, attribute?: Attribute): ScimError | undefined {
  const code = codeOf(error)
  if (code === UNIQUE_VIOLATION) {
    const inColumn = /resource_unique_key$/.test(violatedConstraint(error) ?? '')
      ? type.columns.unique_key?.attribute
      : undefined
    return ScimError.uniqueness((attribute ?? inColumn)?.path)
  }
  if (UNSTORABLE.has(code ?? '')) return ScimError.invalidValue('A value has a character that cannot be stored.')
  if (code === TOO_LONG) return ScimError.invalidValue('A value that has to be looked up is too long.')
  return undefined
}
