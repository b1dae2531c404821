import { randomBytes } from 'node:crypto'

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** Random characters out of letters and digits, each as likely as the other. */
export function randomText(length: number, digits: string = DIGITS): string {
  // Bytes beyond the last whole round would make the first digits likelier.
  const bound = 256 - (256 % digits.length)
  let text = ''
  while (text.length < length) {
    for (const byte of randomBytes(length)) {
      if (byte < bound && text.length < length) text += digits[byte % digits.length]
    }
  }
  return text
}

/** A number in base 62, with leading zeros. */
export function numberText(value: number | bigint, length: number): string {
  let rest = BigInt(value)
  let text = ''
  while (text.length < length) {
    text = DIGITS[Number(rest % 62n)] + text
    rest /= 62n
  }
  return text
}

/** The number that {@link numberText} wrote, for numbers below 2^53. */
export function readNumber(text: string): number {
  let value = 0
  for (const digit of text) value = value * 62 + DIGITS.indexOf(digit)
  return value
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
  return value >>> 0
})

/** CRC-32 of a text of ASCII characters, as ISO 3309 has it. Not every version of Node 20 has a function for it. */
export function crc32(text: string): number {
  let value = 0xffffffff
  for (let index = 0; index < text.length; index += 1) {
    value = (value >>> 8) ^ (CRC_TABLE[(value ^ text.charCodeAt(index)) & 0xff] as number)
  }
  return (value ^ 0xffffffff) >>> 0
}
