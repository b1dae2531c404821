import type { Stored, WriteResult } from './contract.js'

/** The long form of the result of a `create` or `replace`. A result has no id, while every resource has one. */
export function asWriteResult(given: Stored | WriteResult): WriteResult {
  const isLong = typeof given === 'object' && given !== null && given.id === undefined && 'resource' in given
  return isLong ? (given as WriteResult) : { resource: given as Stored }
}
