import { strict } from '../../compatibility.js'
import { memo } from '../../memo.js'
import type { Attribute } from '../model/attribute.js'
import { JsonTexts } from './json-text.js'
import { mayHoldObject, takenApart } from './object-in-value.js'
import { fieldOf, readComplex } from './read-complex.js'
import { readSimple } from './read-simple.js'
import { readElement, readSingular, readValues } from './read-values.js'
import type { Reader } from './reading.js'

/** The reader of an attribute, made from its characteristics. */
export interface AttributeReaders {
  /** Reads the whole attribute: of a multi-valued one all values. */
  readonly whole: Reader
  /** Reads one value. */
  readonly one: Reader
  /** Reads one value as it stands in the list of a multi-valued attribute. */
  readonly element: Reader
}

/** The readers of an attribute. */
export const readersOf: (attribute: Attribute) => AttributeReaders = memo((attribute) => {
  const one = attribute.type === 'complex' ? complexReader(attribute) : readSimple(attribute)
  const element = readElement(attribute, one)
  return { one, element, whole: attribute.multiValued ? readValues(attribute, element) : readSingular(attribute, one) }
})

function complexReader(attribute: Attribute): Reader {
  const fields = attribute.subAttributes.map((sub) => fieldOf(sub, readersOf(sub).whole))
  const read = readComplex(attribute, fields)
  return mayHoldObject(attribute) ? (value, reading) => read(takenApart(attribute, value, reading), reading) : read
}

/** Whether a client could send the default of an attribute. */
export function fitsDefault(attribute: Attribute): boolean {
  const value = attribute.default ?? undefined
  if (value === undefined) return true
  try {
    readersOf(attribute).whole(value, {
      tolerate: strict,
      patch: false,
      replace: false,
      keepNull: false,
      remove: false,
      identify: undefined,
      texts: new JsonTexts(),
      ahead: undefined,
    })
    return true
  } catch {
    return false
  }
}
