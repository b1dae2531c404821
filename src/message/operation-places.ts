import type { JsonLimits } from '../json-size.js'

/** Where an operation of a bulk request, and the object or list that is its data, stand in the bytes of the request. */
export interface OperationPlace {
  readonly start: number
  readonly end: number
  /** Whether it has data that is an object or a list. */
  readonly hasData: boolean
  readonly dataStart: number
  readonly dataEnd: number
  /** Whether the data may hold a reference to another operation. */
  readonly mayRefer: boolean
}

/** Where the operations of a bulk request stand in its bytes. */
export interface OperationPlaces {
  /** Where the list of them begins and ends. */
  readonly start: number
  readonly end: number
  /** How many bytes there are. */
  readonly size: number
  readonly operations: readonly OperationPlace[]
}

const TAB = 0x09
const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d
const BLANK = 0x20
const QUOTE = 0x22
const PLUS = 0x2b
const COMMA = 0x2c
const MINUS = 0x2d
const POINT = 0x2e
const ZERO = 0x30
const NINE = 0x39
const COLON = 0x3a
const OPEN_BRACKET = 0x5b
const BACKSLASH = 0x5c
const CLOSE_BRACKET = 0x5d
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const END = -1

const REFERENCE = 'bulkId:'
const OPERATIONS = Buffer.from('Operations')
const DATA = Buffer.from('data')
const TRUE = Buffer.from('true')
const FALSE = Buffer.from('false')
const NULL = Buffer.from('null')

/**
 * Finds the operations of a bulk request, so that each can be parsed when its turn comes. Goes through the bytes once.
 *
 * @param bytes JSON in UTF-8.
 * @returns Undefined unless the bytes are JSON within the limits, and the operations stand in it as nearly all clients send
 *   them: what is wrong or unusual is left to whoever parses all of it.
 */
export function placesOfOperations(bytes: Buffer, limits: JsonLimits): OperationPlaces | undefined {
  try {
    return new Scan(bytes, limits).run()
  } catch (error) {
    if (error instanceof Unusual) return undefined
    throw error
  }
}

class Unusual extends Error {}

class Scan {
  readonly #bytes: Buffer
  readonly #limits: JsonLimits
  #at = 0
  #depth = 0
  #values = 0
  /** Where the last text began, and whether it has an escape. */
  #textStart = 0
  #isEscaped = false
  #reference = -1

  constructor(bytes: Buffer, limits: JsonLimits) {
    this.#bytes = bytes
    this.#limits = limits
  }

  run(): OperationPlaces | undefined {
    let places: OperationPlaces | undefined
    this.#require(OPEN_BRACE)
    for (let isMore = this.#opens(CLOSE_BRACE); isMore; isMore = this.#goesOn(CLOSE_BRACE)) {
      if (this.#isName(OPERATIONS)) {
        if (places) return undefined
        places = this.#operations()
      } else this.#value()
    }
    if (this.#next() !== END || this.#values > this.#limits.values) return undefined
    return places
  }

  #operations(): OperationPlaces {
    const operations: OperationPlace[] = []
    this.#require(OPEN_BRACKET)
    const start = this.#at
    for (let isMore = this.#opens(CLOSE_BRACKET); isMore; isMore = this.#goesOn(CLOSE_BRACKET)) {
      operations.push(this.#operation())
    }
    return { start, end: this.#at, size: this.#bytes.length, operations }
  }

  #operation(): OperationPlace {
    this.#require(OPEN_BRACE)
    const start = this.#at
    let hasData = false
    let dataStart = 0
    let dataEnd = 0
    let mayRefer = false
    for (let isMore = this.#opens(CLOSE_BRACE); isMore; isMore = this.#goesOn(CLOSE_BRACE)) {
      const isData = this.#isName(DATA)
      const code = this.#next()
      const from = this.#at
      this.#isEscaped = false
      this.#value()
      if (!isData) continue
      hasData = code === OPEN_BRACE || code === OPEN_BRACKET
      dataStart = from
      dataEnd = this.#at
      // An escape may hide the letters of a reference.
      mayRefer = this.#isEscaped || this.#referenceFrom(from) < this.#at
    }
    return { start, end: this.#at, hasData, dataStart, dataEnd, mayRefer }
  }

  /** The next reference from a place on; places do not decrease. */
  #referenceFrom(place: number): number {
    if (this.#reference < place) {
      const found = this.#bytes.indexOf(REFERENCE, place, 'latin1')
      this.#reference = found < 0 ? this.#bytes.length : found
    }
    return this.#reference
  }

  #value(): void {
    const code = this.#next()
    if (code === QUOTE) {
      this.#values += 1
      this.#text()
    } else if (code === OPEN_BRACE) this.#object()
    else if (code === OPEN_BRACKET) this.#list()
    else {
      this.#values += 1
      if (code === TRUE[0]) this.#word(TRUE)
      else if (code === FALSE[0]) this.#word(FALSE)
      else if (code === NULL[0]) this.#word(NULL)
      else this.#number()
    }
  }

