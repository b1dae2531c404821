/**
 * A timestamp as an answer can show it. RFC 7643 section 2.3.5: "The attribute value MUST be encoded as a valid
 * xsd:dateTime". That writes years of five digits without a sign, and those before the year 0 with four digits, both
 * unlike JavaScript. A time that cannot be written, such as infinity, is no value.
 */
export function readDate<T>(value: T): T | Date | string | undefined {
  if (typeof value === 'number') return undefined
  if (typeof value === 'string') {
    if (WITHOUT_ZONE.test(value)) return new Date(`${value.replace(' ', 'T')}Z`)
    return UNWRITABLE.test(value) ? undefined : value
  }
  if (!(value instanceof Date)) return value
  // A driver returns an invalid date for a time beyond its range.
  if (Number.isNaN(value.getTime())) return undefined
  const year = value.getUTCFullYear()
  if (year >= 0 && year <= 9999) return value
  if (Math.abs(year) > 99_999) return undefined
  const digits = String(Math.abs(year)).padStart(4, '0')
  // A sign and six digits.
  return (year < 0 ? '-' : '') + digits + value.toISOString().slice(7)
}

// As CURRENT_TIMESTAMP of SQLite has it, in UTC.
const WITHOUT_ZONE = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,9})?$/
// As PostgreSQL writes timestamps into JSON.
const UNWRITABLE = /^-?infinity$|^\d{6}| BC$/
