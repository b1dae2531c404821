// RFC 8259 section 6.
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/

/** Whether a text is a number as JSON writes one. */
export function isNumberText(text: string): boolean {
  return NUMBER.test(text)
}

/** The number that a text holds; undefined where it holds none, or one whose digits would be lost. */
export function readNumberText(text: string): number | undefined {
  const number = isNumberText(text) ? Number(text) : undefined
  return number !== undefined && isExact(number) ? number : undefined
}

/** Whether a number is at most 2^53. A larger number may have been rounded. */
export function isExact(number: unknown): number is number {
  return typeof number === 'number' && Math.abs(number) <= Number.MAX_SAFE_INTEGER
}
