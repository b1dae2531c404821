import { isUnassigned } from '../../../json-values.js'
import { mustRead } from '../bench/bench.js'
import { bodyOf, type Json, memberOf, must, mustEqual, mustRefuse, shown } from '../bench/expect.js'
import { type Area, area, needsUsers, rule } from '../bench/rule.js'

const SECTION = 'RFC 7644 section 3.5.1'

export const replace: Area = area('Replace', needsUsers, [
  rule('P-3.5-01 P-3.5.1-08', 'MUST', SECTION, 'PUT is answered with 200 and the whole resource', async (bench) => {
    const user = await bench.newUser()
    const draft = bench.userDraft({ userName: user.userName, displayName: 'Replaced' })
    const body = bodyOf(await bench.put(bench.at(bench.users, user), draft), 200, `PUT ${bench.users}/{id}`)
    mustEqual(body.id, user.id, 'id in the answer to PUT')
    must(!isUnassigned(memberOf(body, 'userName')), 'The answer to PUT has no userName.')
  }),
  rule('P-3.5.1-01', 'MUST', SECTION, 'The values of a PUT replace the stored ones', async (bench) => {
    const text = bench.text()
    const user = await bench.newUser({ [text]: 'before' })
    await bench.put(bench.at(bench.users, user), bench.userDraft({ userName: user.userName, [text]: 'after' }))
    await mustRead(bench, user, text, 'after', 'a PUT')
  }),
  rule('P-3.5.1-03 S-2.5-01', 'MUST', SECTION, 'null in a PUT clears a value', async (bench) => {
    const text = bench.text()
    const user = await bench.newUser({ [text]: 'before' })
    const answer = await bench.put(
      bench.at(bench.users, user),
      bench.userDraft({ userName: user.userName, [text]: null }),
    )
    bodyOf(answer, 200, `PUT ${bench.users}/{id} with null`)
    const value = memberOf(await bench.read(bench.users, user), text)
    must(isUnassigned(value), `After a PUT with null, ${text} is ${shown(value)}, must have no value.`)
  }),
  rule('P-3.5.1-06 S-7-06', 'MUST', SECTION, 'readOnly values in a PUT are ignored', async (bench) => {
    const user = await bench.newUser()
    const before = await bench.read(bench.users, user)
    const draft = bench.userDraft({
      userName: user.userName,
      meta: { created: '2001-01-01T00:00:00Z', resourceType: 'Nonsense' },
    })
    const body = bodyOf(
      await bench.put(bench.at(bench.users, user), { ...draft, id: user.id }),
      200,
      `PUT ${bench.users}/{id}`,
    )
    mustEqual(memberOf(body.meta, 'created'), memberOf(before.meta, 'created'), 'meta.created')
    mustEqual(memberOf(body.meta, 'resourceType'), bench.user.name, 'meta.resourceType')
  }),
  rule('P-3.5.1-06', 'NOTE', SECTION, 'The answer to a GET can be sent back with PUT', async (bench) => {
    const user = await bench.newUser()
    const before = await bench.read(bench.users, user)
    bodyOf(
      await bench.put(bench.at(bench.users, user), before),
      200,
      `PUT ${bench.users}/{id} with what GET has answered`,
    )
    const after = await bench.read(bench.users, user)
    for (const name of ['userName', 'name', 'emails', 'displayName', 'active'])
      mustEqual(memberOf(after, name), memberOf(before, name), name)
  }),
  rule('P-3.5.1-07', 'MUST', SECTION, 'A PUT without a required attribute is refused with 400', async (bench) => {
    const user = await bench.newUser()
    mustRefuse(
      await bench.put(bench.at(bench.users, user), bench.userDraft({ userName: undefined })),
      400,
      `PUT ${bench.users}/{id} without userName`,
    )
  }),
  rule(
    'P-3.5.1-10 S-4.1-01',
    'MUST',
    'RFC 7643 section 4.1.1',
    'A PUT with the userName of another user is refused',
    async (bench) => {
      const { userName } = await bench.shared()
      const user = await bench.newUser()
      mustRefuse(
        await bench.put(bench.at(bench.users, user), bench.userDraft({ userName })),
        [409, 400],
        `PUT ${bench.users}/{id} with a taken userName`,
      )
    },
  ),
  rule('P-3.5.1-11 S-3.1-08', 'MUST', 'RFC 7643 section 3.1', 'A PUT changes meta.lastModified', async (bench) => {
    const user = await bench.newUser()
    const before = await bench.meta(bench.users, user)
    await tick(before)
    await bench.put(bench.at(bench.users, user), bench.userDraft({ userName: user.userName, displayName: 'Changed' }))
    const after = await bench.meta(bench.users, user)
    must(
      Date.parse(String(after.lastModified)) > Date.parse(String(before.lastModified)),
      `meta.lastModified is ${shown(after.lastModified)} as before the change.`,
    )
  }),
])

/** Waits until a clock that counts whole seconds has moved on. */
export async function tick(meta: Json): Promise<void> {
  const fine = /\.\d/.test(String(meta.lastModified))
  await new Promise((resolve) => setTimeout(resolve, fine ? 5 : 1_050))
}
