import { anything, boolean, integer, list, object, oneOf, optional, record, text, time } from './schema.js'

const done = object({ at: time(), by: text('Who did it.') })

/** The permissions of the pages. */
export const CAN = ['read', 'people', 'credentials', 'record', 'close'] as const

export const failure = object({
  code: text('A stable word: `forbidden`, `notFound`, `reason`, `confirm`, `tooMany`, `closed`, `invalid`.'),
  message: text('The fault and the remedy, in words.'),
  url: optional(text('For `confirm`: where to sign in again.')),
})

export const session = object({
  audience: oneOf(['customer', 'staff', 'invited']),
  tenant: optional(text('The tenant of a customer; staff have none.')),
  actor: text(),
  can: list(oneOf(CAN)),
  connection: optional(text('For `invited`: the one connection that the invitation is for.')),
  expires: optional(time('For `invited`: when the invitation ends.')),
  product: object({
    name: text(),
    support: optional(text('Whom to ask.')),
    signIn: oneOf(['userName', 'emails'], 'By what people sign in.'),
  }),
  url: text('The URL of the SCIM service.'),
  methods: list(oneOf(['token', 'oauth', 'federated']), { description: 'The methods that new connections may have.' }),
  colours: record(text(), 'Colours in place of those of the style sheet, by name: `accent`.'),
  texts: record(text(), 'Texts in place of those of the pages, by key.'),
  has: object({
    trail: boolean('There is an audit trail: history.'),
    recording: boolean('Exchanges can be recorded.'),
    testing: boolean('Connections can be limited to test people.'),
  }),
})

const choice = object({
  id: text(),
  title: text(),
  text: text(),
  methods: optional(list(text())),
})

const health = object({
  state: oneOf(['waiting', 'good', 'late', 'silent', 'failing', 'lockedOut', 'paused', 'closed']),
  since: optional(time('When the state began, if it is known.')),
  text: text('The state in a sentence.'),
})

const credential = object({
  id: text(),
  kind: oneOf(['token', 'import', 'secret', 'assertion']),
  state: text('`current`, `ending`, `expired`, `revoked` …'),
  hint: optional(text('The last four characters.')),
  created: done,
  expires: optional(time()),
  ends: optional(time('When it ends because another has taken its place.')),
  lastUsed: optional(time('Missing: it has not been used yet.')),
  revoked: optional(done),
})

const invitation = object({
  id: text(),
  state: oneOf(['open', 'expired', 'revoked']),
  created: done,
  expires: time(),
})

export const recordingState = object({
  until: time(),
  values: boolean('Values are shown; else their types and lengths.'),
  by: text('Who records.'),
})

export const connection = object({
  tenant: text(),
  id: text(),
  provider: text('`entra`, `okta`.'),
  providerName: text('`Microsoft Entra ID`.'),
  name: text(),
  state: oneOf(['new', 'testing', 'active', 'paused', 'closed']),
  method: oneOf(['token', 'oauth', 'federated']),
  url: text('The URL to paste at the identity provider.'),
  tokenUrl: optional(text('For OAuth.')),
  clientId: optional(text('For OAuth.')),
  scopes: optional(list(text(), { description: 'Missing: all.' })),
  created: done,
  paused: optional(object({ at: time(), by: text(), reason: optional(text()) })),
  closed: optional(done),
  lastRequest: optional(
    object(
      { at: time(), accepted: boolean('False: its credential was refused.') },
      'The last request, accepted or not.',
    ),
  ),
  lastUsed: optional(object({ at: time(), address: optional(text()), userAgent: optional(text()) })),
  lastFailure: optional(object({ at: time(), reason: text() })),
  credentials: list(credential),
  invitations: list(invitation),
  health,
  recording: optional(recordingState),
  setup: object({ finished: boolean(), step: optional(text('The step of the guide at which the set-up stands.')) }),
  findings: list(text('What should be done, in a sentence: a token that ends soon, or never ends.')),
})

