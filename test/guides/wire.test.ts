import { type Entry, type Guide, guides, type RequestTest } from '../../src/guides/index.js'
import { type RequestReport, ScimError } from '../../src/index.js'
import { memoryAdapters } from '../../src/memory/index.js'
import { closedAfterEach, group, user } from '../rfc7644/service.js'
import { type App, describeExpress, type ExpressVersion, startApp, TOKEN } from '../support/app.js'
import { hooksCalled } from '../support/hooks.js'
import { IS_LONG } from '../support/length.js'

const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
const NOBODY = '00000000-0000-4000-8000-000000000000'
const UUID = '3f0c2f4e-8a51-4a8e-9f4d-6f2f1c0b7a11'

const patch = (...Operations: object[]) => ({ schemas: [PATCH], Operations })
const where = (filter: string, rest = '') => `/Users?filter=${encodeURIComponent(filter)}${rest}`
const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })

/** The requests of a provider; the last one is the subject of a text of a guide. */
type Play = (scim: App['scim']) => Promise<unknown>

const create: Play = (scim) => scim.post('/Users', user('anna@corp.example', { externalId: UUID }))
const createTwo: Play = async (scim) => {
  await create(scim)
  await scim.post('/Users', user('ben@corp.example'))
}
const conflict: Play = async (scim) => {
  await create(scim)
  await scim.post('/Users', user('Anna@corp.example'))
}
const badValue: Play = (scim) => scim.post('/Users', user('anna@corp.example', { active: 'perhaps' }))
const unknownMember: Play = (scim) => scim.post('/Groups', group('Sales', NOBODY))
const addMember: Play = async (scim) => {
  const { body: anna } = await scim.post('/Users', user('anna@corp.example'))
  const { body: sales } = await scim.post('/Groups', group('Sales'))
  await scim.patch(`/Groups/${sales.id}`, patch({ op: 'add', path: 'members', value: [{ value: anna.id }] }))
}
const notKept: Play = (scim) => scim.post('/Users', user('anna@corp.example', { shoeSize: 43 }))
const deactivate =
  (operation: object): Play =>
  async (scim) => {
    const { body } = await scim.post('/Users', user('anna@corp.example', { active: true }))
    await scim.patch(`/Users/${body.id}`, patch(operation))
  }
const deactivateByPut: Play = async (scim) => {
  const { body } = await scim.post('/Users', user('anna@corp.example', { active: true }))
  await scim.put(`/Users/${body.id}`, { ...body, active: false })
}
const withToken =
  (token: string, method = 'GET'): Play =>
  (scim) =>
    scim.send(method, '/Users', { ...bearer(token), ...(method === 'POST' && { body: user('anna') }) })
const withoutToken: Play = (scim) => scim.get('/Users', { headers: { authorization: null } })
const bareToken: Play = (scim) => scim.get('/Users?startIndex=1&count=2', { headers: { authorization: TOKEN } })
const longUrl: Play = (scim) => scim.get('/Users/Users?startIndex=1&count=2')
const testOfOkta: Play = (scim) => scim.get('/Users?startIndex=1&count=2')
const withPassword: Play = (scim) =>
  scim.post('/Users', user('anna@corp.example', { password: 'Only-for-this-test-1' }))

const credentials: Readonly<Record<string, Play>> = {
  cutToken: withToken('malformed'),
  missingToken: withoutToken,
  endedToken: withToken('expired'),
  pausedConnection: withToken('paused'),
  otherToken: withToken('something-else'),
  longUrl,
}

/** The requests for each text of a guide that requests can show: by `step`, `step.fault` or `symptoms.symptom`. */
const PLAYS: Readonly<Record<string, Readonly<Record<string, Play | Readonly<Record<string, Play>>>>>> = {
  entra: {
    token: credentials,
    oauth: credentials,
    federated: { ...credentials, issuer: withToken('issuer'), audience: withToken('audience') },
    test: (scim) => scim.get(where(`userName eq "${UUID}"`)),
    save: (scim) => scim.get(where('externalId eq "anna"')),
    mapping: { notKept },
    assign: { everybody: createTwo },
    onDemand: create,
    'onDemand.': { conflict, badValue },
    startAll: createTwo,
    'startAll.': { unknownMembers: unknownMember, conflict },
    leaver: deactivate({ op: 'Replace', path: 'active', value: 'False' }),
    symptoms: {
      credentials: withToken('malformed'),
      credentialValidation: withToken('revoked'),
      badRequest: badValue,
      exportAdd: conflict,
    },
  },
  okta: {
    connector: {
      ...credentials,
      bareToken,
      uniqueId: (scim) => scim.get(where('id eq "anna@corp.example"')),
      imports: (scim) => scim.get('/Users?startIndex=1&count=100'),
    },
    bearer: credentials,
    header: { ...credentials, bareToken },
    test: testOfOkta,
    'toApp.': { passwords: withPassword },
    'mapping.': { notKept },
    assign: create,
    'assign.': { conflict, badValue },
    groups: addMember,
    'groups.': { unknownMembers: unknownMember },
    everybody: createTwo,
    'everybody.': { conflict, badValue },
    leaver: deactivate({ op: 'replace', value: { active: false } }),
    symptoms: {
      authenticating: withToken('malformed'),
      unauthorized: withToken('expired', 'POST'),
      conflict,
      push: unknownMember,
    },
  },
  onelogin: {
    connect: credentials,
    template: { badValue, notKept },
    enable: (scim) => scim.get('/Users?filter=userName+eq+%22onelogin-probe%22&'),
    assign: create,
    'assign.': { conflict, badValue },
    groups: addMember,
    'groups.': { unknownMembers: unknownMember },
    everybody: createTwo,
    'everybody.': { conflict },
    leaver: deactivateByPut,
    symptoms: { failed: conflict },
  },
  jumpcloud: {
    connect: credentials,
    test: (scim) => scim.get(where('userName eq "test@corp.example"')),
    'test.': { testUserThere: conflict },
    groups: (scim) => scim.post('/Groups', group('Sales')),
    'groups.': { unknownMembers: unknownMember },
    assign: create,
    'assign.': { conflict, badValue },
    everybody: createTwo,
    'everybody.': { conflict },
    leaver: deactivateByPut,
    symptoms: { testFailed: conflict },
  },
  pingone: {
    token: credentials,
    oauth: credentials,
    test: (scim) => scim.get('/Users/0'),
    rule: { notKept },
    switchOn: create,
    'switchOn.': { conflict, badValue },
    groups: addMember,
    'groups.': { unknownMembers: unknownMember },
    everybody: createTwo,
    'everybody.': { conflict },
    leaver: deactivateByPut,
    symptoms: { testFailed: withToken('malformed') },
  },
  google: {},
}

