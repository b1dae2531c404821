import { type Answer, ScimClient, ScimClientError, type ScimClientOptions } from '../../client/index.js'
import { Random } from './random.js'

/** The faults that can be simulated. */
export const FAULT_NAMES = ['lost', 'duplicate', 'forget'] as const

export type Fault = (typeof FAULT_NAMES)[number]

export const FAULTS: Readonly<Record<Fault, string>> = {
  lost: 'The answer to one write in twenty is lost, and the request is sent again.',
  duplicate: 'One write in twenty is sent twice.',
  forget: 'The provider forgets all ids at every full synchronisation, and searches for people by name.',
}

const SHARE = 0.05

/** Sends the requests of the provider, counts them, and simulates the chosen faults. */
export class Wire {
  /** How often each status was received. */
  readonly statuses = new Map<number, number>()
  readonly refused: string[] = []
  requests = 0
  waits = 0
  readonly client: ScimClient
  readonly #faults: ReadonlySet<Fault>
  readonly #random: Random
  readonly #headers: Readonly<Record<string, string>>

  constructor(
    url: string,
    options: ScimClientOptions,
    headers: Readonly<Record<string, string>>,
    faults: ReadonlySet<Fault>,
    seed: number,
  ) {
    this.client = new ScimClient(url, {
      ...options,
      retry: { attempts: 10 },
      onExchange: ({ answer, attempt }) => {
        this.requests += 1
        if (attempt > 1) this.waits += 1
        const status = answer?.status ?? 0
        this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1)
      },
    })
    this.#headers = headers
    this.#faults = faults
    this.#random = new Random(seed ^ 0x5c1e)
  }

  /** Sends a request. A simulated fault may send a write again. */
  async send(method: string, path: string, body?: unknown): Promise<Answer> {
    const request = { headers: this.#headers, ...(body !== undefined && { body }) }
    // Names of groups need not be unique: a creation that is sent twice makes two groups.
    const repeatable = method !== 'GET' && !(method === 'POST' && path === '/Groups')
    if (repeatable && (this.#strikes('lost') || this.#strikes('duplicate'))) {
      await this.client.send(method, path, request).catch(() => undefined)
    }
    return this.client.send(method, path, request).catch(async (error: unknown) => {
      // No provider gives up because one answer was lost.
      if (!(error instanceof ScimClientError) || error.code === 'setup') throw error
      return this.client.send(method, path, request)
    })
  }

  /** Records an answer with which the provider cannot go on. */
  refuse(what: string, { status, text }: Answer): void {
    this.refused.push(`${what} is answered with ${status}: ${text.slice(0, 200)}`)
  }

  #strikes(fault: Fault): boolean {
    return this.#faults.has(fault) && this.#random.chance(SHARE)
  }
}
