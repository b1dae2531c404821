/** The value that a text is as JSON; undefined if it is empty or no JSON. */
export function parseJson(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The text that a value is; undefined if it is empty or no text. */
export function filledText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/**
 * RFC 7643 section 2.5: whether an attribute of an answer is unassigned: null, `[]` and a missing attribute are the
 * same.
 */
export function isUnassigned(value: unknown): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0)
}
