import { isAscii } from '../schema/values/compare.js'
import { normalFormC, normalFormD } from '../schema/values/unicode-form.js'

/** How a database stores the texts of an attribute. If both are false, it stores comparison keys. */
export interface StoredText {
  /** It stores the values as the client sent them. */
  readonly asSent?: boolean | undefined
  /** It stores the values as the client sent them, converted to lower case by the database. */
  readonly folded?: boolean | undefined
}

/**
 * Whether a database can store a text: PostgreSQL has no U+0000, and UTF-8 has no single half of a surrogate pair
 * (decision A-127).
 */
export function isStorable(text: string): boolean {
  return !UNSTORABLE.test(text)
}

const UNSTORABLE = /\u0000|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/

/**
 * The texts that a column may hold in place of the comparison key if it stores values as sent: the literal as sent, and
 * both of its normal forms. A database converts to lower case by its locale (for a Turkish I the result differs from
 * the key) and mostly ignores normal forms. The same text must still find the value that the database has stored.
 */
export function otherForms({ folded, asSent }: StoredText, key: string, sent: string): readonly string[] {
  if (!folded && !asSent) return []
  if (isAscii(sent)) return sent === key || (sent.toLowerCase() === key && !sent.includes('I')) ? [] : [sent]
  const forms = new Set([sent, normalFormC(sent), normalFormD(sent)])
  if (!folded) forms.delete(key)
  return [...forms].filter(isStorable)
}
