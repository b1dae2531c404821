/** Whether a value has properties: it is an object of any kind, or a function. */
export function hasProperties(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' ? value !== null : typeof value === 'function'
}

/**
 * The properties of a value of unknown origin, such as a thrown error or the answer of another program; no properties
 * if it is no object.
 */
export function propertiesOf(value: unknown): Readonly<Record<string, unknown>> {
  return hasProperties(value) ? value : NO_PROPERTIES
}

const NO_PROPERTIES = Object.freeze({})

/** Whether a value yields others, at once or one by one. A text does not count. */
export function isIterable(value: unknown): value is AsyncIterable<unknown> | Iterable<unknown> {
  return typeof value === 'object' && value !== null && (Symbol.asyncIterator in value || Symbol.iterator in value)
}

/** Whether a value is an object as JSON has it: no array, and no Date, which stands for a text. */
export function isObject(value: unknown): value is { [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)
}
