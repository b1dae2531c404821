import { normalFormC } from './unicode-form.js'

/**
 * Preparation of strings before they are compared. Nothing here is stored or sent: values stay as the client wrote
 * them.
 *
 * RFC 7644 section 5: "Before comparing or evaluating the uniqueness of a "userName" or "password" attribute, service
 * providers MUST use the preparation, enforcement, and comparison of internationalized strings (PRECIS) preparation and
 * comparison rules". The profiles are those of RFC 8265, which replaced RFC 7613 (decision A-16).
 */

/** RFC 8265 section 3.3: width mapping, case mapping, normalization form C. */
export function prepareUsername(text: string): string {
  return foldCase(mapWidths(text))
}

/** RFC 8265 section 4.2: non-ASCII spaces become SPACE, normalization form C. */
export function prepareOpaqueString(text: string): string {
  return normalFormC(text.replace(SPACE_SEPARATOR, ' '))
}

/**
 * Unicode simple case folding and normalization form C: two texts that differ only in letter case become the same.
 * Normalization comes last, because the small form of a letter may compose with a mark that the capital keeps apart.
 */
export function foldCase(text: string): string {
  if (LATIN.test(text)) return text.toLowerCase()
  return normalFormC(text.toLowerCase().replace(SECOND_SMALL_FORM, recase))
}

// Letters before the first combining mark, U+0300, whose small forms are single letters in normalization form C with
// one capital each.
const LATIN = /^[\u0000-\u00b4\u00b6-\u012f\u0131-\u017e\u0180-\u02ff]*$/

const SPACE_SEPARATOR = /\p{Zs}/gu

// Small letters that share a capital with another small letter: long s, final sigma, Greek symbols, old Cyrillic forms.
// Without this a prefix that ends in a capital sigma would not be found in a longer word.
const SECOND_SMALL_FORM =
  /[\u{B5}\u{17F}\u{3C2}\u{3D0}\u{3D1}\u{3D5}\u{3D6}\u{3F0}\u{3F1}\u{3F5}\u{1C80}-\u{1C88}\u{1E9B}\u{1FBE}]|\u{345}/gu

function recase(letter: string): string {
  return letter.toUpperCase().toLowerCase()
}

// The characters whose decomposition in the Unicode Character Database is tagged <wide> or <narrow>.
const WIDE_OR_NARROW = /[\u{3000}\u{FF01}-\u{FFEE}]/u
const IDEOGRAPHIC_SPACE = 0x3000
const FIRST = 0xff01
const LAST = 0xffee

/** A call for each letter of a text of a third of a megabyte would take long: the letters are mapped in place. */
function mapWidths(text: string): string {
  if (!WIDE_OR_NARROW.test(text)) return text
  const units = Buffer.from(text, 'utf16le')
  for (let at = 0; at < units.length; at += 2) {
    const unit = units.readUInt16LE(at)
    if (unit === IDEOGRAPHIC_SPACE) units.writeUInt16LE(0x20, at)
    else if (unit >= FIRST && unit <= LAST) units.writeUInt16LE(WIDTHS[unit - FIRST] as number, at)
  }
  return units.toString('utf16le')
}

// Each of them stands for one other unit, or for itself.
const WIDTHS = Uint16Array.from({ length: LAST - FIRST + 1 }, (_, at) => mapWidth(FIRST + at))

function mapWidth(code: number): number {
  // Half-width Hangul letters and the full-width macron: NFKC also maps the characters that these map to.
  if (code === 0xffe3) return 0xaf
  if (code === 0xffa0) return 0x3164
  if (code >= 0xffa1 && code <= 0xffbe) return 0x3131 + code - 0xffa1
  // The vowels stand in rows of eight, of which six are in use.
  if (code >= 0xffc2 && code <= 0xffdc && (code - 0xffc2) % 8 < 6)
    return 0x314f + code - 0xffc2 - 2 * ((code - 0xffc2) >> 3)
  return String.fromCharCode(code).normalize('NFKC').charCodeAt(0)
}
