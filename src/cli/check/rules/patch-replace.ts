import { mustPatch, mustRead } from '../bench/bench.js'
import { memberOf, mustEqual } from '../bench/expect.js'
import { type Rule, rule } from '../bench/rule.js'
import { changes, refuses, twoValues, values } from './patch-steps.js'

const REPLACE = 'RFC 7644 section 3.5.2.3'
const SECTION = 'RFC 7644 section 3.5.2'

/** Rules about the operation `replace`. */
export const replacing: readonly Rule[] = [
  rule(
    'P-3.5.2.3-02 P-3.5.2.3-04',
    'MUST',
    REPLACE,
    'replace sets a single value, whether the attribute had one or not',
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
    'replace of a complex attribute keeps sub-attributes that the value does not name',
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
]
