import { identityProviderOf } from './identity-provider.js'

const LONGEST = 256
const HELD = 100
const UNPRINTABLE = /[^\x20-\x7e]/

/** The facts about a user agent in a report. */
interface UserAgent {
  readonly userAgent: string | undefined
  readonly provider: string | undefined
}

const NONE: UserAgent = Object.freeze({ userAgent: undefined, provider: undefined })

/** User agents as reports show them. A service has few clients, and each sends the same text again and again. */
export class UserAgents {
  readonly #known = new Map<string, UserAgent>()

  of(header: string | undefined): UserAgent {
    if (header === undefined) return NONE
    const known = this.#known.get(header)
    if (known !== undefined) return known
    const userAgent = printable(header).slice(0, LONGEST)
    const agent = { userAgent, provider: identityProviderOf(userAgent) }
    // A client that always sends another one must not fill the memory.
    if (this.#known.size >= HELD) this.#known.clear()
    if (header.length <= LONGEST) this.#known.set(header, agent)
    return agent
  }
}

/** Without control characters: a report may become a line of a log. */
function printable(text: string): string {
  return UNPRINTABLE.test(text) ? text.replace(/[^\x20-\x7e]/g, '?') : text
}
