// The texts of the library that are kept, with "…" for each quotation. Any other text may be one of the application's
// own, with any content.
const OWN: readonly RegExp[] = [
  /^Attribute "…" is missing\.$/,
  /^Attribute "…" must be [\w ,;:()"'-]{1,80}\.$/,
  /^Another resource has the same value of attribute "…"\.$/,
  /^The body is not JSON\.$/,
  /^The body is not UTF-8\.$/,
  /^The body of the request is missing\.$/,
  /^The base URL ends too (?:late|early)/,
  /^The (?:filter|path) is not valid/,
]
const QUOTED = /"[^"]{0,500}"/g

/** The text of an error as the log keeps it: one of the library's own without its quotations, or none. */
export function ownText(detail: string | undefined): string | undefined {
  if (detail === undefined || detail.length > 500) return undefined
  const text = detail.replace(QUOTED, '"…"')
  const own = OWN.find((pattern) => pattern.test(text))
  if (own === undefined) return undefined
  // The rest of these texts repeats parts of the request.
  return /^The (?:base URL|filter|path)/.test(text) ? own.exec(text)?.[0] : text
}
