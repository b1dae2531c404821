import { crc32, numberText, randomText } from './base62.js'

/** The kinds of our tokens. Each has a prefix of its own, so that no kind is taken for another. */
export type TokenKind = 'token' | 'access' | 'secret' | 'invitation'

const MARKS: Readonly<Record<TokenKind, string>> = { token: '', access: 'at', secret: 'cs', invitation: 'in' }
const KINDS = Object.keys(MARKS) as readonly TokenKind[]

const ID_LENGTH = 16
const SECRET_LENGTH = 43
const CRC_LENGTH = 6
/** The seconds of the expiry, a nonce and a digest, see `access-token.ts`. */
export const ACCESS_LENGTH = 7 + 16 + 43

/** A text of ours, taken apart. */
export interface ReadToken {
  readonly kind: TokenKind
  /** The id of the credential or invitation. */
  readonly id: string
  readonly secret: string
}

/** Makes the id of a credential or an invitation. */
export function newCredentialId(): string {
  return randomText(ID_LENGTH)
}

/**
 * Makes the id of a connection. It stands in URLs, so it has small letters and digits alone; endpoints begin with a
 * letter.
 */
export function newConnectionId(): string {
  return randomText(1, '23456789') + randomText(15, '0123456789abcdefghijklmnopqrstuvwxyz')
}

/** Whether a segment of a path can be the id of a connection. */
export function isConnectionId(text: string): boolean {
  return /^[2-9][0-9a-z]{15}$/.test(text)
}

/** A secret of 256 bits. */
export function newSecret(): string {
  return randomText(SECRET_LENGTH)
}

/** Writes a token: `<prefix>_<id>_<secret><CRC-32 of all before it>`. */
export function tokenText(prefix: string, kind: TokenKind, id: string, secret: string): string {
  const text = `${prefix}${MARKS[kind]}_${id}_${secret}`
  return text + numberText(crc32(text), CRC_LENGTH)
}

/**
 * Takes a token apart. `'foreign'`: it does not begin as ours do. `'malformed'`: it does, and is cut or has been
 * changed in length, is in quotes, or in capitals. `'mistyped'`: its check characters do not fit.
 */
export function readToken(prefix: string, text: string): ReadToken | 'foreign' | 'malformed' | 'mistyped' {
  const kind = KINDS.find((each) => text.startsWith(`${prefix}${MARKS[each]}_`))
  if (kind === undefined) return isDisguised(prefix, text) ? 'malformed' : 'foreign'
  const head = prefix.length + MARKS[kind].length + 1
  const id = text.slice(head, head + ID_LENGTH)
  const secret = text.slice(head + ID_LENGTH + 1, -CRC_LENGTH)
  const length = kind === 'access' ? ACCESS_LENGTH : SECRET_LENGTH
  const isWhole = /^[0-9A-Za-z_]+$/.test(text) && text[head + ID_LENGTH] === '_' && secret.length === length
  if (!isWhole || /_/.test(id + secret)) return 'malformed'
  const body = text.slice(0, -CRC_LENGTH)
  return text.endsWith(numberText(crc32(body), CRC_LENGTH)) ? { kind, id, secret } : 'mistyped'
}

/**
 * Whether a text is one of ours in quotes or brackets, or in other letters. It is a secret, and no other function may
 * get it.
 */
function isDisguised(prefix: string, text: string): boolean {
  const bare = withoutRim(text)
  return KINDS.some((kind) => {
    const begin = `${prefix}${MARKS[kind]}_`
    const length = ID_LENGTH + 1 + CRC_LENGTH + (kind === 'access' ? ACCESS_LENGTH : SECRET_LENGTH)
    return bare.toLowerCase().startsWith(begin) && bare.length === begin.length + length
  })
}

const LETTER_OR_DIGIT = /[0-9A-Za-z]/

/** A text, cut to its first and last letter or digit. Each end is read once. */
function withoutRim(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && !LETTER_OR_DIGIT.test(text.charAt(start))) start += 1
  while (end > start && !LETTER_OR_DIGIT.test(text.charAt(end - 1))) end -= 1
  return text.slice(start, end)
}

/** Finds every text of ours: for secret scanners. */
export function tokenPattern(prefix: string): RegExp {
  const marks = KINDS.map((kind) => MARKS[kind]).join('|')
  const lengths = `(?:[0-9A-Za-z]{${SECRET_LENGTH + CRC_LENGTH}}|[0-9A-Za-z]{${ACCESS_LENGTH + CRC_LENGTH}})`
  return new RegExp(`\\b${prefix}(?:${marks})_[0-9A-Za-z]{${ID_LENGTH}}_${lengths}\\b`)
}