/** A new connection or credential. Only this answer has the secret. */
export const made = object({
  connection,
  token: optional(text()),
  clientId: optional(text()),
  clientSecret: optional(text()),
})

export const guide = object({
  id: text(),
  name: text(),
  supported: boolean(),
  intro: list(text()),
  apps: list(choice),
  methods: list(choice),
  cadence: text(),
  rotation: text(),
  symptoms: list(object({ id: text(), shows: text(), means: text(), fix: text() })),
  checked: optional(text('When the sources of the guide were read: `2026-11-27`.')),
})

const field = object({
  id: text(),
  label: text('As the page of the provider names it.'),
  action: oneOf(['paste', 'choose', 'tick', 'untick']),
  value: text('What to paste. A secret is not in it: `secret` says which one belongs here.'),
  secret: optional(oneOf(['token', 'clientSecret'], 'The secret that was told once belongs into this field.')),
  note: optional(text()),
})

const mappingRow = object({
  id: text(),
  from: text(),
  to: text(),
  action: oneOf(['keep', 'change', 'add', 'delete']),
  note: optional(text()),
})

const notice = object({
  id: text(),
  text: text('What happened and what to do.'),
  at: optional(time()),
  entry: optional(text('The key of the entry of the log that shows it.')),
})

export const step = object({
  id: text(),
  title: text(),
  texts: list(text('Placeholders are filled. Two marks: `**a name on the page**` and `` `something to type` ``.')),
  fields: list(field),
  mapping: list(mappingRow),
  done: optional(text('What to say once the step is done.')),
  ticks: boolean('The step ticks itself when the request comes that shows it.'),
  state: oneOf(['open', 'seen', 'ticked'], '`seen`: a request has shown it; `ticked`: by hand.'),
  at: optional(time('When it was seen.')),
  entry: optional(text('The key of the entry of the log that has shown it.')),
  notices: list(notice, {
    description: 'Faults that requests have shown since, or that silence shows. The newest first.',
  }),
  faults: list(object({ id: text(), what: text(), fix: text() }), {
    description: 'All that can go wrong in this step.',
  }),
})

export const setup = object({
  connection,
  guide,
  app: optional(text('The kind of application, by its id in the guide.')),
  method: optional(text('The method, by its id in the guide.')),
  step: optional(text('The step at which the set-up stands.')),
  steps: list(step),
  finished: boolean(),
  testPeople: list(text()),
  arrived: object({
    last: optional(time('The last request of this connection.')),
    requests: integer('Requests since the connection was made, of the latest 1,000.'),
    people: integer('Created or linked people.'),
    groups: integer(),
  }),
  already: optional(
    object({
      count: integer('How many people are in the product already.'),
      unmatched: list(text(), { description: 'Those of them without a match. Only with `people`.' }),
    }),
  ),
  after: optional(text('The key of the newest entry that was looked at.')),
})

export const entry = object({
  key: text(),
  id: text('The id of the request.'),
  time: time(),
  last: time('When the last of several equal requests came.'),
  times: integer('How many requests the entry stands for.'),
  ms: integer(),
  connection: text(),
  provider: optional(text()),
  method: text(),
  path: text(),
  query: optional(text()),
  status: integer(),
  code: text(),
  scimType: optional(text()),
  attribute: optional(text()),
  action: optional(text()),
  resourceType: optional(text()),
  resourceId: optional(text()),
  count: optional(integer()),
  changes: optional(list(text('The path of an attribute.'))),
  members: optional(object({ added: integer(), removed: integer() })),
  refusal: optional(text('Why the credentials were refused.')),
  tolerances: list(text()),
  bulk: optional(
    list(
      object({
        method: optional(text()),
        resourceType: optional(text()),
        resourceId: optional(text()),
        status: integer(),
        code: optional(text()),
        attribute: optional(text()),
      }),
    ),
  ),
  userAgent: optional(text()),
  via: text('`client`, or what made the request inside the application.'),
  explanation: object({ situation: text(), sentence: text(), hint: text(), link: optional(text()) }),
  support: text('The text of "copy for support". It names no person.'),
})

