import type { RequestReport } from '../../index.js'

/**
 * Forms in which stores make ids: UUID, number, ULID, 24 hexadecimal digits. Names and addresses of people have none of
 * these forms.
 */
const ID = /^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{1,19}|[0-9A-HJKMNP-TV-Z]{26}|[0-9a-f]{24})$/i
const NOT_AN_ID = '<not an id>'
const LONGEST_ID = 500
const MOST_SEGMENTS = 8
const NAME = /^[A-Za-z$][\w.:$-]{0,199}$/
// Words of a path where the base URL is wrong or the request is about the service itself.
const WORDS: ReadonlySet<string> = new Set([
  ...['users', 'groups', 'me', 'bulk', '.search', 'schemas', 'resourcetypes', 'serviceproviderconfig'],
  ...['scim', 'api', 'v1', 'v2', ''],
])
const STANDARD_URN = /^urn:ietf:params:scim:[\w:.-]{1,100}$/i

/** Tells whether a text has the form of an id. */
export type IsId = (text: string) => boolean

/** The form of ids: that of the option, or the known forms of stores. */
export function idForm(ids: RegExp = ID): IsId {
  return (text) => text.length <= 200 && ids.test(text)
}

/** An id as it is kept: a text that the server has not made may be the name of a person. */
export function idShape(id: string | undefined, isKnown: boolean, isId: IsId): string | undefined {
  return id === undefined || isKnown || isId(id) ? id?.slice(0, LONGEST_ID) : NOT_AN_ID
}

/** A path of known words and ids: any other text in it may be the name of a person. */
export function pathShape({ path, status, resourceType }: RequestReport, isId: IsId): string {
  // Of a request that succeeded every segment is known.
  if (status < 400 && path.length <= LONGEST_ID && hasFewSegments(path)) return path
  const segments = path.slice(0, 1_000).split('/').slice(0, MOST_SEGMENTS)
  const isKnown = status < 400
  return segments
    .map((segment, index) => {
      if (WORDS.has(segment.toLowerCase()) || STANDARD_URN.test(segment)) return segment
      // The endpoint of a type that the service has.
      if (index === 1 && (resourceType !== undefined || isKnown)) return segment
      return idShape(segment, isKnown, isId)
    })
    .join('/')
}

function hasFewSegments(path: string): boolean {
  let slash = -1
  for (let count = 0; count < MOST_SEGMENTS; count += 1) {
    slash = path.indexOf('/', slash + 1)
    if (slash < 0) return true
  }
  return false
}

/** A name that a client made up, if it looks like the name of an attribute. */
export function nameShape(name: string | undefined): string | undefined {
  return name === undefined || NAME.test(name) ? name : '?'
}
