import type { Entry, RequestTest } from './entry.js'

/** Was answered with success. */
export const accepted: RequestTest = ({ status }) => status >= 200 && status < 400

/** Is about users: `/Users`, `/Users/<id>`. */
export const ofUsers: RequestTest = (entry) => isOf(entry, 'User', '/users')

/** Is about groups. */
export const ofGroups: RequestTest = (entry) => isOf(entry, 'Group', '/groups')

/** Searches for a user whose name is a random UUID, and finds none: Entra's Test Connection. */
export const testOfEntra: RequestTest = (entry) =>
  isLookUp(entry) && /filter=[\w.:]+ eq "<uuid>"/i.test(entry.query ?? '')

/** Searches for a user, and finds none. */
export const lookUpOfNobody: RequestTest = (entry) => isLookUp(entry) && /(?:^|&)filter=/i.test(entry.query ?? '')

/** Reads users or groups without changing anything. */
export const reads: RequestTest = (entry) => entry.method === 'GET' && accepted(entry)

/** Asks for one user that no service has, and is told so: Ping's connection check. */
export const userZero: RequestTest = ({ method, path, status }) =>
  method === 'GET' && path === '/Users/0' && status === 404

/** Has more to do than a test of the connection. */
export const works: RequestTest = (entry) => accepted(entry) && !testOfEntra(entry) && entry.action !== 'discovery'

/** A person was created, or linked to an account. */
export const personCame: RequestTest = (entry) => entry.method === 'POST' && ofUsers(entry) && accepted(entry)

/** A second person was created. */
export const secondPersonCame: RequestTest = (entry, earlier = []) =>
  personCame(entry) && earlier.some((before) => personCame(before))

/**
 * `active` of a person was written, or the person was deleted. A report does not say whether the person is inactive
 * now: a PUT may say again that they are active.
 */
export const personLeft: RequestTest = (entry) => {
  if (!ofUsers(entry) || !accepted(entry)) return false
  if (entry.method === 'DELETE') return true
  return ['PATCH', 'PUT'].includes(entry.method) && (entry.changes?.attributes.includes('active') ?? false)
}

/** A group was created. */
export const groupCame: RequestTest = (entry) => entry.method === 'POST' && ofGroups(entry) && accepted(entry)

/** Members were added to a group or removed from it. */
export const membersChanged: RequestTest = (entry) =>
  ofGroups(entry) && accepted(entry) && ['POST', 'PATCH', 'PUT'].includes(entry.method) && changesMembers(entry)

/** A write was refused because another person has the same name or address. */
export const conflict: RequestTest = ({ status, method }) => status === 409 && method !== 'GET'

/** A write of a person was refused because of a value in it. */
export const badValue: RequestTest = (entry) => entry.status === 400 && entry.method !== 'GET' && ofUsers(entry)

/** Members of a group were refused or left out because no resource has their id. */
export const unknownMember: RequestTest = (entry) =>
  ofGroups(entry) && (entry.code === 'unknownMember' || (entry.tolerances?.includes('unknownMember') ?? false))

/** The base URL was typed too long or too short: `/Users/Users`. */
export const wrongUrl: RequestTest = ({ code, path, status }) =>
  code === 'baseUrl' || (status >= 400 && /^\/(?:users|groups)\/(?:users|groups)\b/i.test(path))

/** The client sent attributes that the application does not keep. */
export const notKept: RequestTest = (entry) =>
  accepted(entry) && (entry.tolerances?.some((name) => ['unknownAttribute', 'unknownPath'].includes(name)) ?? false)

/** The token came without the word `Bearer` before it, and was taken. */
export const bareToken: RequestTest = ({ tolerances }) => tolerances?.includes('bareToken') ?? false

/** A password came. */
export const passwordCame: RequestTest = ({ changes, attribute }) =>
  attribute === 'password' || (changes?.attributes.includes('password') ?? false)

/** Everybody is read, page by page. */
export const readsEverybody: RequestTest = (entry) => {
  if (!reads(entry) || !ofUsers(entry) || /(?:^|&)filter=/i.test(entry.query ?? '')) return false
  const wanted = /(?:^|&)count=(\d+)/i.exec(entry.query ?? '')?.[1]
  return Number(wanted) > 10
}

/** Looks for people by `id`, which the identity provider cannot know before it has created them. */
export const looksById: RequestTest = ({ method, query }) =>
  method === 'GET' && /(?:^|&)filter=id eq /i.test(query ?? '')

/** Credentials were refused, for one of the given reasons. */
export function refused(...reasons: readonly string[]): RequestTest {
  return ({ status, refusal }) => status === 401 && refusal !== undefined && reasons.includes(refusal.reason)
}

/** Credentials were refused for a reason that has no text of its own. */
export const refusedOtherwise: RequestTest = ({ status, refusal }) =>
  status === 401 && (refusal === undefined || !REASONS.has(refusal.reason))

/** Reasons that have a text of their own. */
export const REASONS: ReadonlySet<string> = new Set([
  ...['missing', 'malformed', 'mistyped', 'expired', 'revoked', 'paused', 'closed', 'issuer', 'audience'],
])

function isOf({ resourceType, path }: Entry, type: string, endpoint: string): boolean {
  if (resourceType !== undefined) return resourceType === type
  const lower = path.toLowerCase()
  return lower === endpoint || lower.startsWith(`${endpoint}/`)
}

function isLookUp(entry: Entry): boolean {
  return reads(entry) && (entry.count ?? 0) === 0 && (ofUsers(entry) || ofGroups(entry))
}

function changesMembers({ changes }: Entry): boolean {
  const { members } = changes ?? {}
  if (members === undefined) return changes?.attributes.includes('members') ?? false
  return members.added.length > 0 || members.removed.length > 0
}
