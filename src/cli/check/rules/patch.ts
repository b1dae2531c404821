import { isUnassigned } from '../../../json-values.js'
import { mustPatch } from '../bench/bench.js'
import { ENTERPRISE, sameUri } from '../bench/capabilities.js'
import { memberOf, must, mustBe, mustEqual, mustRefuse, objectOf, valuesOf } from '../bench/expect.js'
import { NotSeen } from '../bench/outcome.js'
import { type Area, area, needs, type Rule, rule } from '../bench/rule.js'
import { adding } from './patch-add.js'
import { removing } from './patch-remove.js'
import { replacing } from './patch-replace.js'
import { changes, refuses } from './patch-steps.js'

const SECTION = 'RFC 7644 section 3.5.2'

/** Rules for every PATCH, independent of its operations. */
const anyPatch: readonly Rule[] = [
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
  rule('P-3.5.2-13', 'MUST', SECTION, 'A PATCH is applied as a whole or not at all', (bench) =>
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
    'A PATCH to the userName of another user is refused',
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
]

export const patch: Area = area('Patch', needs('patch'), [...anyPatch, ...adding, ...replacing, ...removing])
