import type { JsonLimits } from '../json-size.js'
import { referencesIn } from './bulk-reference.js'
import { type OperationPlace, type OperationPlaces, placesOfOperations } from './operation-places.js'

/** The data of one operation of a bulk request. */
export interface BulkData {
  /** Whether it is an object or a list. */
  readonly isObject: boolean
  /** The bulkIds that it refers to. */
  readonly references: () => ReadonlySet<string>
  /** The parsed data. Each call may make it anew. */
  readonly read: () => unknown
}

/** Data that was parsed with the whole request. */
export class ParsedData implements BulkData {
  readonly isObject: boolean
  readonly #value: unknown

  constructor(value: unknown) {
    this.#value = value
    this.isObject = typeof value === 'object' && value !== null
  }

  references(): ReadonlySet<string> {
    return referencesIn(this.#value)
  }

  read(): unknown {
    return this.#value
  }
}

/** Data that is parsed when it is read. */
export class TextData implements BulkData {
  readonly isObject = true
  readonly #text: BulkText
  readonly #index: number

  constructor(text: BulkText, index: number) {
    this.#text = text
    this.#index = index
  }

  references(): ReadonlySet<string> {
    return this.#text.referencesOf(this.#index)
  }

  read(): unknown {
    return this.#text.read(this.#index)
  }
}

const NONE: ReadonlySet<string> = new Set()

// Data that is parsed in one go: V8 parses objects of one shape faster when they stand in one list, and so few are garbage
// before the first collection that would copy them.
const MOST = 16
const MOST_BYTES = 32_768

/**
 * A bulk request whose data is parsed when its operation is carried out. A thousand users are tens of thousands of objects:
 * parsed all at once they outlive several garbage collections, each of which copies them.
 */
export class BulkText {
  /** The request with an empty list of operations. */
  readonly envelope: unknown
  /** The operations; those that have an object or a list as data have {@link TextData} in its place. */
  readonly operations: readonly unknown[]
  readonly #part: Part
  readonly #places: readonly OperationPlace[]
  /** Operations up to here have been parsed ahead, if they have data. */
  #end = 0
  /** What of it has not been read yet, from which operation on. */
  #ahead: unknown[] = []
  #start = 0

  constructor(part: Part, { start, end, size, operations }: OperationPlaces) {
    this.#part = part
    this.#places = operations
    this.envelope = JSON.parse(`${part(0, start)}[]${part(end, size)}`)
    const heads = operations.map((place) => headOf(place, part))
    this.operations = JSON.parse(`[${heads.join()}]`)
    for (let index = 0; index < operations.length; index += 1) {
      if (operations[index]?.hasData) (this.operations[index] as { data: unknown }).data = new TextData(this, index)
    }
  }

  /** The bulkIds that the data of an operation refers to. */
  referencesOf(index: number): ReadonlySet<string> {
    return this.#places[index]?.mayRefer ? referencesIn(JSON.parse(this.#textOf(index))) : NONE
  }

  /** The data of an operation, parsed anew. Most are read in the order of the request. */
  read(index: number): unknown {
    if (index >= this.#end) this.#parseFrom(index)
    const ahead = this.#ahead[index - this.#start]
    this.#ahead[index - this.#start] = undefined
    return ahead ?? JSON.parse(this.#textOf(index))
  }

  #parseFrom(first: number): void {
    const texts: string[] = []
    let length = 0
    for (let index = first; index < this.#places.length && texts.length < MOST && length < MOST_BYTES; index += 1) {
      const text = this.#textOf(index)
      texts.push(text)
      length += text.length
    }
    this.#start = first
    this.#end = first + texts.length
    this.#ahead = JSON.parse(`[${texts.join()}]`)
  }

  #textOf(index: number): string {
    const place = this.#places[index]
    return place?.hasData ? this.#part(place.dataStart, place.dataEnd) : '0'
  }
}

/**
 * Takes a bulk request apart. All of it is JSON and within the limits then: nothing of it can fail later.
 *
 * @param text JSON.
 * @param bytes The same in UTF-8.
 * @returns Undefined for a request that is wrong or unusual and has to be parsed as a whole.
 */
export function readBulkText(text: string, bytes: Buffer, limits: JsonLimits): BulkText | undefined {
  const places = placesOfOperations(bytes, limits)
  if (places === undefined || places.operations.length === 0) return undefined
  // Where every character is one byte, a part of the text is no copy.
  const isText = text.length === bytes.length
  return new BulkText((start, end) => (isText ? text.slice(start, end) : bytes.toString('utf8', start, end)), places)
}

/** A part of the text of a request, by the places of its bytes. */
type Part = (start: number, end: number) => string

/** The text of an operation with a number in the place of its data. */
function headOf({ start, end, hasData, dataStart, dataEnd }: OperationPlace, part: Part): string {
  return hasData ? `${part(start, dataStart)}0${part(dataEnd, end)}` : part(start, end)
}
