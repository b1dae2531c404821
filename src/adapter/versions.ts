// RFC 9110 section 8.8.3: etagc is any visible character but the double quote. Other characters of a store's version
// are escaped, and so is the percent sign, by which escapes are known.
const PLAIN = /^[\x21\x23\x24\x26-\x7e]*$/

/**
 * The entity tag of a stored version. RFC 7643 section 3.1: "meta.version" has the value of the ETag header. It is
 * weak, because one version has as many representations as there are projections.
 */
export function entityTag(version: string | number): string {
  const text = String(version)
  return `W/"${PLAIN.test(text) ? text : encodeURIComponent(text)}"`
}

/** What If-Match or If-None-Match names: stored versions, or any at all. */
export type Condition = readonly string[] | '*'

// RFC 9110 section 8.8.3: entity-tag = [ weak ] opaque-tag.
const TAG = /\s*(?:W\/)?"([\x21\x23-\x7e\x80-\uffff]*)"\s*(?:,|$)/gy

/**
 * Reads If-Match or If-None-Match, RFC 9110 section 13.1. Tags are compared weakly: with SCIM's weak tags the strong
 * comparison that RFC 9110 asks of If-Match would never hold. Tags that are no tags match nothing.
 */
export function readCondition(header: string | undefined): Condition | undefined {
  if (header === undefined) return undefined
  if (header.trim() === '*') return '*'
  const versions: string[] = []
  for (const [, opaque = ''] of header.matchAll(TAG)) versions.push(unescapeTag(opaque))
  return versions
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