  #object(): void {
    for (let isMore = this.#opens(CLOSE_BRACE); isMore; isMore = this.#goesOn(CLOSE_BRACE)) {
      this.#name()
      this.#value()
    }
  }

  #list(): void {
    for (let isMore = this.#opens(CLOSE_BRACKET); isMore; isMore = this.#goesOn(CLOSE_BRACKET)) this.#value()
  }

  /** Goes into an object or a list; false if nothing is in it. */
  #opens(close: number): boolean {
    this.#values += 1
    this.#depth += 1
    if (this.#depth > this.#limits.depth) throw new Unusual()
    this.#at += 1
    if (this.#next() !== close) return true
    this.#at += 1
    this.#depth -= 1
    return false
  }

  /** Whether something follows in an object or a list, behind a comma. */
  #goesOn(close: number): boolean {
    const code = this.#next()
    this.#at += 1
    if (code === COMMA) return true
    if (code !== close) throw new Unusual()
    this.#depth -= 1
    return false
  }

  #name(): void {
    if (this.#next() !== QUOTE) throw new Unusual()
    this.#text()
    if (this.#next() !== COLON) throw new Unusual()
    this.#at += 1
  }

  /** Reads a name of the message itself; whether it is this one. */
  #isName(expected: Uint8Array): boolean {
    this.#isEscaped = false
    if (this.#next() !== QUOTE) throw new Unusual()
    this.#text()
    if (this.#isEscaped) throw new Unusual()
    const is = this.#at - this.#textStart - 2 === expected.length && this.#has(expected, this.#textStart + 1)
    if (this.#next() !== COLON) throw new Unusual()
    this.#at += 1
    return is
  }

  #text(): void {
    const bytes = this.#bytes
    let at = this.#at
    this.#textStart = at
    for (;;) {
      at += 1
      const code = bytes[at] as number
      if (code > BACKSLASH) continue
      if (code === QUOTE) break
      if (code === BACKSLASH) at = this.#escape(at + 1)
      // The end of the bytes is no number.
      else if (!(code >= BLANK)) throw new Unusual()
    }
    this.#at = at + 1
  }

  /** @returns The last place of the escape. */
  #escape(at: number): number {
    this.#isEscaped = true
    const letter = String.fromCharCode(this.#bytes[at] as number)
    if ('"\\/bfnrt'.includes(letter)) return at
    if (letter !== 'u') throw new Unusual()
    for (let place = at + 1; place <= at + 4; place += 1) if (!isHex(this.#bytes[place] as number)) throw new Unusual()
    return at + 4
  }

  #word(word: Uint8Array): void {
    if (!this.#has(word, this.#at)) throw new Unusual()
    this.#at += word.length
  }

  #number(): void {
    if (this.#bytes[this.#at] === MINUS) this.#at += 1
    if (this.#bytes[this.#at] === ZERO) this.#at += 1
    else this.#digits()
    if (this.#bytes[this.#at] === POINT) {
      this.#at += 1
      this.#digits()
    }
    // E and e
    if (((this.#bytes[this.#at] as number) | BLANK) !== 0x65) return
    this.#at += 1
    const sign = this.#bytes[this.#at]
    if (sign === PLUS || sign === MINUS) this.#at += 1
    this.#digits()
  }

  #digits(): void {
    const from = this.#at
    while (isDigit(this.#bytes[this.#at] as number)) this.#at += 1
    if (this.#at === from) throw new Unusual()
  }

  #has(word: Uint8Array, at: number): boolean {
    for (let index = 0; index < word.length; index += 1) if (this.#bytes[at + index] !== word[index]) return false
    return true
  }

  #require(code: number): void {
    if (this.#next() !== code) throw new Unusual()
  }

  /** The next byte that is no blank. */
  #next(): number {
    const bytes = this.#bytes
    let code = bytes[this.#at] ?? END
    while (code === BLANK || code === LINE_FEED || code === CARRIAGE_RETURN || code === TAB) {
      this.#at += 1
      code = bytes[this.#at] ?? END
    }
    return code
  }
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE
}

function isHex(code: number): boolean {
  const letter = code | BLANK
  return isDigit(code) || (letter >= 0x61 && letter <= 0x66)
}
