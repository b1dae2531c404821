import { isAscii } from '../schema/compare.js'
import { normalFormC, normalFormD } from '../schema/normal-form.js'

/** How a database holds the texts of an attribute; neither: as comparison keys. */
export interface StoredText {
  /** It holds values as they came. */
  readonly asSent?: boolean | undefined
  /** It holds values as they came, in small letters that the database has made. */
  readonly folded?: boolean | undefined
}

/** Whether a database can hold a text: PostgreSQL has no U+0000, and UTF-8 no half of a surrogate pair. */
export function isStorable(text: string): boolean {
  return !UNSTORABLE.test(text)
}

const UNSTORABLE = /\u0000|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/

/**
 * What a column may hold instead of the key, when it holds values as they came: the literal as it was sent, and both normal
 * forms of it. A database makes small letters by its locale, of a Turkish I others than the key has, and mostly without
 * regard to normal forms. What it has stored has to be found by the same text all the same.
 */
export function otherForms({ folded, asSent }: StoredText, key: string, sent: string): readonly string[] {
  if (!folded && !asSent) return []
  if (isAscii(sent)) return sent === key || (sent.toLowerCase() === key && !sent.includes('I')) ? [] : [sent]
  const forms = new Set([sent, normalFormC(sent), normalFormD(sent)])
  if (!folded) forms.delete(key)
  return [...forms].filter(isStorable)
}
