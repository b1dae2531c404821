import { headerOf, type ScimRequest } from '../request/request.js'

const SHORTEST = 3
const LONGEST_SHOWN = 500
const HIDDEN = '[hidden]'
/** A message in a recording has at most twenty operations, each with a password. */
const MOST = 50
/** Of a longer secret its beginning is looked for, and all behind that is hidden. */
const LONGEST = 500

/** Texts that no recording may show, wherever they stand in it: credentials, and values that are never returned. */
export class Secrets {
  readonly #texts = new Set<string>()
  /** The longest first: otherwise the rest of a secret that begins with another secret would be left. */
  #ordered: readonly string[] | undefined

  constructor(request: ScimRequest) {
    const credentials = headerOf(request, 'authorization')?.trim().split(/\s+/).at(-1) ?? ''
    this.add(credentials)
    // RFC 7617: user id and password of the scheme Basic, in Base64.
    const decoded = Buffer.from(credentials, 'base64').toString()
    this.add(decoded.slice(decoded.indexOf(':') + 1))
  }

  /** Whether there are so many that they are not looked for: the bodies must not be shown then. */
  get areTooMany(): boolean {
    return this.#texts.size > MOST
  }

  add(text: string): void {
    if (text.length < SHORTEST || this.areTooMany) return
    this.#texts.add(text)
    this.#ordered = undefined
  }

  /**
   * A value as it may leave: secrets hidden, and long texts cut behind that, so that no part of one is left at the cut.
   */
  clean(value: unknown): unknown {
    if (typeof value === 'string') return this.#cleanText(value)
    if (Array.isArray(value)) return value.map((each) => this.clean(each))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, this.clean(each)]))
  }

  #cleanText(text: string): string {
    // The text far behind the cut is not looked at: it may be a megabyte.
    const isLong = text.length > LONGEST_SHOWN + LONGEST
    let clean = isLong ? text.slice(0, LONGEST_SHOWN + LONGEST) : text
    this.#ordered ??= [...this.#texts].sort((a, b) => b.length - a.length)
    for (const secret of this.#ordered) clean = hide(clean, secret)
    // A secret may begin in the last characters and go on behind them.
    const whole = isLong ? Math.max(0, clean.length - LONGEST) : clean.length
    if (!isLong && whole <= LONGEST_SHOWN) return clean
    return `${clean.slice(0, Math.min(whole, LONGEST_SHOWN))}… [text, ${text.length}]`
  }
}

function hide(text: string, secret: string): string {
  if (secret.length <= LONGEST) return text.replaceAll(secret, HIDDEN)
  const start = text.indexOf(secret.slice(0, LONGEST))
  return start < 0 ? text : `${text.slice(0, start)}${HIDDEN}`
}
