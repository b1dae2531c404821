import { mustPatch } from '../bench/bench.js'
import { memberOf, mustEqual } from '../bench/expect.js'
import { type Rule, rule } from '../bench/rule.js'
import { changes, refuses, values } from './patch-steps.js'
import { tick } from './replace.js'

const ADD = 'RFC 7644 section 3.5.2.1'

/** Rules about the operation `add`. */
export const adding: readonly Rule[] = [
  rule(
    'P-3.5.2.1-03 P-3.5.2.1-06',
    'MUST',
    ADD,
    'add sets a single value, whether the attribute had one or not',
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
  rule('P-3.5.2.1-05', 'MUST', ADD, 'add to a list adds values and keeps the existing ones', async (bench) => {
    const list = bench.list()
    const [one, two] = [bench.value(list, 'one'), bench.value(list, 'three')]
    const user = await bench.newUser({ [list]: [{ value: one, type: 'work' }] })
    mustPatch(
      await bench.patch(bench.at(bench.users, user), { op: 'add', path: list, value: [{ value: two, type: 'home' }] }),
      `PATCH add ${list}`,
    )
    mustEqual(await values(bench, user, list), [one, two].sort(), `The values of ${list}`)
  }),
  rule('P-3.5.2.1-07', 'SHOULD', ADD, 'add of an existing value changes nothing', async (bench) => {
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
    const before = await bench.meta(bench.users, user)
    await tick(before)
    mustPatch(
      await bench.patch(bench.at(bench.users, user), { op: 'add', path: text, value: 'same' }),
      `PATCH add ${text}`,
    )
    const after = await bench.meta(bench.users, user)
    mustEqual(after.lastModified, before.lastModified, 'meta.lastModified')
  }),
  rule('P-3.5.2.1-01', 'MUST', ADD, 'add without value is refused with 400', (bench) =>
    refuses(bench, [{ op: 'add', path: bench.text() }], 400),
  ),
]