/** Every predicate of a guide, by the same keys. */
function predicatesOf(guide: Guide): ReadonlyMap<string, RequestTest> {
  const found = new Map<string, RequestTest>()
  const note = (key: string, seen: RequestTest | undefined) => seen && found.set(`${guide.id}.${key}`, seen)
  for (const step of guide.steps) {
    note(step.id, step.seen)
    for (const fault of step.faults) note(`${step.id}.${fault.id}`, fault.seen)
  }
  for (const symptom of guide.symptoms) note(`symptoms.${symptom.id}`, symptom.seen)
  return found
}

const predicates = new Map(Object.values(guides).flatMap((guide) => [...predicatesOf(guide)]))
const plays = Object.entries(PLAYS).flatMap(([guide, rows]) =>
  Object.entries(rows).flatMap(([place, played]): readonly (readonly [string, Play])[] => {
    const key = `${guide}.${place.replace(/\.$/, '')}`
    if (typeof played === 'function') return [[key, played]]
    return Object.entries(played).map(([id, play]) => [`${key}.${id}`, play] as const)
  }),
)

test('every text that a request can show is played', () => {
  expect(plays.map(([key]) => key).sort()).toEqual([...predicates.keys()].sort())
})

// Express has no part in the texts of reports.
const VERSIONS: readonly ExpressVersion[] = IS_LONG ? [4, 5] : [5]

const tests = (version: ExpressVersion): void => {
  const closed = closedAfterEach()

  /** Plays against a router and gives the reports of it, oldest first. */
  async function reportsOf(play: Play): Promise<readonly Entry[]> {
    const reports: RequestReport[] = []
    const { users, groups } = memoryAdapters()
    const app = await closed(
      startApp(
        {
          resources: { User: { adapter: users }, Group: { adapter: groups } },
          on: { request: (report) => reports.push(report) },
          authenticate: ({ token }) => {
            if (token === TOKEN) return { tenant: 'acme', subject: 'connection' }
            if (token === 'something-else') return null
            throw ScimError.unauthorized({ reason: token ?? 'missing', tenant: 'acme', subject: 'connection' })
          },
        },
        version,
      ),
    )
    await play(app.scim)
    await hooksCalled()
    return reports
  }

  test.each(plays)('%s', async (key, play) => {
    const reports = await reportsOf(play)
    const [last, earlier] = [reports.at(-1), reports.slice(0, -1)]
    expect(last).toBeDefined()
    expect([key, predicates.get(key)?.(last as Entry, earlier), last]).toEqual([key, true, last])
  })

  test('a request that says nothing shows no text', async () => {
    const [entry] = await reportsOf((scim) => scim.get('/Users/none'))
    expect([...predicates].filter(([, seen]) => seen(entry as Entry)).map(([key]) => key)).toEqual([])
  })

  test.each([
    ['Entra looks for a person who is not there yet', (scim: App['scim']) => scim.get(where('userName eq "anna"'))],
    ['one person comes', create],
    ['Okta tests', testOfOkta],
    ['a name changes', deactivate({ op: 'replace', path: 'displayName', value: 'Anna' })],
    ['a member comes', addMember],
  ])('no fault is shown when %s', async (_title, play) => {
    const reports = await reportsOf(play)
    const faults = [...predicates].filter(([key]) => key.split('.').length > 2)
    const shown = faults.filter(([, seen]) => reports.some((entry, at) => seen(entry, reports.slice(0, at))))
    expect(shown.map(([key]) => key)).toEqual([])
  })

  test('a cut token, an expired one and none at all have texts of their own, and one each', async () => {
    for (const [id, play] of Object.entries(credentials)) {
      const [entry] = await reportsOf(play)
      const shown = guides.entra.steps
        .find((step) => step.id === 'token')
        ?.faults.filter((one) => one.seen?.(entry as Entry))
      expect(shown?.map((fault) => fault.id)).toEqual([id])
    }
  })
}

describeExpress('what a provider sends shows the text that is about it', tests, VERSIONS)
