/**
 * RFC 7644 section 7.6: resources hold personal data. No cache may store an answer with personal data; an answer with
 * an entity tag may be kept by the client alone, which asks each time whether it still holds (RFC 9111 section 5.2.2,
 * decision A-142).
 *
 * @param isPersonal False for an answer that everybody may read.
 */
export function withCaching(headers: Record<string, string>, isPersonal: boolean): Record<string, string> {
  // RFC 9110 section 12.5.5: Content-Type depends on Accept, and the content depends on the client.
  const vary = isPersonal ? 'Accept, Authorization' : 'Accept'
  headers.Vary = headers.Vary === undefined ? vary : joinVary(headers.Vary, vary)
  if (isPersonal && headers['Cache-Control'] === undefined) {
    headers['Cache-Control'] = headers.ETag === undefined ? 'no-store' : 'private, no-cache'
  }
  return headers
}

const NAMES: ReadonlyMap<string, string> = new Map(['Vary', 'Cache-Control'].map((name) => [name.toLowerCase(), name]))

/**
 * Headers that the application has added to an error, in letters of its own, with the names that are looked for here.
 */
export function inUsualLetters(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [NAMES.get(name.toLowerCase()) ?? name, value]),
  )
}

/** Two values of Vary as one, each name once. */
export function joinVary(before: string, added: string): string {
  const names = before.split(',').map((name) => name.trim())
  const known = new Set(names.map((name) => name.toLowerCase()))
  const more = added.split(', ').filter((name) => !known.has(name.toLowerCase()))
  return [...names, ...more].filter((name) => name !== '').join(', ')
}
