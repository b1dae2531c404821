import { randomFillSync } from 'node:crypto'

/** So many are made at once. */
const BATCH = 128
const BYTES = 16
const CHARACTERS = 36
const HYPHEN = 0x2d
const DIGITS = Buffer.from('0123456789abcdef', 'latin1')

/**
 * Names of requests: random UUIDs (RFC 9562 section 5.4). Those of `randomUUID` take twice as long, and each is a tree
 * of its pieces, which takes eight times the memory as long as a log holds it.
 */
export class RequestIds {
  readonly #random = Buffer.alloc(BATCH * BYTES)
  readonly #texts = Buffer.alloc(BATCH * CHARACTERS)
  #next = BATCH

  next(): string {
    if (this.#next === BATCH) this.#fill()
    const begin = this.#next * CHARACTERS
    this.#next += 1
    return this.#texts.toString('latin1', begin, begin + CHARACTERS)
  }

  #fill(): void {
    randomFillSync(this.#random)
    let at = 0
    for (let index = 0; index < this.#random.length; index += 1) {
      const place = index % BYTES
      if (place === 4 || place === 6 || place === 8 || place === 10) {
        this.#texts[at] = HYPHEN
        at += 1
      }
      const byte = withVersion(place, this.#random[index] as number)
      this.#texts[at] = DIGITS[byte >> 4] as number
      this.#texts[at + 1] = DIGITS[byte & 0x0f] as number
      at += 2
    }
    this.#next = 0
  }
}

/** Version 4 and the variant of RFC 9562. */
function withVersion(place: number, byte: number): number {
  if (place === 6) return (byte & 0x0f) | 0x40
  return place === 8 ? (byte & 0x3f) | 0x80 : byte
}
