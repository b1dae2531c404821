/**
 * The URL that a text is; undefined if it is none. Not by `URL.canParse`: that of Node 20 refuses every text with
 * letters beyond ASCII once V8 has optimised the function which calls it.
 */
export function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text)
  } catch {
    return undefined
  }
}
