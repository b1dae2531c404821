import { DOMAIN } from '../bench/bench.js'
import { isScimError, memberOf, must, mustBe, mustEqual, mustRefuse, shown } from '../bench/expect.js'
import { NotSeen } from '../bench/outcome.js'
import { type Area, area, needsUsers, rule } from '../bench/rule.js'

const NOBODY = 'scim-check-nobody'

/**
 * Rules about media types, errors and authentication. A server can be seen to refuse only if the check sends a token.
 */
export const message: Area = area('Messages and errors', needsUsers, [
  rule(
    'P-3.1-01 P-3.8-04',
    'MUST',
    'RFC 7644 section 3.1',
    'Answers have the media type application/scim+json',
    async (bench) => {
      for (const path of [`${bench.users}?count=1`, '/ServiceProviderConfig', `${bench.users}/${NOBODY}`]) {
        const answer = await bench.look(path)
        mediaType(answer.headers.get('content-type'), 'application/scim+json', path)
      }
    },
  ),
  rule('P-3.8-03', 'SHOULD', 'RFC 7644 section 3.8', 'Accept: application/json is answered', async (bench) => {
    const answer = await bench.get(`${bench.users}?count=1`, { accept: 'application/json' })
    mustBe(answer, 200, `GET ${bench.users} with Accept: application/json`)
  }),
  rule('P-3.8-05', 'NOTE', 'RFC 7644 section 3.8', 'A body of type application/json is taken', async (bench) => {
    const headers = { 'content-type': 'application/json' }
    const answer = await bench.send('POST', bench.users, { headers, body: bench.userDraft() })
    mustBe(answer, 201, `POST ${bench.users} with Content-Type: application/json`)
  }),
  rule('P-3.8-01', 'MUST', 'RFC 7644 section 3.8', 'Text in UTF-8 comes back as it was sent', async (bench) => {
    const name = { givenName: 'Zoë 李', familyName: 'Ćwikła 🙂' }
    const user = await bench.newUser({ name })
    const read = await bench.read(bench.users, user)
    mustEqual(memberOf(read.name, 'givenName'), name.givenName, 'name.givenName')
    mustEqual(memberOf(read.name, 'familyName'), name.familyName, 'name.familyName')
  }),
  rule('P-3.4.1-02', 'MUST', 'RFC 7644 section 3.12', 'An unknown id is answered with 404', async (bench) => {
    mustRefuse(await bench.look(`${bench.users}/${NOBODY}`), 404, `GET ${bench.users}/{unknown id}`)
  }),
  rule('P-3.12-01', 'MUST', 'RFC 7644 section 3.12', 'Errors have a body of the Error schema', async (bench) => {
    const answer = await bench.look(`${bench.users}/${NOBODY}`)
    must(
      isScimError(answer),
      `The ${answer.status} for an unknown id has the body ${shown(answer.body ?? answer.text.slice(0, 80))}, must be an Error.`,
    )
  }),
  rule(
    'P-3.12-02',
    'MUST',
    'RFC 7644 section 3.12',
    'status in the body of an error is the status of the answer, as a text',
    async (bench) => {
      const answer = await bench.look(`${bench.users}/${NOBODY}`)
      mustEqual(memberOf(answer.body, 'status'), String(answer.status), 'status')
    },
  ),
  rule(
    'P-3.2-04 P-3.12-04',
    'SHOULD',
    'RFC 7644 section 3.12',
    'An unknown endpoint is answered with 404',
    async (bench) => {
      mustRefuse(await bench.get('/ScimCheckUnknown'), 404, 'GET of an unknown endpoint')
    },
  ),
  rule(
    'P-3.8-08 P-3.12-04',
    'SHOULD',
    'RFC 7644 section 3.12',
    'A body that is no JSON is refused with 400',
    async (bench) => {
      mustRefuse(
        await bench.send('POST', bench.users, { body: '{"schemas":[' }),
        400,
        `POST ${bench.users} with broken JSON`,
      )
    },
  ),
  rule(
    'P-3.8-08',
    'NOTE',
    'RFC 7644 table 9',
    'A body that is no JSON is refused with invalidSyntax',
    async (bench) => {
      const answer = await bench.send('POST', bench.users, { body: '{"schemas":[' })
      mustRefuse(answer, 400, `POST ${bench.users} with broken JSON`, 'invalidSyntax')
    },
  ),
  rule(
    'P-3.12-04',
    'SHOULD',
    'RFC 7644 section 3.12',
    'A request without credentials is answered with 401',
    async (bench) => {
      const answer = await bench.get(`${bench.users}?count=1`, { authorization: null })
      if (answer.status < 300) throw new NotSeen('The server asks for no credentials.')
      mustBe(answer, 401, `GET ${bench.users} without credentials`)
    },
  ),
  rule(
    'P-2-01 H-15.5.2-01',
    'MUST',
    'RFC 7644 section 2, RFC 9110 section 15.5.2',
    '401 names the schemes in WWW-Authenticate',
    async (bench) => {
      const answer = await bench.get(`${bench.users}?count=1`, { authorization: null })
      if (answer.status !== 401) throw new NotSeen('The server does not answer with 401.')
      must(answer.headers.get('www-authenticate') !== null, 'The 401 has no WWW-Authenticate header.')
    },
  ),
  rule('P-3.12-01', 'MUST', 'RFC 7644 section 3.12', '401 has a body of the Error schema', async (bench) => {
    const answer = await bench.get(`${bench.users}?count=1`, { authorization: null })
    if (answer.status !== 401) throw new NotSeen('The server does not answer with 401.')
    must(isScimError(answer), 'The body of the 401 is no Error.')
  }),
  rule('P-7-01', 'NOTE', 'RFC 7644 section 7.5', 'An error does not repeat a password', async (bench) => {
    bench.requireAttribute('password')
    const password = 'Sc1m-check-word!'
    const answer = await bench.post(bench.users, { ...bench.userDraft(), userName: undefined, password, emails: 7 })
    must(!answer.text.includes(password), 'The error repeats the password of the request.')
  }),
  rule(
    'P-3.2-02 P-3.5.1-13',
    'MUST',
    'RFC 7644 sections 3.2 and 3.12',
    'PUT does not create: an unknown id is answered with 404',
    async (bench) => {
      const path = `${bench.users}/${NOBODY}`
      const body = { ...bench.userDraft(), id: NOBODY, userName: `nobody.${bench.mark}@${DOMAIN}` }
      const answer = await bench.put(path, body)
      if (answer.status < 300) await bench.ledger.took(bench.users, memberOf(answer.body, 'id'))
      mustRefuse(answer, 404, `PUT ${bench.users}/{unknown id}`)
    },
  ),
])

function mediaType(header: string | null, wanted: string, path: string): void {
  const [type = ''] = (header ?? '').toLowerCase().split(';')
  must(type.trim() === wanted, `Content-Type of GET ${path} is ${shown(header ?? undefined)}, must be ${wanted}.`)
}
