import { describeExpress, sharedApp, TOKEN } from '../support/app.js'
import { sendRaw } from '../support/raw.js'
import { createUsers, expectError, memoryOptions, user } from './service.js'

const SCIM = 'application/scim+json'
const JSON_TYPE = 'application/json'
const authorization = `Bearer ${TOKEN}`

describeExpress('media types of answers', (version) => {
  const app = sharedApp(memoryOptions, version)
  const typeFor = async (accept: string | undefined, path = '/scim/v2/Users') => {
    const headers = { authorization, ...(accept !== undefined && { accept }) }
    const answer = await sendRaw(app.base, { path, headers })
    return { status: answer.status, type: answer.headers['content-type'] }
  }

  test.each([
    SCIM,
    `${SCIM}; charset=utf-8`,
    'Application/SCIM+JSON',
    `text/html, ${SCIM};q=0.1`,
    `${JSON_TYPE}, ${SCIM}`,
  ])('[P-3.8-02, P-3.1-01] Accept: %s gives application/scim+json', async (accept) =>
    expect(await typeFor(accept)).toEqual({ status: 200, type: SCIM }),
  )

  test.each([
    JSON_TYPE,
    `${JSON_TYPE}; charset=utf-8`,
    `text/html, ${JSON_TYPE}`,
    `${SCIM};q=0, ${JSON_TYPE}`,
    `${SCIM};q=0, */*`,
  ])('[P-3.8-03] Accept: %s gives application/json', async (accept) =>
    expect(await typeFor(accept)).toEqual({ status: 200, type: JSON_TYPE }),
  )

  test.each([undefined, '', '*/*', 'application/*', `${JSON_TYPE}, */*;q=0.1`])(
    '[P-3.8-04] Accept: %s gives the default, application/scim+json',
    async (accept) => expect(await typeFor(accept)).toEqual({ status: 200, type: SCIM }),
  )

  test('[P-3.1-01] every answer with a body has the media type, errors too', async () => {
    for (const path of [
      '/Users',
      '/Schemas',
      '/ServiceProviderConfig',
      '/ResourceTypes',
      '/nothing',
      '/Users/nobody',
    ]) {
      expect((await typeFor(undefined, `/scim/v2${path}`)).type).toBe(SCIM)
    }
    const created = await app.scim.post('/Users', user('media-type'))
    const refused = await app.scim.post('/Users', '{')
    for (const { headers } of [created, refused]) expect(headers.get('content-type')).toBe(SCIM)
  })

  test('a client that accepts neither is served all the same, as a tolerance', async () => {
    expect(await typeFor('text/html')).toEqual({ status: 200, type: SCIM })
    expect(await typeFor(`${SCIM};q=0`)).toEqual({ status: 200, type: SCIM })
  })
})

describe('what a client accepts, strictly', () => {
  const app = sharedApp(() =>
    memoryOptions({
      authenticate: ({ token }) => (token === undefined ? null : { compatibility: token as 'strict' | 'tolerant' }),
    }),
  )
  const get = (token: string | undefined, accept: string) =>
    app.scim.get('/Users', { headers: { accept, authorization: token === undefined ? null : `Bearer ${token}` } })

  test('[P-3.12-09] 406 where it accepts neither media type', async () => {
    expectError(await get('strict', 'text/html'), 406)
    expectError(await get('strict', `${SCIM};q=0`), 406)
    expect((await get('strict', JSON_TYPE)).status).toBe(200)
  })

  test('the compatibility of the client decides, and credentials come first', async () => {
    expect((await get('tolerant', 'text/html')).status).toBe(200)
    expectError(await get(undefined, 'text/html'), 401)
  })
})

describeExpress('media types of requests', (version) => {
  const app = sharedApp(memoryOptions, version)
  let number = 0
  const post = (type: string | undefined, body: string | Buffer = JSON.stringify(user(`media-${number++}`))) =>
    sendRaw(app.base, {
      method: 'POST',
      path: '/scim/v2/Users',
      headers: { authorization, ...(type !== undefined && { 'content-type': type }) },
      body,
    })

  test.each([
    SCIM,
    JSON_TYPE,
    `${SCIM};charset=UTF-8`,
    `${JSON_TYPE}; charset="utf-8"`,
    'APPLICATION/Scim+Json',
    undefined,
  ])('[P-3.8-05, P-3.8-06] Content-Type: %s is accepted', async (type) => expect((await post(type)).status).toBe(201))

  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json-patch+json',
    `${SCIM}; charset=iso-8859-1`,
  ])('[P-3.8-06, P-3.12-09] Content-Type: %s is 415', async (type) => expectError(await post(type), 415))

  test('a body with a content encoding is 415, because nothing here unpacks it', async () => {
    const headers = { 'content-encoding': 'gzip' }
    expectError(await app.scim.post('/Users', user('gzip'), { headers }), 415)
    const { status } = await app.scim.post('/Users', user('identity'), { headers: { 'content-encoding': 'identity' } })
    expect(status).toBe(201)
  })

  test('[P-3.8-06] a Content-Type without a body means nothing to GET and DELETE', async () => {
    const [created] = await createUsers(app.scim, user('no-body'))
    const headers = { 'content-type': 'text/plain' }
    expect((await app.scim.get(`/Users/${created.id}`, { headers })).status).toBe(200)
    expect((await app.scim.delete(`/Users/${created.id}`, { headers })).status).toBe(204)
  })

  test('[P-3.8-01] JSON is UTF-8, both ways and without being told', async () => {
    const names = { givenName: 'Zoë 😀', familyName: '山田' }
    const { body, headers } = await post(SCIM, JSON.stringify(user('utf-8', { name: names })))
    expect(body.name).toEqual(names)
    expect(headers['content-length']).toBe(String(Buffer.byteLength(JSON.stringify(body))))
    const { body: read } = await app.scim.get(`/Users/${body.id}`)
    expect(read.name).toEqual(names)
  })

  // A long body is encoded in another way than a short one.
  test.each(['a', 'é', '山', '😀'])(
    '[P-3.8-01] a long body goes out whole, where its last letter is %s',
    async (last) => {
      const displayName = `${'x'.repeat(20_000)}${last}`
      const { body, headers } = await post(SCIM, JSON.stringify(user(`long-${last}`, { displayName })))
      expect(body.displayName).toBe(displayName)
      expect(headers['content-length']).toBe(String(Buffer.byteLength(JSON.stringify(body))))
    },
  )

  test('[P-3.8-01] a byte order mark is no part of the text, and other encodings are 400', async () => {
    expect((await post(SCIM, `\uFEFF${JSON.stringify(user('bom'))}`)).status).toBe(201)
    expectError(await post(SCIM, Buffer.from(JSON.stringify(user('é')), 'latin1')), 400, 'invalidSyntax')
    expectError(await post(SCIM, Buffer.from(JSON.stringify(user('utf-16')), 'utf16le')), 400, 'invalidSyntax')
  })
})
