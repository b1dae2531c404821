import { memoryAdapters } from '../../src/memory/index.js'
import { sample } from '../docs/sample.js'
import { type App, type AppOptions, startApp, TOKEN } from '../support/app.js'
import { IS_LONG } from '../support/length.js'
import { type Ended, express, type Terminal } from './terminal.js'
import { startWrong, type Wrong } from './wrong-server.js'

const env = { SCIM_TOKEN: TOKEN }
const groupAttributes = { displayName: { uniqueness: 'server' } } as const

function options(more: Partial<AppOptions> = {}): AppOptions {
  const { users, groups } = memoryAdapters({ groups: { attributes: groupAttributes } })
  return {
    cursor: { secrets: ['a secret of the tests'] },
    resources: {
      User: { adapter: users, attributes: { active: { default: true } } },
      Group: { adapter: groups, attributes: groupAttributes },
    },
    ...more,
  }
}

let app: App
const closers: (() => Promise<void>)[] = []
beforeEach(async () => {
  app = await startApp(options())
})
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()))
  await app.close()
})

async function wrong(how: Wrong): Promise<string> {
  const server = await startWrong(app.base, how)
  closers.push(server.close)
  return server.url
}

function check(url: string, line: readonly string[] = [], terminal: Terminal = {}): Promise<Ended> {
  return express(['check', url, '--yes', ...line], { env, ...terminal })
}

async function left(): Promise<number> {
  const counts = await Promise.all(
    ['/Users', '/Groups'].map(async (path) => (await app.scim.get(`${path}?count=0`)).body.totalResults),
  )
  return counts[0] + counts[1]
}

// All rules, one after the other: on a busy machine this test may take longer than others.
jest.setTimeout(180_000)

test('our own service passes everything, and is left as it was', async () => {
  await app.scim.post('/Users', { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName: 'a-real-person' })
  const bodies: any[] = []
  const url = await wrong({ request: ({ method, body }) => void (method === 'POST' && bodies.push(body)) })
  const { code, out } = await check(url, ['--json'])
  const report = JSON.parse(out)
  const bad = report.results.filter(({ status }: any) => !['passed', 'skipped'].includes(status))
  expect(bad.map(({ area, title, message }: any) => `${area}: ${title}: ${message}`)).toEqual([])
  expect(code).toBe(0)
  const gallery = report.areas.find(({ area }: any) => area === 'Microsoft Entra ID, gallery')
  expect([gallery.all, gallery.passed, gallery.skipped]).toEqual([25, 23, 2])
  expect(report.areas.find(({ area }: any) => area === 'Cursors').passed).toBe(3)
  expect(report.left).toEqual([])
  expect(await left()).toBe(1)
  const shown = sample('cli.md', 'check')
  for (const { area, passed } of report.areas) {
    expect([area, Number(new RegExp(`^${area} +(\\d+|·)`, 'm').exec(shown)?.[1]?.replace('·', '0'))]).toEqual([
      area,
      passed,
    ])
  }
  // The announced numbers are upper bounds.
  expect(report.created.users).toBeLessThanOrEqual(150)
  expect(report.created.users).toBeGreaterThan(100)
  expect(report.created.groups).toBeLessThanOrEqual(45)
  leadNowhere(bodies)
})

/** Addresses end in .invalid, and each name has the mark of the run. */
function leadNowhere(bodies: readonly any[]): void {
  const addresses = [...JSON.stringify(bodies).matchAll(/[\w.+-]+@([\w.-]+)/g)].map(([, domain = '']) => domain)
  expect(addresses.length).toBeGreaterThan(50)
  expect(addresses.filter((domain) => domain.toLowerCase() !== 'scim-check.invalid')).toEqual([])
  const names = bodies.flatMap(({ userName, displayName }) => userName ?? displayName ?? [])
  expect(names.filter((name) => !/scim-check-[0-9a-f]{8}/i.test(name))).toEqual([])
}

test('in strict mode it passes everything that the RFCs say', async () => {
  await app.close()
  app = await startApp(options({ compatibility: 'strict' }))
  const { code, out } = await check(app.base, ['--as', 'rfc', '--strict'])
  expect(out).not.toMatch(/FAIL|warn /)
  expect(code).toBe(0)
})

