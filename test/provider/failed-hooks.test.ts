import { inspect } from 'node:util'
import { type ResourceAdapter, ScimError } from '../../src/index.js'
import { memoryAdapters } from '../../src/memory/index.js'
import { closedAfterEach, memoryOptions, user } from '../rfc7644/service.js'
import { startApp } from '../support/app.js'
import { hooksCalled } from '../support/hooks.js'

const closed = closedAfterEach()

test('on.error is told of which event and resource the hook is that failed', async () => {
  const errors: any[] = []
  const on = {
    error: (report: unknown) => errors.push(report),
    'user.created': () => Promise.reject(new Error('no mail server')),
    'user.deactivated': () => {
      throw new Error('no session store')
    },
  }
  const app = await closed(startApp({ ...memoryOptions({ on }), authenticate: () => ({ tenant: 'acme' }) }))
  const { body, headers } = await app.scim.post('/Users', user('ann', { active: true }))
  await app.scim.patch(`/Users/${body.id}`, { Operations: [{ op: 'replace', path: 'active', value: false }] })
  await hooksCalled()
  await hooksCalled()
  const of = { resourceType: 'User', id: body.id, tenant: 'acme' }
  expect(errors).toEqual([
    expect.objectContaining({ ...of, event: 'user.created', method: 'POST', requestId: headers.get('x-request-id') }),
    expect.objectContaining({ ...of, event: 'user.deactivated', method: 'PATCH' }),
  ])
})

/** An error as the driver of PostgreSQL makes it. */
function databaseError(fields: object, message: string): Error {
  return Object.assign(new Error(message), {
    severity: 'ERROR',
    code: '23514',
    schema: 'app',
    table: 'accounts',
    ...fields,
  })
}

const SECRET = 'scrypt$hash-of-ann'
const ERRORS: readonly (readonly [string, unknown, readonly string[]])[] = [
  [
    'a row',
    databaseError({ detail: `Failing row contains (1, ann, ${SECRET}, (x)).` }, 'violates check constraint "c"'),
    ['Failing row contains (…)', 'accounts', 'check constraint'],
  ],
  [
    'a key',
    databaseError({ code: '23505', detail: `Key (user_name)=(${SECRET}) already exists.` }, 'duplicate key'),
    ['Key (user_name)=(…)'],
  ],
  [
    'a value in the message',
    databaseError({ code: '22P02' }, `invalid input syntax for type uuid: "${SECRET}"`),
    ['invalid input syntax for type uuid: "…"'],
  ],
  [
    'a context',
    databaseError({ where: `unnamed portal parameter $1 = '${SECRET}'` }, 'out of range'),
    ['out of range'],
  ],
  [
    'a statement of MySQL',
    Object.assign(new Error('Duplicate'), {
      sqlState: '23000',
      sql: `INSERT … '${SECRET}'`,
      sqlMessage: `'${SECRET}'`,
    }),
    ['Duplicate'],
  ],
  [
    'a cause',
    ScimError.unavailable({ cause: databaseError({ detail: `Failing row contains (${SECRET}).` }, 'x') }),
    ['Failing row contains (…)'],
  ],
]

test.each(ERRORS)('values of the database leave through on.error unread: %s', async (_title, error, kept) => {
  const errors: unknown[] = []
  const failing = {
    ...memoryAdapters().users,
    get: () => {
      throw error
    },
  } as unknown as ResourceAdapter
  const app = await closed(
    startApp({ resources: { User: { adapter: failing } }, on: { error: (report) => errors.push(report.error) } }),
  )
  expect((await app.scim.get('/Users/1')).status).toBeGreaterThanOrEqual(500)
  const shown = inspect(errors, { depth: 9, showHidden: true })
  expect(shown).not.toContain(SECRET)
  for (const text of kept) expect(shown).toContain(text)
  expect(errors[0]).toBeInstanceOf(Error)
})

test('any other error is told as it is', async () => {
  const error = Object.assign(new Error('x: "y"'), { detail: 'kept', code: 'ECONNREFUSED' })
  const errors: unknown[] = []
  const failing = { ...memoryAdapters().users, get: () => Promise.reject(error) } as unknown as ResourceAdapter
  const app = await closed(
    startApp({ resources: { User: { adapter: failing } }, on: { error: (report) => errors.push(report.error) } }),
  )
  await app.scim.get('/Users/1')
  expect(errors[0]).toBe(error)
})
