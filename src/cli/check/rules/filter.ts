import type { Answer } from '../../../client/index.js'
import type { Bench, Subject } from '../bench/bench.js'
import { ENTERPRISE } from '../bench/capabilities.js'
import { memberOf, must, mustRefuse, resourcesOf, unlessDeclined } from '../bench/expect.js'
import { NotSeen } from '../bench/outcome.js'
import { perRun } from '../bench/per-run.js'
import { type Area, area, needs, rule } from '../bench/rule.js'

const SECTION = 'RFC 7644 section 3.4.2.2'

/** Two users that filters can tell apart. */
interface Pair {
  readonly one: Subject
  readonly two: Subject
}

/** One user with a text, and one without it. */
const pair = perRun(async (bench): Promise<Pair> => {
  const text = bench.text()
  const one = await bench.newUser({
    [text]: `Alpha ${bench.mark}`,
    externalId: `Ext-${bench.mark}`,
    ...(bench.has('active') && { active: true }),
  })
  const two = await bench.newUser({ ...(bench.has('active') && { active: false }) })
  return { one, two }
})

/** Checks that a filter finds the first user, the second or both. Other resources in the answer do not count. */
async function mustFind(bench: Bench, filter: string, wanted: readonly ('one' | 'two')[]): Promise<void> {
  const { one, two } = await pair(bench)
  const found = await ids(bench, filter)
  const names = { one: one.id, two: two.id }
  for (const name of ['one', 'two'] as const) {
    const is = found.has(names[name])
    const want = wanted.includes(name)
    must(
      is === want,
      `The filter ${shorten(filter)} ${is ? 'finds' : 'does not find'} a user that it ${want ? 'must' : 'must not'} find.`,
    )
  }
}

async function ids(bench: Bench, filter: string): Promise<Set<unknown>> {
  const answer = await bench.filtered(filter, '&count=200')
  unlessDeclined(answer, `the filter ${shorten(filter)}`)
  return new Set(resourcesOf(answer, `GET ${bench.users}?filter=${shorten(filter)}`).map(({ id }) => id))
}

function shorten(filter: string): string {
  return filter.length > 90 ? `${filter.slice(0, 90)}…` : filter
}

function quoted(value: unknown): string {
  return JSON.stringify(value)
}

const eq = (name: string, value: unknown): string => `${name} eq ${quoted(value)}`

async function own(bench: Bench): Promise<{ text: string; value: string; one: string; two: string }> {
  const { one, two } = await pair(bench)
  const text = bench.text()
  return { text, value: `Alpha ${bench.mark}`, one: eq('userName', one.userName), two: eq('userName', two.userName) }
}

