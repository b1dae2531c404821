import { hooksCalled } from '../../support/hooks.js'
import { ENTRA } from './entra.js'
import { OKTA } from './okta.js'
import { type Row, stageOf, test1 } from './stage.js'

// Every row of the two set-ups: the fault of the row is sent on the wire, and the text of the page is then read from
// the set-up.

const MINUTE = 60_000

/**
 * Texts whose cause no request can bring about here. They are read all the same, in the rows above.
 * - no role, no plan, no tab, older pages: nothing is sent, since the person has not come so far;
 * - 404 of a proxy: the request ends before this service;
 * - another domain, guests, empty values, special characters: the log keeps no values to compare;
 * - five members, mails that are not read, group push: only the provider's own page knows.
 */
const NOT_CAUSED = ['faults', 'texts', 'app', 'mapping', 'symptoms', 'fields']

/** The texts of the set-up at one place. */
function textsIn(setup: any, { step: id, in: place, app }: Row): readonly string[] {
  if (place === 'symptoms') return setup.guide.symptoms.map(({ shows }: any) => shows)
  if (place === 'app') return setup.guide.apps.filter((one: any) => one.id === app).map(({ text }: any) => text)
  const step = setup.steps.find((one: any) => one.id === id)
  if (place === 'notices') return step.notices.map(({ text }: any) => text)
  if (place === 'faults') return step.faults.map(({ fix }: any) => fix)
  if (place === 'fields') return step.fields.map(({ value }: any) => value)
  if (place === 'mapping') return step.mapping.map(({ note }: any) => note ?? '')
  if (place === 'done') return step.state === 'seen' ? [step.done] : []
  return step.texts
}

const says = (texts: readonly string[], wanted: string | RegExp) =>
  texts.some((text) => (typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text)))

describe.each([
  ['entra', ENTRA],
  ['okta', OKTA],
] as const)('the set-up of %s', (provider, rows) => {
  test.each(rows.map((row) => [row.title, row] as const))('%s', async (_title, row) => {
    const stage = await stageOf(provider, row)
    await stage.change('PATCH', `/api/connections/${stage.id}/setup`, { step: row.step })
    // A text about a fault is not there before its cause.
    if (!NOT_CAUSED.includes(row.in)) expect(textsIn(await stage.setup(), row)).toEqual([])
    await row.send?.(stage)
    stage.at.clock.time += (row.wait ?? 0) * MINUTE
    const texts = textsIn(await stage.setup(), row)
    expect([texts, says(texts, row.says)]).toEqual([texts, true])
  })
})

test('Entra 3b: credentials in header and body ("Both") and any scope are taken, and nothing is said', async () => {
  const stage = await stageOf('entra', { title: '', step: 'oauth', method: 'oauth', in: 'notices', says: '' })
  const answer = await fetch(`${stage.at.app.base}/oauth/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${stage.id}:${stage.clientSecret}`).toString('base64')}` },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: stage.id,
      client_secret: stage.clientSecret,
      scope: 'whatever .default',
    }),
  })
  const { access_token: token } = (await answer.json()) as { readonly access_token: string }
  expect((await stage.as(token).get(test1)).status).toBe(200)
  expect((await stage.setup()).steps.flatMap((step: any) => step.notices)).toEqual([])
})

test('what is kept of a token that was cut is its last four characters, and what was not ours leaves nothing', async () => {
  const stage = await stageOf('entra', { title: '', step: 'token', in: 'notices', says: '' })
  const parts = [stage.token.slice(0, -3), 'scim_short', 'a-token-of-another-system-that-is-long-enough-0123456789']
  for (const part of parts) await stage.as(part).get('/Users')
  await hooksCalled()
  await stage.at.log.flush()
  const { entries } = await stage.at.log.page({ tenant: 'acme' })
  const kept = JSON.stringify([entries, await stage.at.connections.list({ tenant: 'acme' })])
  expect(entries.map(({ refusal }) => refusal)).toEqual([
    { reason: 'unknown' },
    { reason: 'malformed', ending: stage.token.slice(-7, -3) },
  ])
  expect(kept).not.toContain(stage.token.slice(-8, -3))
  for (const part of parts) expect(kept).not.toContain(part)
})
