import { type Bench, mustPatch, mustRead } from '../bench.js'
import { ENTERPRISE, sameUri } from '../capabilities.js'
import {
  isUnassigned,
  type Json,
  memberOf,
  must,
  mustBe,
  mustEqual,
  mustRefuse,
  objectOf,
  shown,
  valuesOf,
} from '../expect.js'
import { NotSeen } from '../outcome.js'
import { type Area, area, needs, rule } from '../rule.js'
import { tick } from './replace.js'

const ADD = 'RFC 7644 section 3.5.2.1'
const REPLACE = 'RFC 7644 section 3.5.2.3'
const SECTION = 'RFC 7644 section 3.5.2'

/** Patches a new user and holds what an attribute is afterwards. */
async function changes(
  bench: Bench,
  before: Json,
  operations: readonly Json[],
  name: string,
  after: unknown,
): Promise<Json> {
  const user = await bench.newUser(before)
  mustPatch(await bench.patch(bench.at(bench.users, user), ...operations), `PATCH ${shown(operations)}`)
  return mustRead(bench, user, name, after, `PATCH ${shown(operations)}`)
}

/** A PATCH that must be refused, and must change nothing. */
async function refuses(
  bench: Bench,
  operations: readonly Json[],
  statuses: number | readonly number[],
  scimType?: string,
): Promise<void> {
  const text = bench.text()
  const user = await bench.newUser({ [text]: 'before' })
  const answer = await bench.patch(bench.at(bench.users, user), ...operations)
  mustRefuse(answer, statuses, `PATCH ${shown(operations)}`, scimType)
  await mustRead(bench, user, text, 'before', 'a PATCH that was refused')
}

