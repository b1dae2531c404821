// RFC 9110 section 8.8.3: etagc is any visible character but the double quote. Other characters in the version of a
// store are escaped, and so is the percent sign, which begins an escape.
const PLAIN = /^[\x21\x23\x24\x26-\x7e]*$/

/**
 * The entity tag of a stored version. RFC 7643 section 3.1: "meta.version" has the value of the ETag header. It is
 * weak, because one version has as many representations as there are projections.
 */
export function entityTag(version: string | number): string {
  const text = String(version)
  // One flat text, as in `Context.location`.
  return ['W/"', PLAIN.test(text) ? text : encodeURIComponent(text), '"'].join('')
}

/** The versions that If-Match or If-None-Match names, or any version. */
export type Condition = readonly string[] | '*'

// RFC 9110 section 8.8.3: entity-tag = [ weak ] opaque-tag.
const TAG = /\s*(?:W\/)?"([\x21\x23-\x7e\x80-\uffff]*)"\s*(?:,|$)/gy

/**
 * Reads If-Match or If-None-Match, RFC 9110 section 13.1. Tags are compared weakly: with SCIM's weak tags the strong
 * comparison that RFC 9110 demands for If-Match would never hold. Malformed tags match nothing.
 */
export function readCondition(header: string | undefined): Condition | undefined {
  if (header === undefined) return undefined
  if (header.trim() === '*') return '*'
  const versions: string[] = []
  for (const [, opaque = ''] of header.matchAll(TAG)) versions.push(unescapeTag(opaque))
  return versions
}

// One entity tag, and nothing beside it.
const ONE_TAG = /^(?:W\/)?"([\x21\x23-\x7e\x80-\uffff]*)"$/

/** The version that a client knows as an entity tag; undefined for a text that is no entity tag. */
export function versionInTag(tag: string): string | undefined {
  const opaque = ONE_TAG.exec(tag)?.[1]
  return opaque === undefined ? undefined : unescapeTag(opaque)
}

function unescapeTag(opaque: string): string {
  if (!opaque.includes('%')) return opaque
  try {
    return decodeURIComponent(opaque)
  } catch {
    return opaque
  }
}

/** Whether a condition names the stored version. */
export function isAmong(condition: Condition, version: string | number | null | undefined): boolean {
  if (condition === '*') return true
  return version !== undefined && version !== null && condition.includes(String(version))
}