describe('what it may do', () => {
  test('it says what it will create, asks, and does nothing without a yes', async () => {
    for (const answer of ['', 'n', 'no']) {
      const { code, err } = await express(['check', app.base], { env, answer })
      expect(err).toMatch(/This creates about \d+ users and \d+ groups with "scim-check-[0-9a-f]{8}" in their names/)
      expect(err).toMatch(/reactions of the application \(mails, seats, webhooks\) will run.*Continue\? \[y\/N\]/s)
      expect(code).toBe(2)
    }
    const { code, err } = await express(['check', app.base], { env })
    expect([code, err]).toEqual([2, expect.stringContaining('the command cannot ask: add --yes')])
    expect(await left()).toBe(0)
  })

  test('--read-only writes nothing', async () => {
    const methods = new Set<string>()
    const url = await wrong({
      request: ({ method, path }) => void methods.add(/\/\.search/.test(path) ? 'search' : method),
    })
    const { code } = await express(['check', url, '--read-only'], { env })
    expect(code).toBe(0)
    expect([...methods].sort()).toEqual(['GET', 'search'])
  })

  test('a person whom a server answers to a POST is neither changed nor deleted', async () => {
    const { body: real } = await app.scim.post('/Users', {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      userName: 'a-real-person',
    })
    const writes: string[] = []
    const url = await wrong({
      request: ({ method, path, body }) => {
        if (method !== 'GET' && path.includes(real.id)) writes.push(`${method} ${path}`)
        // The wrong server links all users to one account.
        if (method !== 'POST' || path !== '/Users' || body?.userName === undefined) return undefined
        return { status: 201, headers: { 'content-type': 'application/scim+json' }, body: real }
      },
    })
    const { code, out } = await check(url, ['--as', IS_LONG ? 'entra,okta,pingone' : 'okta'])
    expect(writes).toEqual([])
    expect((await app.scim.get(`/Users/${real.id}`)).body).toEqual(real)
    expect(out).toContain('Existed before, answered to a POST, and left unchanged:')
    expect(code).toBe(1)
  })

  test('an account that is older than the run is left alone, whatever its name is', async () => {
    const writes: string[] = []
    const url = await wrong({
      request: ({ method, path }) =>
        void (['DELETE', 'PUT', 'PATCH'].includes(method) && /^\/Users\/[0-9a-f-]{36}/.test(path) && writes.push(path)),
      answer: ({ body }) => {
        if (body?.meta?.created) body.meta.created = '2020-01-01T00:00:00Z'
      },
    })
    const { out } = await check(url, ['--as', 'pingone'])
    expect(writes).toEqual([])
    expect(out).toContain('it was created before this run')
  })

  test('what cannot be deleted is named, and the check is not a success', async () => {
    const url = await wrong({
      request: ({ method }) =>
        method === 'DELETE'
          ? { status: 500, headers: { 'content-type': 'application/scim+json' }, body: {} }
          : undefined,
    })
    const { code, out } = await check(url, ['--as', 'keycloak'])
    expect(out).toMatch(
      /Could not be deleted:\n(?: {2}\/.+\n)* {2}\/Users\/[\w-]+ kc-r-\d+-scim-check-\w+: DELETE is answered with 500/,
    )
    expect(code).toBe(2)
  })

  test('Ctrl-C ends the check, and what was created is deleted', async () => {
    let press: () => void = () => undefined
    let posts = 0
    const url = await wrong({
      answer: (_answer, { method }) => {
        if (method === 'POST' && ++posts === 12) press()
      },
    })
    const { code, out, err } = await check(url, [], {
      interrupt: (callback) => {
        press = callback
      },
    })
    expect(err).toContain('the created resources are deleted first')
    expect(out).toContain('The check was ended early.')
    expect([code, await left()]).toEqual([2, 0])
  })

  test('what a lost answer created is found by its mark and deleted', async () => {
    let lost = false
    const url = await wrong({
      answer: (answer, { method, path }) => {
        if (lost || method !== 'POST' || path !== '/Users') return
        lost = true
        Object.assign(answer, { status: 502, body: 'bad gateway' })
      },
    })
    await check(url, ['--as', 'pingone'])
    expect([lost, await left()]).toEqual([true, 0])
  })
})