export const filter: Area = area('Filters', needs('filter'), [
  rule('P-3.4.2.2-02 P-3.4.2.2-05', 'MUST', SECTION, 'userName eq finds only that user', async (bench) => {
    const { one } = await own(bench)
    await mustFind(bench, one, ['one'])
    const answer = await bench.filtered(one)
    must(
      resourcesOf(answer, 'The filter').length === 1,
      `A filter for one userName finds ${resourcesOf(answer, 'The filter').length} users.`,
    )
  }),
  rule(
    'P-3.4.2-05',
    'MUST',
    'RFC 7644 section 3.4.2',
    'A filter that matches nothing is answered with 200 and totalResults 0',
    async (bench) => {
      const answer = await bench.filtered(eq('userName', `nobody.${bench.mark}`))
      must(answer.status === 200, `A filter that matches nothing is answered with ${answer.status}, must be 200.`)
      must(memberOf(answer.body, 'totalResults') === 0, 'totalResults must be 0 for a filter that matches nothing.')
    },
  ),
  rule('P-3.4.2.2-22 S-7-05', 'MUST', SECTION, 'A text that is not caseExact is found in any case', async (bench) => {
    const { one } = await pair(bench)
    if (bench.user.attributes.some(({ name, caseExact }) => name === 'userName' && caseExact))
      throw new NotSeen('userName is described as caseExact.')
    await mustFind(bench, eq('userName', String(one.userName).toUpperCase()), ['one'])
  }),
  rule(
    'P-3.4.2.2-03',
    'MUST',
    SECTION,
    'The case of names of attributes and operators does not matter',
    async (bench) => {
      const { one } = await pair(bench)
      await mustFind(bench, `USERNAME EQ ${quoted(one.userName)}`, ['one'])
    },
  ),
  rule(
    'P-3.10-01',
    'MUST',
    'RFC 7644 section 3.10',
    'A name may have the URN of the schema before it',
    async (bench) => {
      const { one } = await pair(bench)
      await mustFind(bench, eq(`${bench.user.schema}:userName`, one.userName), ['one'])
    },
  ),
  rule('P-3.4.2.2-05', 'MUST', SECTION, 'id eq finds a resource by its id', async (bench) =>
    mustFind(bench, eq('id', (await pair(bench)).one.id), ['one']),
  ),
  rule('P-3.4.2.2-05', 'MUST', SECTION, 'externalId eq finds a resource', async (bench) =>
    mustFind(bench, eq('externalId', `Ext-${bench.mark}`), ['one']),
  ),
  rule('P-3.4.2.2-22 S-3.1-05', 'MUST', 'RFC 7643 section 3.1', 'externalId is compared with its case', async (bench) =>
    mustFind(bench, eq('externalId', `EXT-${bench.mark}`), []),
  ),
  rule('P-3.4.2.2-05', 'MUST', SECTION, 'ne finds the others', async (bench) => {
    const { one, two } = await pair(bench)
    await mustFind(bench, `userName ne ${quoted(one.userName)} and ${eq('userName', two.userName)}`, ['two'])
    await mustFind(bench, `userName ne ${quoted(one.userName)} and ${eq('userName', one.userName)}`, [])
  }),
  rule('P-3.4.2.2-06', 'MUST', SECTION, 'co, sw and ew find parts of a text', async (bench) => {
    const { text, value, two } = await own(bench)
    for (const [op, part] of [
      ['co', value.slice(2, 9)],
      ['sw', value.slice(0, 8)],
      ['ew', value.slice(-6)],
    ] as const) {
      await mustFind(bench, `${text} ${op} ${quoted(part)}`, ['one'])
    }
    await mustFind(bench, `${text} sw ${quoted(value.slice(1, 8))} and ${two}`, [])
  }),
  rule('P-3.4.2.2-06', 'MUST', SECTION, 'A whole text matches sw and ew', async (bench) => {
    const { text, value } = await own(bench)
    for (const op of ['sw', 'ew', 'co']) await mustFind(bench, `${text} ${op} ${quoted(value)}`, ['one'])
  }),
  rule('P-3.4.2.2-07', 'MUST', SECTION, 'pr finds resources with a value, and no others', async (bench) => {
    const { text, one, two } = await own(bench)
    await mustFind(bench, `${text} pr and ${one}`, ['one'])
    await mustFind(bench, `${text} pr and ${two}`, [])
  }),
  rule('P-3.4.2.2-07', 'MUST', SECTION, 'pr is true for false', async (bench) => {
    bench.requireAttribute('active')
    await mustFind(bench, `active pr and ${(await own(bench)).two}`, ['two'])
  }),
  rule('P-3.4.2.2-05', 'MUST', SECTION, 'A boolean is compared with true and false', async (bench) => {
    bench.requireAttribute('active')
    const { one, two } = await own(bench)
    await mustFind(bench, `active eq false and (${one} or ${two})`, ['two'])
    await mustFind(bench, `active eq true and (${one} or ${two})`, ['one'])
  }),
  rule('P-3.4.2.2-10', 'MUST', SECTION, 'and, or, not and brackets', async (bench) => {
    const { one, two, text } = await own(bench)
    await mustFind(bench, `${one} or ${two}`, ['one', 'two'])
    await mustFind(bench, `${one} and ${two}`, [])
    await mustFind(bench, `not (${one}) and (${one} or ${two})`, ['two'])
    await mustFind(bench, `(${one} or ${two}) and ${text} pr`, ['one'])
  }),
  rule('P-3.4.2.2-11', 'MUST', SECTION, 'and binds before or', async (bench) => {
    const { one, two, text } = await own(bench)
    await mustFind(bench, `${two} or ${one} and ${text} eq "scim-check nothing"`, ['two'])
  }),
  rule('P-3.4.2.2-08', 'MUST', SECTION, 'Times are compared as times', async (bench) => {
    const { one, two } = await own(bench)
    await mustFind(bench, `meta.lastModified gt "2001-01-01T00:00:00Z" and (${one} or ${two})`, ['one', 'two'])
    await mustFind(bench, `meta.created lt "2001-01-01T00:00:00+02:00" and (${one} or ${two})`, [])
  }),
  rule('P-3.4.2.2-16', 'MUST', SECTION, 'Quotes and backslashes in a value are those of JSON', async (bench) => {
    const text = bench.text()
    const value = `say "hi" \\ ${bench.mark}`
    const user = await bench.newUser({ [text]: value })
    const found = await ids(bench, `${text} eq ${quoted(value)}`)
    must(found.has(user.id), 'A value with quotes and a backslash is not found.')
  }),
  rule('P-3.4.2.2-16', 'MUST', SECTION, 'Words of filters inside a value are text', async (bench) => {
    const text = bench.text()
    const value = `a and b or (c) pr ${bench.mark}`
    const user = await bench.newUser({ [text]: value })
    must(
      (await ids(bench, `${text} eq ${quoted(value)}`)).has(user.id),
      'A value with the words "and", "or" and "pr" in it is not found.',
    )
  }),
  rule('P-3.4.2.2-18 P-3.4.2.2-19', 'MUST', SECTION, 'A list matches if one of its values matches', async (bench) => {
    const list = bench.list()
    const values = [
      { value: bench.value(list, 'first'), type: 'work' },
      { value: bench.value(list, 'second.of'), type: 'home' },
    ]
    const user = await bench.newUser({ [list]: values })
    const wanted = bench.value(list, 'second.of')
    must(
      (await ids(bench, `${list}.value eq ${quoted(wanted)}`)).has(user.id),
      `${list}.value eq does not find the second value.`,
    )
  }),
  rule('P-3.4.2.2-12', 'NOTE', SECTION, 'A value path applies all its expressions to the same value', async (bench) => {
    const list = bench.list()
    const values = [
      { value: bench.value(list, 'work.place'), type: 'work' },
      { value: bench.value(list, 'home.pl'), type: 'home' },
    ]
    const user = await bench.newUser({ [list]: values })
    const right = `${list}[type eq "home" and value eq ${quoted(bench.value(list, 'home.pl'))}]`
    const wrong = `${list}[type eq "work" and value eq ${quoted(bench.value(list, 'home.pl'))}]`
    must((await ids(bench, right)).has(user.id), 'A value path does not find the value that fits.')
    must(!(await ids(bench, wrong)).has(user.id), 'A value path takes the type of one value and the text of another.')
  }),
  rule(
    'P-3.10-01 P-3.4.2.2-17',
    'MUST',
    'RFC 7644 section 3.10',
    'An attribute of an extension is named by its URN',
    async (bench) => {
      if (!bench.hasEnterprise()) throw new NotSeen('Users have no enterprise extension.')
      const department = `Tours ${bench.mark}`
      const user = await bench.newUser({ schemas: [bench.user.schema, ENTERPRISE], [ENTERPRISE]: { department } })
      must(
        (await ids(bench, eq(`${ENTERPRISE}:department`, department))).has(user.id),
        '{urn}:department eq does not find the user.',
      )
    },
  ),
  rule('P-3.4.2.2-21', 'MUST', SECTION, 'An unknown operator is refused with 400 invalidFilter', async (bench) =>
    refused(await bench.filtered('userName zz "x"'), 'A filter with the operator zz'),
  ),
  rule('P-3.4.2.2-04', 'MUST', SECTION, 'An invalid filter is refused with 400 invalidFilter', async (bench) => {
    for (const text of ['userName eq', '(userName eq "a"', 'userName', 'eq "a"'])
      refused(await bench.filtered(text), `The filter ${text}`)
  }),
  rule('P-3.4.2.2-09', 'MUST', SECTION, 'gt on a boolean is refused with 400 invalidFilter', async (bench) => {
    bench.requireAttribute('active')
    refused(await bench.filtered('active gt true'), 'The filter active gt true')
  }),
])

function refused(answer: Answer, request: string): void {
  mustRefuse(answer, 400, request, 'invalidFilter')
}
