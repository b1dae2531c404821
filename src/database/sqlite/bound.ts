/** SQLite has no booleans and no times of its own, and drivers convert them differently. */
export function toBound(value: unknown): unknown {
  if (typeof value === 'boolean') return value ? 1 : 0
  if (value === undefined) return null
  return value instanceof Date ? value.toISOString() : value
}
