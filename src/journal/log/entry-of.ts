import type { HookContext, Identity, RequestReport } from '../../index.js'
import { propertiesOf } from '../../is-object.js'
import type { LoggedOperation } from './entry.js'
import { Form } from './form.js'
import { type Details, NO_DETAILS, NONE, NotedEntry } from './noted-entry.js'
import { ownText } from './own-texts.js'
import { type IsId, idShape, nameShape } from './shape.js'

const MOST_OPERATIONS = 100
const UNKNOWN_AGENT = 100
const ASCII = /^[\x00-\x7f]*$/
const LONGEST_METHOD = 20
const LONGEST_WORD = 100

/** The entry of a request that was authenticated, with names of people in it. */
export function acceptedEntry(
  report: RequestReport,
  key: string,
  { form, path, names }: { readonly form: Form; readonly path: string; readonly names: readonly string[] },
  isId: IsId,
): NotedEntry {
  const resourceId = idShape(report.resourceId, report.status < 400, isId)
  return new NotedEntry(key, form, report, path, resourceId, detailsOf(report, isId), names)
}

/** The form of an authenticated request that failed. It is not shared, because such requests differ. */
export function failedForm(report: RequestReport, connection: string): Form {
  const { tenant = '', method, query, status, scimType, action, resourceType, userAgent, provider, via } = report
  return new Form({
    ...{ tenant, connection, query, status, scimType, action, resourceType, userAgent, provider, via },
    method: method.slice(0, LONGEST_METHOD),
    code: report.code?.slice(0, LONGEST_WORD) ?? '',
    attribute: nameShape(report.attribute),
    text: ownText(report.detail),
  })
}

/** The application gets the same report and may change it, so lists are copied. */
function detailsOf({ changes, bulk, tolerated, tolerances, status }: RequestReport, isId: IsId): Details {
  if (changes === undefined && bulk === undefined && tolerated.length === 0 && tolerances.length === 0)
    return NO_DETAILS
  const isKnown = status < 400
  return {
    refusal: undefined,
    changes: changes && {
      attributes: changes.attributes.slice(0, 100),
      members: changes.members && {
        added: changes.members.added.map((id) => idShape(id, isKnown, isId) ?? ''),
        removed: changes.members.removed.map((id) => idShape(id, isKnown, isId) ?? ''),
        more: changes.members.more,
      },
    },
    bulk: bulk && operationsOf(bulk, isId),
    tolerated: tolerated.map(({ name, attribute }) => ({ name, attribute: nameShape(attribute) })),
    tolerances: [...tolerances],
  }
}

/**
 * The entry of requests that were not authenticated: the connection whose credentials were named, the reason of the
 * refusal, and no text of the client's but its user agent and the end of a token that was cut. Any client can send such
 * requests.
 */
export function refusedEntry(report: RequestReport, key: string): NotedEntry {
  const { refusal, id, time, ms } = report
  const form = new Form({
    tenant: report.tenant ?? '',
    connection: refusal?.subject ?? '',
    method: '',
    query: undefined,
    status: report.status,
    code: report.code?.slice(0, LONGEST_WORD) ?? '',
    scimType: undefined,
    attribute: undefined,
    text: undefined,
    action: undefined,
    resourceType: undefined,
    userAgent: report.userAgent?.slice(0, UNKNOWN_AGENT),
    provider: report.provider,
    via: report.via,
  })
  const details = refusal && {
    ...NO_DETAILS,
    refusal: {
      reason: refusal.reason.slice(0, LONGEST_WORD),
      ...(refusal.ending !== undefined && { ending: refusal.ending.slice(-4) }),
    },
  }
  return new NotedEntry(
    key,
    form,
    { id, time, ms, clientId: undefined, count: undefined },
    '',
    undefined,
    details ?? NO_DETAILS,
    NONE,
  )
}

/** The names of people in a request, in the form in which they are compared. */
export function namesIn(context: HookContext): readonly string[] {
  const identifiers = context.identifiers()
  const [first] = identifiers
  if (first === undefined) return NONE
  // Most requests are look-ups of one person.
  return identifiers.length === 1 ? [normalName(first.value)] : identifiers.map(({ value }) => normalName(value))
}

/** A name in the form in which names are compared. */
export function normalName(name: string): string {
  return ASCII.test(name) ? name.toLowerCase() : name.normalize('NFKC').toLowerCase()
}

/** The id of the connection of an identity; its subject if it has none. */
export function connectionOf(auth: Identity | undefined): string {
  const { connection, subject } = propertiesOf(auth)
  if (typeof connection === 'string') return connection
  const { id } = propertiesOf(connection)
  if (typeof id === 'string') return id
  return typeof subject === 'string' ? subject : ''
}

function operationsOf(operations: NonNullable<RequestReport['bulk']>, isId: IsId): readonly LoggedOperation[] {
  const failed = operations.filter(({ status }) => status >= 400)
  const done = operations.filter(({ status }) => status < 400)
  return [...failed, ...done].slice(0, MOST_OPERATIONS).map(({ method, resourceType, resourceId, ...rest }) => ({
    method: method?.slice(0, LONGEST_METHOD),
    resourceType,
    resourceId: idShape(resourceId, rest.status < 400, isId),
    status: rest.status,
    code: rest.code?.slice(0, LONGEST_WORD),
    attribute: nameShape(rest.attribute),
  }))
}
