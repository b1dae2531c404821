import type { Tolerate } from '../../compatibility.js'

/**
 * A name without the colon at its end, which it may have by tolerance (decision A-54c). RFC 7644 section 3.10 has a
 * colon between a URN and the name of an attribute alone.
 */
export function withoutColon(name: string, tolerate: Tolerate): string {
  return name.length > 1 && name.endsWith(':') && tolerate('trailingColon') ? name.slice(0, -1) : name
}
