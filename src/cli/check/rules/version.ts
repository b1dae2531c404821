import { memberOf, must, mustBe, mustEqual, shown } from '../bench/expect.js'
import { NotSeen } from '../bench/outcome.js'
import { type Area, area, needs, rule } from '../bench/rule.js'

const SECTION = 'RFC 7644 section 3.14'

export const version: Area = area('Versions', needs('etag'), [
  rule('P-3.14-02', 'MUST', SECTION, 'GET has the version in ETag', async (bench) => {
    const answer = await bench.get(bench.at(bench.users, await bench.shared()))
    must(
      answer.headers.get('etag') !== null,
      'The answer to GET has no ETag although the server says that it has versions.',
    )
  }),
  rule('P-3.14-03 S-3.1-10', 'SHOULD', SECTION, 'meta.version is the same text as ETag', async (bench) => {
    const answer = await bench.get(bench.at(bench.users, await bench.shared()))
    mustEqual(
      memberOf(memberOf(answer.body, 'meta'), 'version'),
      answer.headers.get('etag') ?? undefined,
      'meta.version',
    )
  }),
  rule(
    'P-3.14-04 H-13.1.2-01',
    'NOTE',
    SECTION,
    'If-None-Match with the version is answered with 304',
    async (bench) => {
      const path = bench.at(bench.users, await bench.shared())
      const etag = (await bench.get(path)).headers.get('etag')
      if (etag === null) throw new NotSeen('The server gives no ETag.')
      mustBe(await bench.get(path, { 'if-none-match': etag }), 304, 'GET with If-None-Match')
    },
  ),
  rule(
    'P-3.14-05 H-13.1.1-02',
    'MUST',
    'RFC 7644 section 3.14, RFC 9110 section 13.1.1',
    'If-Match with another version is refused with 412',
    async (bench) => {
      const text = bench.text()
      const user = await bench.newUser({ [text]: 'before' })
      const path = bench.at(bench.users, user)
      const body = bench.userDraft({ userName: user.userName, [text]: 'after' })
      const answer = await bench.send('PUT', path, { body, headers: { 'if-match': 'W/"scim-check-other"' } })
      mustBe(answer, 412, 'PUT with If-Match of another version')
    },
  ),
  rule('P-3.14-06', 'NOTE', SECTION, 'The version changes with a change', async (bench) => {
    const user = await bench.newUser()
    const path = bench.at(bench.users, user)
    const before = (await bench.get(path)).headers.get('etag')
    mustBe(
      await bench.put(path, bench.userDraft({ userName: user.userName, displayName: 'Changed' })),
      200,
      `PUT ${bench.users}/{id}`,
    )
    const after = (await bench.get(path)).headers.get('etag')
    must(before !== after, `ETag is ${shown(after)} as before the change.`)
  }),
])
