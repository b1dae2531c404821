/**
 * RFC 7644 section 7.6: resources hold personal data. No cache may store an answer with personal data; an answer with
 * an entity tag may be kept by the client alone, which asks each time whether it still holds (RFC 9111 section 5.2.2).
 *
 * @param isPersonal False for what everybody may read.
 */
export function withCaching(headers: Record<string, string>, isPersonal: boolean): Record<string, string> {
  // RFC 9110 section 12.5.5: Content-Type depends on Accept, and the content depends on the client.
  addVary(headers, isPersonal ? 'Accept, Authorization' : 'Accept')
  if (isPersonal && nameIn(headers, 'cache-control') === undefined) {
    headers['Cache-Control'] = headers.ETag === undefined ? 'no-store' : 'private, no-cache'
  }
  return headers
}

function addVary(headers: Record<string, string>, value: string): void {
  const name = nameIn(headers, 'vary')
  const before = name && headers[name]
  if (name !== undefined) delete headers[name]
  headers.Vary = before === undefined ? value : joinVary(before, value)
}

/** The application may have added a header to an error, in letters of its own. */
function nameIn(headers: Record<string, string>, wanted: string): string | undefined {
  for (const name in headers) if (name.length === wanted.length && name.toLowerCase() === wanted) return name
  return undefined
}

/** Two values of Vary as one, each name once. */
export function joinVary(before: string, added: string): string {
  const names = before.split(',').map((name) => name.trim())
  const known = new Set(names.map((name) => name.toLowerCase()))
  const more = added.split(', ').filter((name) => !known.has(name.toLowerCase()))
  return [...names, ...more].filter((name) => name !== '').join(', ')
}
