import { headerOf, type ScimRequest } from '../request/request.js'

const SHORTEST = 3
const LONGEST_SHOWN = 500
const HIDDEN = '[hidden]'

/** Texts that no recording may show, wherever they stand in it: credentials, and values that are never returned. */
export class Secrets {
  readonly #texts = new Set<string>()

  constructor(request: ScimRequest) {
    const credentials = headerOf(request, 'authorization')?.trim().split(/\s+/).at(-1) ?? ''
    this.add(credentials)
    // RFC 7617: user id and password of the scheme Basic, in Base64.
    const decoded = Buffer.from(credentials, 'base64').toString()
    this.add(decoded.slice(decoded.indexOf(':') + 1))
  }

  add(text: string): void {
    if (text.length >= SHORTEST) this.#texts.add(text)
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
    let clean = text
    // The longest first: otherwise the rest of a secret that begins with another secret would be left.
    const longestFirst = [...this.#texts].sort((a, b) => b.length - a.length)
    for (const secret of longestFirst) clean = clean.replaceAll(secret, HIDDEN)
    return clean.length > LONGEST_SHOWN ? `${clean.slice(0, LONGEST_SHOWN)}… [text, ${text.length}]` : clean
  }
}
