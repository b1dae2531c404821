import { ScimError } from '../../error.js'
import { CallbackFailure } from './violation.js'

/** The ScimError that a callback threw; undefined if it succeeded. */
export async function refusalOf(work: Promise<unknown>): Promise<ScimError | undefined> {
  try {
    await work
    return undefined
  } catch (error) {
    if (error instanceof CallbackFailure && ScimError.is(error.thrown)) return error.thrown
    throw error
  }
}

/** Whether a callback reported that a value is in use. */
export async function isRefusedAsTaken(work: Promise<unknown>): Promise<boolean> {
  return (await refusalOf(work))?.scimType === 'uniqueness'
}
