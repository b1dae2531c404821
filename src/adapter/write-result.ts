import type { Stored, WriteResult } from './contract.js'

/** The long form of the result of a `create` or `replace`. A result has no id, while every resource has one. */
export function asWriteResult(given: Stored | WriteResult): WriteResult {
  return isLong(given) ? given : { resource: given }
}

function isLong(given: Stored | WriteResult): given is WriteResult {
  return typeof given === 'object' && given !== null && given.id === undefined && 'resource' in given
}
