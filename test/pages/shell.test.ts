import { pagesOfTest } from './service.js'

const ADMIN = { tenant: 'acme', actor: 'ada', can: ['read', 'people', 'credentials', 'record', 'close'] }

describe.each([4, 5] as const)('the pages on Express %i', (version) => {
  test('the page has relative URLs, no script in it, and headers that keep everything else out', async () => {
    const { customer } = await pagesOfTest({ version })
    const { status, text, headers } = await customer(ADMIN).get('/')
    expect(status).toBe(200)
    expect(text).toMatch(/<script type="module" src="\.\/pages\.js\?v=\w{12}"><\/script>/)
    expect(text.match(/<script/g)).toHaveLength(1)
    expect(text).not.toMatch(/(?:src|href)="\/|style=|\son\w+=/)
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    )
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('access-control-allow-origin')).toBeNull()
  })

  test('without a slash at the end the browser is led to the one with it, whatever a proxy has stripped', async () => {
    const { app } = await pagesOfTest({ version })
    const answer = await fetch(`${new URL(app.base).origin}/settings/scim?x=1`, { redirect: 'manual' })
    expect([answer.status, answer.headers.get('location')]).toEqual([302, './scim/'])
  })

  test('the files are there for everybody and keep for a year', async () => {
    const { customer } = await pagesOfTest({ version })
    const answers = await Promise.all(['/pages.js?v=1', '/pages.css?v=1'].map((path) => customer(undefined).get(path)))
    expect(answers.map(({ status, headers }) => [status, headers.get('content-type')])).toEqual([
      [200, 'text/javascript; charset=utf-8'],
      [200, 'text/css; charset=utf-8'],
    ])
  })
})

test('the session tells who looks', async () => {
  const { customer, staff } = await pagesOfTest()
  const { status, body } = await customer(ADMIN).get('/api/session')
  expect(status).toBe(200)
  expect(body).toMatchObject({ audience: 'customer', tenant: 'acme', actor: 'ada', can: ADMIN.can })
  const other = await staff({ actor: 'bob' }).get('/api/session')
  expect(other.body).toMatchObject({ audience: 'staff', actor: 'bob', can: ['read'] })
})