export const patch: Area = area('Patch', needs('patch'), [
  rule(
    'P-3.5.2-15',
    'MUST',
    SECTION,
    'PATCH is answered with 200 and the whole resource, or with 204',
    async (bench) => {
      const user = await bench.newUser()
      const answer = await bench.patch(bench.at(bench.users, user), {
        op: 'replace',
        path: 'displayName',
        value: 'Changed',
      })
      mustBe(answer, [200, 204], `PATCH ${bench.users}/{id}`)
      if (answer.status === 204) return must(answer.text === '', 'The 204 has a body.')
      const body = objectOf(answer, `PATCH ${bench.users}/{id}`)
      must(
        body.id === user.id && !isUnassigned(memberOf(body, 'userName')),
        'The 200 does not have the whole resource.',
      )
    },
  ),
  rule('P-3.5.2-16', 'MUST', SECTION, 'PATCH with attributes is answered with 200', async (bench) => {
    const user = await bench.newUser()
    const answer = await bench.patch(`${bench.at(bench.users, user)}?attributes=displayName`, {
      op: 'replace',
      path: 'displayName',
      value: 'Changed',
    })
    mustBe(answer, 200, `PATCH ${bench.users}/{id}?attributes=displayName`)
    must(memberOf(answer.body, 'emails') === undefined, 'emails is in the answer although attributes does not name it.')
  }),
  rule(
    'P-3.5.2.1-03 P-3.5.2.1-06',
    'MUST',
    ADD,
    'add sets a single value, whether there was one or not',
    async (bench) => {
      const text = bench.text()
      await changes(bench, { [text]: undefined }, [{ op: 'add', path: text, value: 'new' }], text, 'new')
      await changes(bench, { [text]: 'old' }, [{ op: 'add', path: text, value: 'new' }], text, 'new')
    },
  ),
  rule('P-3.5.2.1-02', 'MUST', ADD, 'add without path sets each attribute of the value', async (bench) => {
    const text = bench.text()
    const read = await changes(
      bench,
      {},
      [{ op: 'add', value: { [text]: 'new', name: { givenName: 'New' } } }],
      text,
      'new',
    )
    mustEqual(memberOf(read.name, 'givenName'), 'New', 'name.givenName after an add without path')
  }),
  rule('P-3.5.2.1-04', 'MUST', ADD, 'add to a complex attribute leaves the other sub-attributes', async (bench) => {
    const user = await bench.newUser()
    mustPatch(
      await bench.patch(bench.at(bench.users, user), { op: 'add', path: 'name', value: { givenName: 'New' } }),
      'PATCH add name',
    )
    const { name } = await bench.read(bench.users, user)
    mustEqual(memberOf(name, 'givenName'), 'New', 'name.givenName')
    mustEqual(memberOf(name, 'familyName'), memberOf(user.name, 'familyName'), 'name.familyName')
  }),
  rule('P-3.5.2.1-05', 'MUST', ADD, 'add to a list adds values and leaves those that are there', async (bench) => {
    const list = bench.list()
    const [one, two] = [bench.value(list, 'one'), bench.value(list, 'three')]
    const user = await bench.newUser({ [list]: [{ value: one, type: 'work' }] })
    mustPatch(
      await bench.patch(bench.at(bench.users, user), { op: 'add', path: list, value: [{ value: two, type: 'home' }] }),
      `PATCH add ${list}`,
    )
    mustEqual(await values(bench, user, list), [one, two].sort(), `The values of ${list}`)
  }),
  rule('P-3.5.2.1-07', 'SHOULD', ADD, 'add of a value that is there changes nothing', async (bench) => {
    const list = bench.list()
    const value = { value: bench.value(list, 'one'), type: 'work' }
    const user = await bench.newUser({ [list]: [value] })
    mustPatch(
      await bench.patch(bench.at(bench.users, user), { op: 'add', path: list, value: [value] }),
      `PATCH add ${list}`,
    )
    mustEqual(await values(bench, user, list), [value.value], `The values of ${list}`)
  }),
  rule('P-3.5.2.1-08', 'MUST', ADD, 'A PATCH that changes nothing leaves meta.lastModified', async (bench) => {
    const text = bench.text()
    const user = await bench.newUser({ [text]: 'same' })
    const before = (await bench.read(bench.users, user)).meta as Json | undefined
    await tick(before)
    mustPatch(
      await bench.patch(bench.at(bench.users, user), { op: 'add', path: text, value: 'same' }),
      `PATCH add ${text}`,
    )
    const after = (await bench.read(bench.users, user)).meta as Json | undefined
    mustEqual(after?.lastModified, before?.lastModified, 'meta.lastModified')
  }),
  rule(
    'P-3.5.2.3-02 P-3.5.2.3-04',
    'MUST',
    REPLACE,
    'replace sets a single value, whether there was one or not',
    async (bench) => {
      const text = bench.text()
      await changes(bench, { [text]: 'old' }, [{ op: 'replace', path: text, value: 'new' }], text, 'new')
      await changes(bench, { [text]: undefined }, [{ op: 'replace', path: text, value: 'new' }], text, 'new')
    },
  ),
  rule(
    'P-3.5.2.3-01',
    'MUST',
    REPLACE,
    'replace without path sets each attribute of the value and no other',
    async (bench) => {
      const text = bench.text()
      const user = await bench.newUser({ [text]: 'old' })
      mustPatch(
        await bench.patch(bench.at(bench.users, user), { op: 'replace', value: { [text]: 'new' } }),
        'PATCH replace without path',
      )
      const read = await mustRead(bench, user, text, 'new', 'a replace without path')
      mustEqual(memberOf(read.name, 'familyName'), memberOf(user.name, 'familyName'), 'name.familyName')
    },
  ),
  rule(
    'P-3.5.2.3-05',
    'MUST',
    REPLACE,
    'replace of a complex attribute leaves sub-attributes that are not given',
    async (bench) => {
      const user = await bench.newUser()
      mustPatch(
        await bench.patch(bench.at(bench.users, user), { op: 'replace', path: 'name', value: { givenName: 'New' } }),
        'PATCH replace name',
      )
      const { name } = await bench.read(bench.users, user)
      mustEqual(memberOf(name, 'givenName'), 'New', 'name.givenName')
      mustEqual(memberOf(name, 'familyName'), memberOf(user.name, 'familyName'), 'name.familyName')
    },
  ),
  rule('P-3.5.2-06', 'MUST', SECTION, 'A path may name a sub-attribute', async (bench) => {
    const user = await bench.newUser()
    mustPatch(
      await bench.patch(bench.at(bench.users, user), { op: 'replace', path: 'name.givenName', value: 'New' }),
      'PATCH replace name.givenName',
    )
    mustEqual(memberOf((await bench.read(bench.users, user)).name, 'givenName'), 'New', 'name.givenName')
  }),
  rule('P-3.5.2.3-03', 'MUST', REPLACE, 'replace of a list replaces all its values', async (bench) => {
    const list = bench.list()
    const value = { value: bench.value(list, 'three'), type: 'home' }
    const user = await bench.newUser({ [list]: [{ value: bench.value(list, 'one'), type: 'work' }] })
    mustPatch(
      await bench.patch(bench.at(bench.users, user), { op: 'replace', path: list, value: [value] }),
      `PATCH replace ${list}`,
    )
    mustEqual(await values(bench, user, list), [value.value], `The values of ${list}`)
  }),
  rule(
    'P-3.5.2.3-07',
    'MUST',
    REPLACE,
    'replace with a filter and a sub-attribute changes the values that match',
    async (bench) => {
      const { list, user, home } = await twoValues(bench)
      const value = bench.value(list, 'new.value')
      mustPatch(
        await bench.patch(bench.at(bench.users, user), { op: 'replace', path: `${list}[type eq "work"].value`, value }),
        `PATCH ${list}[type eq "work"].value`,
      )
      mustEqual(await values(bench, user, list), [home, value].sort(), `The values of ${list}`)
    },
  ),
  rule(
    'P-3.5.2.3-08',
    'MUST',
    REPLACE,
    'replace with a filter that matches nothing is refused with 400 noTarget',
    async (bench) => {
      const list = bench.list()
      const path = `${list}[value eq "scim-check-nothing"]`
      await refuses(
        bench,
        [{ op: 'replace', path, value: { value: bench.value(list, 'new'), type: 'work' } }],
        400,
        'noTarget',
      )
    },
  ),
  rule('P-3.5.2.2-02', 'MUST', 'RFC 7644 section 3.5.2.2', 'remove takes a single value away', async (bench) => {
    const text = bench.text()
    await changes(bench, { [text]: 'old' }, [{ op: 'remove', path: text }], text, undefined)
  }),
  rule('P-3.5.2.2-03', 'MUST', 'RFC 7644 section 3.5.2.2', 'remove of a list takes all values away', async (bench) => {
    const list = bench.list()
    const user = await bench.newUser({ [list]: [{ value: bench.value(list, 'one'), type: 'work' }] })
    mustPatch(await bench.patch(bench.at(bench.users, user), { op: 'remove', path: list }), `PATCH remove ${list}`)
    must(isUnassigned(memberOf(await bench.read(bench.users, user), list)), `${list} has values after remove.`)
  }),
  rule(
    'P-3.5.2.2-04',
    'MUST',
    'RFC 7644 section 3.5.2.2',
    'remove with a filter takes the values that match',
    async (bench) => {
      const { list, user, home } = await twoValues(bench)
      mustPatch(
        await bench.patch(bench.at(bench.users, user), { op: 'remove', path: `${list}[type eq "work"]` }),
        `PATCH remove ${list}[type eq "work"]`,
      )
      mustEqual(await values(bench, user, list), [home], `The values of ${list}`)
    },
  ),
  rule(
    'P-3.5.2.2-05',
    'MUST',
    'RFC 7644 section 3.5.2.2',
    'remove with a filter and a sub-attribute takes that away',
    async (bench) => {
      const { list, user, work } = await twoValues(bench)
      mustPatch(
        await bench.patch(bench.at(bench.users, user), {
          op: 'remove',
          path: `${list}[value eq ${JSON.stringify(work)}].type`,
        }),
        'PATCH remove of a sub-attribute',
      )
      const stored = valuesOf(await bench.read(bench.users, user), list)
      must(isUnassigned(stored.find(({ value }) => value === work)?.type), 'The sub-attribute is still there.')
      mustEqual(stored.find(({ value }) => value !== work)?.type, 'home', 'type of the other value')
    },
  ),
  rule(
    'P-3.5.2.2-01',
    'MUST',
    'RFC 7644 section 3.5.2.2',
    'remove without path is refused with 400 noTarget',
    (bench) => refuses(bench, [{ op: 'remove' }], 400, 'noTarget'),
  ),
  rule('P-3.5.2.2-06', 'MUST', 'RFC 7644 section 3.5.2.2', 'remove of a required attribute is refused', (bench) =>
    refuses(bench, [{ op: 'remove', path: 'userName' }], 400),
  ),
  rule('P-3.5.2-07', 'MUST', SECTION, 'A change of id is refused with 400', (bench) =>
    refuses(bench, [{ op: 'replace', path: 'id', value: 'other' }], 400),
  ),
  rule('P-3.5.2-07', 'NOTE', 'RFC 7644 table 9', 'A change of id is refused with scimType mutability', (bench) =>
    refuses(bench, [{ op: 'replace', path: 'id', value: 'other' }], 400, 'mutability'),
  ),
  rule('P-3.5.2-04', 'MUST', SECTION, 'An unknown op is refused with 400', (bench) =>
    refuses(bench, [{ op: 'change', path: bench.text(), value: 'x' }], 400),
  ),
  rule('P-3.5.2-03', 'MUST', SECTION, 'A PATCH without Operations is refused with 400', async (bench) => {
    const user = await bench.newUser()
    const body = { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'] }
    mustRefuse(await bench.send('PATCH', bench.at(bench.users, user), { body }), 400, 'PATCH without Operations')
  }),
  rule('P-3.5.2.1-01', 'MUST', ADD, 'add without value is refused with 400', (bench) =>
    refuses(bench, [{ op: 'add', path: bench.text() }], 400),
  ),
  rule('P-3.5.2-13', 'MUST', SECTION, 'A PATCH is done as a whole or not at all', (bench) =>
    refuses(
      bench,
      [
        { op: 'replace', path: bench.text(), value: 'after' },
        { op: 'remove', path: 'userName' },
      ],
      400,
    ),
  ),
  rule('P-3.5.2-11', 'MUST', SECTION, 'Operations are applied in their order', async (bench) => {
    const text = bench.text()
    const operations = [
      { op: 'replace', path: text, value: 'one' },
      { op: 'remove', path: text },
      { op: 'add', path: text, value: 'three' },
    ]
    await changes(bench, { [text]: 'zero' }, operations, text, 'three')
  }),
  rule('P-3.5.2-12', 'MUST', SECTION, 'A new primary value takes primary from the old one', async (bench) => {
    const list = bench.list()
    const user = await bench.newUser({ [list]: [{ value: bench.value(list, 'one'), type: 'work', primary: true }] })
    const value = { value: bench.value(list, 'three'), type: 'home', primary: true }
    mustPatch(
      await bench.patch(bench.at(bench.users, user), { op: 'add', path: list, value: [value] }),
      `PATCH add ${list}`,
    )
    const primary = valuesOf(await bench.read(bench.users, user), list).filter((one) => one.primary === true)
    mustEqual(
      primary.map((one) => one.value),
      [value.value],
      'The primary values',
    )
  }),
  rule(
    'P-3.5.2-09 P-3.10-01',
    'MUST',
    SECTION,
    'A path may name an attribute of an extension; its URI comes into schemas',
    async (bench) => {
      if (!bench.hasEnterprise()) throw new NotSeen('Users have no enterprise extension.')
      const user = await bench.newUser()
      mustPatch(
        await bench.patch(bench.at(bench.users, user), { op: 'add', path: `${ENTERPRISE}:department`, value: 'Tours' }),
        'PATCH add {urn}:department',
      )
      const read = await bench.read(bench.users, user)
      mustEqual(memberOf(memberOf(read, ENTERPRISE), 'department'), 'Tours', `${ENTERPRISE}:department`)
      must(
        Array.isArray(read.schemas) && read.schemas.some((uri) => sameUri(uri, ENTERPRISE)),
        `schemas must have ${ENTERPRISE}.`,
      )
    },
  ),
  rule(
    'P-3.5.2-19 S-4.1-01',
    'MUST',
    'RFC 7643 section 4.1.1',
    'A PATCH to the userName of somebody else is refused',
    async (bench) => {
      const { userName } = await bench.shared()
      await refuses(bench, [{ op: 'replace', path: 'userName', value: userName }], [409, 400])
    },
  ),
  rule('P-3.5.2-18', 'NOTE', 'RFC 7644 table 9', 'A path that cannot be read is refused with 400', (bench) =>
    refuses(bench, [{ op: 'replace', path: 'emails[type eq', value: 'x' }], 400),
  ),
  rule(
    'P-3.5.2-21 P-3.5.2-14',
    'MUST',
    'RFC 7644 section 3.12',
    'PATCH of an unknown id is answered with 404',
    async (bench) => {
      mustRefuse(
        await bench.patch(`${bench.users}/scim-check-nobody`, { op: 'replace', path: 'displayName', value: 'x' }),
        404,
        'PATCH of an unknown id',
      )
    },
  ),
])

async function values(bench: Bench, user: Json, list: string): Promise<readonly unknown[]> {
  return valuesOf(await bench.read(bench.users, user), list)
    .map(({ value }) => value)
    .sort()
}

async function twoValues(bench: Bench) {
  const list = bench.list()
  const [work, home] = [bench.value(list, 'work.place'), bench.value(list, 'home.pl')]
  const user = await bench.newUser({
    [list]: [
      { value: work, type: 'work' },
      { value: home, type: 'home' },
    ],
  })
  return { list, user, work, home }
}
