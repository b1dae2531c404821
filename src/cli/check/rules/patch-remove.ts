import { isUnassigned } from '../../../json-values.js'
import { mustPatch } from '../bench/bench.js'
import { memberOf, must, mustEqual, valuesOf } from '../bench/expect.js'
import { type Rule, rule } from '../bench/rule.js'
import { changes, refuses, twoValues, values } from './patch-steps.js'

const REMOVE = 'RFC 7644 section 3.5.2.2'

/** Rules about the operation `remove`. */
export const removing: readonly Rule[] = [
  rule('P-3.5.2.2-02', 'MUST', REMOVE, 'remove removes a single value', async (bench) => {
    const text = bench.text()
    await changes(bench, { [text]: 'old' }, [{ op: 'remove', path: text }], text, undefined)
  }),
  rule('P-3.5.2.2-03', 'MUST', REMOVE, 'remove of a list removes all values', async (bench) => {
    const list = bench.list()
    const user = await bench.newUser({ [list]: [{ value: bench.value(list, 'one'), type: 'work' }] })
    mustPatch(await bench.patch(bench.at(bench.users, user), { op: 'remove', path: list }), `PATCH remove ${list}`)
    must(isUnassigned(memberOf(await bench.read(bench.users, user), list)), `${list} has values after remove.`)
  }),
  rule('P-3.5.2.2-04', 'MUST', REMOVE, 'remove with a filter removes the values that match', async (bench) => {
    const { list, user, home } = await twoValues(bench)
    mustPatch(
      await bench.patch(bench.at(bench.users, user), { op: 'remove', path: `${list}[type eq "work"]` }),
      `PATCH remove ${list}[type eq "work"]`,
    )
    mustEqual(await values(bench, user, list), [home], `The values of ${list}`)
  }),
  rule(
    'P-3.5.2.2-05',
    'MUST',
    REMOVE,
    'remove with a filter and a sub-attribute removes the sub-attribute',
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
  rule('P-3.5.2.2-01', 'MUST', REMOVE, 'remove without path is refused with 400 noTarget', (bench) =>
    refuses(bench, [{ op: 'remove' }], 400, 'noTarget'),
  ),
  rule('P-3.5.2.2-06', 'MUST', REMOVE, 'remove of a required attribute is refused', (bench) =>
    refuses(bench, [{ op: 'remove', path: 'userName' }], 400),
  ),
]
