import { Breather } from '../breather.js'
import { LargeValue } from '../schema/projection/large-value.js'

// Elements that are stringified at a time: about a quarter of a millisecond of work.
const PIECE = 200

/** JSON text of a message: whole, or in pieces when it is known to hold a {@link LargeValue}. */
export function encode(message: object, large: boolean): string | AsyncIterable<string> {
  return large ? encodePieces(message, new Breather(performance.now())) : JSON.stringify(message)
}

// A large value is an attribute of a resource or of one of its extensions; a list holds resources.
function holdsLarge(value: object, depth = 0): boolean {
  for (const member of Object.values(value)) {
    if (typeof member !== 'object' || member === null) continue
    if (member instanceof LargeValue) return true
    if (depth < 3 && holdsLarge(member, depth + 1)) return true
  }
  return false
}

async function* encodePieces(value: unknown, breather: Breather): AsyncGenerator<string> {
  if (value instanceof LargeValue) {
    yield* encodeLarge(value, breather)
  } else if (Array.isArray(value) && holdsLarge(value)) {
    let separator = '['
    for (const element of value) {
      yield separator
      yield* encodePieces(element, breather)
      separator = ','
    }
    yield ']'
  } else if (typeof value === 'object' && value !== null && holdsLarge(value)) {
    let separator = '{'
    for (const [name, member] of Object.entries(value)) {
      if (member === undefined) continue
      yield `${separator}${JSON.stringify(name)}:`
      yield* encodePieces(member, breather)
      separator = ','
    }
    yield '}'
  } else {
    yield JSON.stringify(value)
  }
}

async function* encodeLarge({ elements, write }: LargeValue, breather: Breather): AsyncGenerator<string> {
  let separator = '['
  let piece: unknown[] = []
  const flush = (): string => {
    const text = separator + JSON.stringify(piece).slice(1, -1)
    separator = ','
    piece = []
    return text
  }
  for await (const element of elements) {
    if (element === undefined || element === null) continue
    const written = write(element)
    if (written === undefined) continue
    if (piece.push(written) < PIECE) continue
    yield flush()
    // A client that reads as fast as this writes would never let go.
    const pause = breather.pauseIfDue()
    if (pause) await pause
  }
  if (piece.length > 0) yield flush()
  yield separator === '[' ? '[]' : ']'
}