export const logPage = object({
  entries: list(entry, { description: 'The latest first.' }),
  next: optional(text('Pass it as `before` for older entries.')),
  newest: optional(text('Pass it as `after` for the next entries.')),
})

const place = object({ id: text(), name: text() })

export const personRow = object({
  id: text(),
  userName: optional(text()),
  name: text('The name to show.'),
  email: optional(text()),
  externalId: optional(text()),
  active: boolean(),
  created: optional(time()),
  changed: optional(time()),
})

export const people = object({
  people: list(personRow),
  total: optional(integer()),
  next: optional(text('Pass it as `next` for the next page.')),
})

export const historyEntry = object({
  number: integer(),
  time: time(),
  action: text('`user.created`, `looked`, `exported`.'),
  actor: optional(text('Missing: it was erased.')),
  actorName: optional(text('The name of the connection, if it was one.')),
  via: text(),
  requestId: optional(text()),
  resourceType: optional(text()),
  resourceId: optional(text()),
  attributes: list(text()),
  members: optional(object({ added: list(text()), removed: list(text()) })),
  reason: optional(text()),
})

export const person = object({
  person: personRow,
  attributes: list(object({ path: text(), value: anything() }), { description: 'All that is stored, by path.' }),
  notKept: list(text('The path of an attribute.'), {
    description: 'Attributes that the provider sends and that are not kept.',
  }),
  groups: list(place),
  entries: list(entry, { description: 'The latest requests about this person.' }),
})

export const groupRow = object({ id: text(), name: text(), externalId: optional(text()), members: optional(integer()) })

export const groups = object({ groups: list(groupRow), total: optional(integer()), next: optional(text()) })

export const group = object({
  group: groupRow,
  members: list(object({ id: text(), name: text(), type: optional(text()) })),
  more: integer('The number of members that are not listed.'),
})

export const history = object({
  entries: list(historyEntry, { description: 'The latest first.' }),
  next: optional(text('Pass it as `before` for older entries.')),
})

export const exchange = object({
  id: text(),
  time: time(),
  method: text(),
  path: text(),
  query: optional(anything('The parameters of the query, redacted.')),
  status: integer(),
  request: optional(
    anything('The body of the request, redacted; for a body that is no JSON its length and the position of the fault.'),
  ),
  response: optional(anything('The body of the answer, redacted.')),
})

export const recording = object({
  state: optional(recordingState),
  exchanges: list(exchange, { description: 'The latest first.' }),
  next: optional(text('Pass it as `before` for older ones.')),
})

export const stored = object({
  facts: list(
    object({
      what: text(),
      where: text(),
      whose: text(),
      kept: text('How long.'),
      deleted: text('How it is deleted.'),
    }),
  ),
  attributes: list(object({ type: text(), paths: list(text()) }), {
    description: 'The kept attributes of a resource.',
  }),
})

export const tolerances = object({
  tolerances: list(
    object({
      name: text(),
      times: integer(),
      attributes: list(text()),
      connections: list(text()),
      last: time(),
    }),
  ),
})

export const tenantRow = object({
  tenant: text(),
  state: health,
  connections: list(connection),
})

export const service = object({
  url: text(),
  resourceTypes: list(object({ name: text(), endpoint: text(), schemas: list(text()), versions: boolean() })),
  tolerances: list(text()),
  limits: list(
    object({
      name: text(),
      value: integer(),
      unit: text('`bytes`, `ms`, `characters`.'),
      description: text('The quantity that it bounds.'),
    }),
  ),
  dropped: integer('Entries that the log has lost in this process.'),
  keys: record(integer(), 'How many secrets are stored under which key.'),
})