describe('secrets and people', () => {
  test('a token on the command line is refused; the environment, a file and standard input are read', async () => {
    expect(await express(['check', app.base, '--token', TOKEN])).toMatchObject({
      code: 2,
      err: expect.stringContaining('must not be on the command line'),
    })
    const read = ['check', app.base, '--read-only', '--as', 'rfc']
    expect(await express([...read, '--token', '-'], { input: `${TOKEN}\n` })).toMatchObject({ code: 0 })
    expect(await express([...read, '--token-file', 't'], { files: { t: TOKEN } })).toMatchObject({ code: 0 })
    expect(await express(read, { env: { SCIM_TOKEN: 'wrong' } })).toMatchObject({
      code: 2,
      err: expect.stringContaining('refuses the credentials'),
    })
    expect(await express([...read, '-H', 'Authorization: Bearer $MINE'], { env: { MINE: TOKEN } })).toMatchObject({
      code: 0,
    })
  })

  test('plain http to another host is refused before anything is sent', async () => {
    expect(await express(['check', 'http://app.example/scim/v2', '--yes'], { env })).toMatchObject({
      code: 2,
      err: expect.stringContaining('Plain http to app.example'),
    })
    expect(await express(['check', 'http://app.example/', '--insecure', 'other.example'], { env })).toMatchObject({
      code: 2,
      err: expect.stringContaining('must name the host'),
    })
  })

  test('reports hold no token and nobody whom the run did not create', async () => {
    await app.scim.post('/Users', {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      userName: 'a-real-person',
    })
    // Every list is wrong, so every list is shown.
    const url = await wrong({
      answer: ({ body }) => {
        if (body?.Resources) body.totalResults = 'many'
      },
    })
    for (const format of [['--json'], ['--verbose'], ['--junit', 'x.xml']]) {
      const { code, out, files } = await check(url, ['--as', IS_LONG ? 'okta,google' : 'google', ...format])
      const text = out + [...files.values()].join('')
      expect(code).toBe(1)
      expect(text).not.toMatch(new RegExp(`a-real-person|${TOKEN}`))
      if (format[0] !== '--junit') expect(text).toContain('a resource that this run did not create')
    }
  })

  test('text of a server cannot move the cursor of the terminal', async () => {
    const url = await wrong({
      answer: (answer) => {
        if (answer.status !== 404) return
        answer.status = 400
        answer.body.detail = '\u001b[2Jgone'
      },
    })
    const { out } = await check(url, ['--as', 'rfc', '--read-only', '--verbose'])
    expect(out).toContain('?[2Jgone')
    expect(out).not.toContain('\u001b')
  })
})

describe('what it writes', () => {
  const readOnly = ['--read-only', '--as', 'rfc']

  test('colours only for a person who has not said no', async () => {
    expect((await check(app.base, readOnly)).out).not.toContain('\u001b[')
    expect((await check(app.base, readOnly, { colours: true })).out).toContain('\u001b[1m')
    expect((await check(app.base, readOnly, { colours: true, env: { ...env, NO_COLOR: '1' } })).out).not.toContain(
      '\u001b[',
    )
  })

  test('a finding has its rule, and with --verbose the request and the answer', async () => {
    const url = await wrong({
      answer: (answer) => {
        if (answer.status === 404) answer.body.status = 404
      },
    })
    const { out } = await check(url, ['--as', 'rfc', '--read-only', '--verbose'])
    expect(out).toMatch(
      /FAIL Messages and errors: status in the body .* {2}RFC 7644 section 3\.12 \[P-3\.12-02\]\n {5}status is 404, must be "404"\./,
    )
    expect(out).toMatch(
      /> GET http:\/\/127\.0\.0\.1:\d+\/Users\/scim-check-nobody\n[^<]*authorization: \[hidden\]\n[^<]*< 404/,
    )
  })

  test('JUnit is XML with a case for each rule', async () => {
    const { files } = await check(app.base, [...readOnly, '--junit', 'scim.xml'])
    const xml = files.get('scim.xml') ?? ''
    expect(xml).toMatch(/^<\?xml version="1\.0"/)
    expect(xml.match(/<testcase /g)?.length).toBeGreaterThan(190)
    expect(xml.replace(/<[^<>]*>/g, '').trim()).toBe('')
  })

  test('--strict makes warnings failures', async () => {
    const url = await wrong({
      request: (request) => {
        request.path = request.path.replace('?filter=name', '?x=name')
      },
    })
    expect((await check(url, readOnly)).code).toBe(0)
    expect((await check(url, [...readOnly, '--strict'])).code).toBe(1)
  })

  test('a server that is none cannot be checked', async () => {
    const url = await wrong({
      request: () => ({ status: 404, headers: { 'content-type': 'text/html' }, body: '<html>' }),
    })
    expect(await check(url)).toMatchObject({
      code: 2,
      err: expect.stringContaining('There is no SCIM service provider'),
    })
    await app.close()
    expect(await check(app.base)).toMatchObject({
      code: 2,
      err: expect.stringContaining('ECONNREFUSED'),
    })
    app = await startApp(options())
  })
})

test('an application that wants more of a user gets it from --user', async () => {
  const url = await wrong({
    request: ({ method, path, body }) =>
      method === 'POST' && path === '/Users' && body?.title === undefined
        ? { status: 400, headers: { 'content-type': 'application/scim+json' }, body: {} }
        : undefined,
  })
  const given = ['--as', 'entra']
  const without = await check(url, given)
  const within = await check(url, [...given, '--user', 'u.json'], { files: { 'u.json': '{"title":"Guide"}' } })
  const score = (out: string): number => Number(/gallery\s+(\d+) of/.exec(out)?.[1])
  expect(score(within.out)).toBeGreaterThan(score(without.out))
  expect(await check(url, ['--user', 'u.json'], { files: { 'u.json': '[' } })).toMatchObject({ code: 2 })
})
