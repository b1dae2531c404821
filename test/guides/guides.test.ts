import { type Guide, guides, mappingFor, renderGuide, type Step, stepsFor, textsOf } from '../../src/guides/index.js'
import { OCCASIONS, PLACEHOLDERS } from '../../src/guides/values.js'

const all: readonly Guide[] = Object.values(guides)
const supported = all.filter((guide) => guide.supported)
const values = { product: 'Acme', url: 'https://app.example/scim/v2', support: 'help@acme.example' }

/** Each pair of a kind of application and a method that go together. */
const variants = supported.flatMap((guide) => {
  const every = guide.methods.map(({ id }) => id)
  const apps = guide.apps.length === 0 ? [{ id: undefined, methods: every }] : guide.apps
  return apps.flatMap(({ id: app, methods = every }) =>
    methods.map((method) => ({ guide, app, method, title: `${guide.id}, ${app ?? 'any'}, ${method}` })),
  )
})

describe.each(all)('the guide $id', (guide) => {
  test('is found by its id, says where it comes from, and when that was read', () => {
    expect(Object.entries(guides).find(([, one]) => one === guide)?.[0]).toBe(guide.id)
    expect(guide.sources.length).toBeGreaterThan(0)
    for (const { url, checked } of guide.sources) {
      expect(new URL(url).protocol).toBe('https:')
      expect(new Date(checked).toISOString().slice(0, 10)).toBe(checked)
    }
  })

  test('has ids that are there once', () => {
    const { apps, methods, steps, symptoms, sources } = guide
    const lists = [apps, methods, steps, symptoms, sources, ...steps.flatMap(partsOf)]
    for (const list of lists) expect(list.map(({ id }) => id)).toEqual([...new Set(list.map(({ id }) => id))])
  })

  test('names kinds of application and methods that it has', () => {
    const apps = guide.apps.map(({ id }) => id)
    const methods = guide.methods.map(({ id }) => id)
    for (const step of guide.steps) {
      expect(apps).toEqual(expect.arrayContaining([...(step.apps ?? [])]))
      expect(methods).toEqual(expect.arrayContaining([...(step.methods ?? [])]))
    }
    for (const app of guide.apps) expect(methods).toEqual(expect.arrayContaining([...(app.methods ?? [])]))
  })

  test('is written in short texts, with placeholders that have a value', () => {
    for (const [key, text] of Object.entries(textsOf(guide))) {
      expect(text.trim()).toBe(text)
      expect(text).not.toBe('')
      expect([key, text.length > 420]).toEqual([key, false])
      const known: readonly string[] = key.endsWith('.say') ? [...PLACEHOLDERS, ...OCCASIONS] : PLACEHOLDERS
      expect([key, placeholdersIn(text).filter((name) => !known.includes(name))]).toEqual([key, []])
      expect([key, text.split('**').length % 2, text.split('`').length % 2]).toEqual([key, 1, 1])
    }
  })

  test('fills every placeholder of what is pasted', () => {
    for (const { value } of guide.steps.flatMap((step) => step.fields ?? [])) {
      expect(placeholdersIn(value).filter((name) => !(PLACEHOLDERS as readonly string[]).includes(name))).toEqual([])
    }
  })

  test('makes a page without placeholders, on which every text of it stands', () => {
    const page = renderGuide(guide, values)
    expect(placeholdersIn(page)).toEqual([])
    expect(page).not.toMatch(/undefined|\[object|NaN/)
    expect(page.match(/^# .+$/gm)).toHaveLength(1)
    for (const step of guide.steps) expect(page).toMatch(new RegExp(`^## \\d+\\. ${start(step.title)}`, 'm'))
    for (const { shows } of guide.symptoms) expect(page).toContain(shows)
    for (const { url, checked } of guide.sources) expect(page).toContain(`${url}), read on ${checked}`)
    for (const row of tableRows(page)) expect(row.columns).toBe(row.head)
  })
})

describe.each(variants)('the variant $title', ({ guide, app, method }) => {
  const steps = stepsFor(guide, { app, method })

  test('leads from a URL and credentials to a first person and to a leaver', () => {
    const fields = steps.flatMap((step) => step.fields ?? []).map(({ value }) => value)
    expect(fields.some((value) => value.includes('{url}'))).toBe(true)
    expect(fields.some((value) => /\{(?:token|clientId)\}/.test(value))).toBe(true)
    const created = { method: 'POST', path: '/Users', status: 201 }
    expect(steps.some((step) => step.seen?.(created))).toBe(true)
    expect(steps.some((step) => step.seen?.({ method: 'DELETE', path: '/Users/1', status: 204 }))).toBe(true)
  })

  test('has one step for credentials, with what is said of each reason for a 401', () => {
    const credentials = steps.filter((step) => step.fields?.some(({ value }) => value.includes('{url}')))
    expect(credentials).toHaveLength(1)
    for (const reason of ['missing', 'malformed', 'mistyped', 'expired', 'revoked', 'paused', 'closed', 'unknown']) {
      const entry = { method: 'GET', path: '/Users', status: 401, refusal: { reason } }
      expect([reason, faults(credentials, entry)]).toEqual([reason, [expect.any(String)]])
    }
    expect(faults(credentials, { method: 'GET', path: '/Users', status: 401 })).toEqual(['otherToken'])
  })

  test('makes a page of these steps alone', () => {
    const page = renderGuide(guide, values, { app, method })
    expect(page.match(/^## \d+\. .+$/gm)).toHaveLength(steps.length)
    expect(placeholdersIn(page)).toEqual([])
  })
})

describe('the mapping', () => {
  const step = guides.entra.steps.find(({ mapping }) => mapping !== undefined) as Step

  test('takes for userName the attribute by which people sign in', () => {
    const sources = (signIn?: 'emails') =>
      mappingFor(step, { ...(signIn && { signIn }) })
        .filter(({ to }) => to === 'userName')
        .map(({ from }) => from)
    expect(sources()).toEqual(['userPrincipalName'])
    expect(sources('emails')).toEqual(['mail'])
  })

  test('says what to delete and what to add', () => {
    const attributes = ['userName', 'externalId', 'active', 'name', 'emails.value', 'urn:example:Badge:number']
    const rows = mappingFor(step, { attributes })
    const by = (action: string) => rows.filter((row) => row.action === action).map(({ to }) => to)
    expect(by('add')).toEqual(['urn:example:Badge:number'])
    expect(by('keep')).toEqual([
      'userName',
      'active',
      'emails[type eq "work"].value',
      'name.givenName',
      'name.familyName',
      'name.formatted',
    ])
    expect(by('change')).toEqual(['externalId'])
    expect(by('delete')).toContain('urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department')
  })

  test('knows attributes of an extension by their full name or as a whole', () => {
    const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
    const kept = mappingFor(step, { attributes: [`${enterprise}:manager.value`, `${enterprise}:department`] })
    expect(kept.filter(({ action }) => action === 'keep').map(({ id }) => id)).toEqual(['department', 'manager'])
    // The row of manager is the row of its parts too.
    expect(kept.filter(({ action }) => action === 'add')).toEqual([])
  })
})

test('Google Workspace has no URL to paste, and says what to do instead', () => {
  const page = renderGuide(guides.google, values)
  expect(page).toContain('no outbound SCIM for custom applications')
  expect(page).toContain('what you can do instead')
  expect(page).not.toContain(values.url)
  expect(page).not.toContain('token that')
  expect(supported.map(({ id }) => id)).toEqual(['entra', 'okta', 'onelogin', 'jumpcloud', 'pingone'])
})

test('a kind of application or a method that is not there says which are', () => {
  expect(() => stepsFor(guides.entra, { app: 'swa' })).toThrow(
    'Guide entra has no app "swa"; it has saml, oidc, none. (ERR_SCIM_OPTION, see node_modules/express-scim/docs/',
  )
  expect(() => stepsFor(guides.entra, { method: 'header' })).toThrow('has no method "header"')
  expect(() => stepsFor(guides.entra, { app: 'samll' })).toThrow('Did you mean "saml"?')
  expect(() => stepsFor(guides.okta, { app: 'custom', method: 'token' })).toThrow(
    'Guide okta: the kind "custom" has no method "token"; it has header.',
  )
})

function partsOf(step: Step): readonly (readonly { readonly id: string }[])[] {
  return [step.fields ?? [], step.mapping ?? [], step.faults]
}

function faults(steps: readonly Step[], entry: Parameters<NonNullable<Step['seen']>>[0]): readonly string[] {
  return steps.flatMap((step) => step.faults.filter((fault) => fault.seen?.(entry)).map(({ id }) => id))
}

function placeholdersIn(text: string): readonly string[] {
  return [...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
}

/** The first words of a title, up to the first placeholder. */
function start(title: string): string {
  return (title.split('{')[0] ?? '').replace(/[()?.]/g, '\\$&')
}

/** Each row of each table, with the number of columns of its head. */
function tableRows(page: string): readonly { columns: number; head: number }[] {
  let head = 0
  return page.split('\n').flatMap((line) => {
    if (!line.startsWith('|')) {
      head = 0
      return []
    }
    const columns = line.replace(/\\\|/g, '').split('|').length
    if (head === 0) head = columns
    return [{ columns, head }]
  })
}
