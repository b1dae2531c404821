import { must, mustBe, mustRefuse, resourcesOf } from '../bench/expect.js'
import { type Area, area, needs, needsUsers, rule } from '../bench/rule.js'

const SECTION = 'RFC 7644 section 3.6'

export const remove: Area = area('Delete', needsUsers, [
  rule('P-3.6-01', 'MUST', SECTION, 'DELETE is answered with 204 and no body', async (bench) => {
    const answer = await bench.send('DELETE', bench.at(bench.users, await bench.newUser()))
    mustBe(answer, 204, `DELETE ${bench.users}/{id}`)
    must(answer.text === '', 'The 204 has a body.')
  }),
  rule('P-3.6-02', 'MUST', SECTION, 'A deleted resource is answered with 404', async (bench) => {
    const user = await bench.newUser()
    const path = bench.at(bench.users, user)
    mustBe(await bench.send('DELETE', path), 204, `DELETE ${bench.users}/{id}`)
    mustRefuse(await bench.get(path), 404, 'GET after DELETE')
    mustRefuse(await bench.put(path, bench.userDraft({ userName: user.userName })), 404, 'PUT after DELETE')
    mustRefuse(await bench.send('DELETE', path), 404, 'A second DELETE')
  }),
  rule(
    'P-3.6-03',
    'MUST',
    SECTION,
    'A deleted resource is in no list',
    async (bench) => {
      const user = await bench.newUser()
      mustBe(await bench.send('DELETE', bench.at(bench.users, user)), 204, `DELETE ${bench.users}/{id}`)
      const answer = await bench.filtered(`userName eq ${JSON.stringify(user.userName)}`)
      must(resourcesOf(answer, 'A filter by userName').length === 0, 'A filter finds the user after DELETE.')
    },
    needs('filter'),
  ),
  rule('P-3.6-04', 'SHOULD', SECTION, 'The name of a deleted resource can be used again', async (bench) => {
    const user = await bench.newUser()
    mustBe(await bench.send('DELETE', bench.at(bench.users, user)), 204, `DELETE ${bench.users}/{id}`)
    mustBe(
      await bench.post(bench.users, bench.userDraft({ userName: user.userName })),
      201,
      'POST with the userName of a deleted user',
    )
  }),
  rule('P-3.6-02', 'MUST', 'RFC 7644 section 3.12', 'DELETE of an unknown id is answered with 404', async (bench) => {
    mustRefuse(await bench.send('DELETE', `${bench.users}/scim-check-nobody`), 404, 'DELETE of an unknown id')
  }),
])
