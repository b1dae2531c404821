// SQLite takes 32,766 values in a statement.
const CHUNK = 500

/** The values in pieces that one statement takes. */
export function* chunks<T>(values: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < values.length; start += CHUNK) yield values.slice(start, start + CHUNK)
}
