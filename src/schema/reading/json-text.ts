import { ScimError } from '../../error.js'
import { checkJsonBytes } from '../../json-size.js'

// Values inside a text are not counted among the values of the body.
const MOST = { depth: 32, values: 20_000 }

/**
 * Reads the texts of JSON in one value of a client, by tolerance `jsonText`: all of them hold a bounded number of
 * values.
 */
export class JsonTexts {
  #values = 0

  /**
   * The value that a text holds as JSON; undefined if it is no JSON that begins so. Throws a {@link ScimError}: 413 if
   * the texts hold too many values, 400 invalidSyntax if one is nested too deeply.
   */
  parse(text: string, opening: '{' | '['): unknown {
    if (!text.trimStart().startsWith(opening)) return undefined
    try {
      this.#values += checkJsonBytes(new TextEncoder().encode(text), MOST)
    } catch (error) {
      throw ScimError.is(error) && error.status === 413 ? tooMany() : error
    }
    if (this.#values > MOST.values) throw tooMany()
    return parseText(text, opening)
  }
}

/** The value of a JSON text; undefined if the text is no JSON that begins so. */
export function parseText(text: string, opening: '{' | '['): unknown {
  if (!text.trimStart().startsWith(opening)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function tooMany(): ScimError {
  return ScimError.tooLarge(`Texts of JSON must not hold more than ${MOST.values} values. Send the JSON itself.`)
}
