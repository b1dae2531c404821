/** Whether a value is an object as JSON has it: no array, and no Date, which stands for a text. */
export function isObject(value: unknown): value is { [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)
}
