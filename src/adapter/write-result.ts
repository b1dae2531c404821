import type { Stored, WriteResult } from './contract.js'

/** The result of a `create` or `replace`, in its long form. No result has an id, and every resource has one. */
export function asWriteResult(given: Stored | WriteResult): WriteResult {
  const isLong = typeof given === 'object' && given !== null && given.id === undefined && 'resource' in given
  return isLong ? (given as WriteResult) : { resource: given as Stored }
}
