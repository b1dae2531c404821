/** An instant: milliseconds since 1970, or a text that sorts among such texts when there are finer fractions. */
export type Instant = number | string

// 1e15 ms are 31,688 years: a time nearer to 1970 stays an exact integer when this is added.
const RANGE = 1e15
const DATE_TIME = /^(-?\d{4,5})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)?$/
const LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/**
 * The instant of an xsd:dateTime, or undefined if it is none. Without a zone it is read as UTC.
 *
 * RFC 7643 section 2.3.5: "The attribute value MUST be encoded as a valid xsd:dateTime [...] and MUST include both a
 * date and a time." Offsets are followed, and fractions of any number of digits are kept exactly.
 */
export function readInstant(text: string): Instant | undefined {
  const match = DATE_TIME.exec(text)
  if (!match) return undefined
  const year = Number(match[1])
  const month = Number(match[2])
  const day = Number(match[3])
  const hour = Number(match[4])
  const minute = Number(match[5])
  const second = Number(match[6])
  const fraction = match[7] ?? ''
  if (month < 1 || month > 12 || day < 1 || day > lengthOfMonth(year, month)) return undefined
  // xsd:dateTime knows 24:00:00 as the end of a day, and RFC 3339 a leap second.
  if (minute > 59 || second > 60 || hour > 24 || (hour === 24 && (minute > 0 || second > 0 || Number(fraction) > 0))) {
    return undefined
  }
  const offset = readOffset(match[8] ?? 'Z')
  if (offset === undefined) return undefined
  const minutes = (daysFrom1970(year, month, day) * 24 + hour) * 60 + minute - offset
  const whole = (minutes * 60 + second) * 1000 + Number(fraction.slice(0, 3).padEnd(3, '0'))
  const finer = withoutZerosAtEnd(fraction.slice(3))
  return finer === '' ? whole : sortableInstant(whole) + finer
}

// By an expression such as /0+$/ a text of many zeros with a one behind them would take the square of its length.
function withoutZerosAtEnd(digits: string): string {
  let { length } = digits
  while (length > 0 && digits.charCodeAt(length - 1) === 0x30) length -= 1
  return digits.slice(0, length)
}

/** Whole milliseconds as text of a fixed length, so that texts sort like instants and finer digits can follow. */
export function sortableInstant(milliseconds: number): string {
  return String(milliseconds + RANGE).padStart(16, '0')
}

function readOffset(zone: string): number | undefined {
  if (zone === 'Z') return 0
  const hours = Number(zone.slice(1, 3))
  const minutes = Number(zone.slice(4))
  if (minutes > 59 || hours * 60 + minutes > 14 * 60) return undefined
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes)
}

function lengthOfMonth(year: number, month: number): number {
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  return (LENGTHS[month - 1] ?? 0) + (leap ? 1 : 0)
}

/** Days of the Gregorian calendar; Date.UTC would take the years 0 to 99 for 1900 to 1999. */
function daysFrom1970(year: number, month: number, day: number): number {
  // The year is taken to begin in March, so that the leap day is its last.
  const shifted = month > 2 ? year : year - 1
  const era = Math.floor(shifted / 400)
  const yearOfEra = shifted - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  return era * 146097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719468
}
