import type { AppOptions } from '../support/app.js'
import { describeExpress, startApp } from '../support/app.js'
import { closedAfterEach, expectError, memoryOptions, user } from './service.js'

// The answers of an application that has made a mistake, in JavaScript or by a cast.
const MISSING: readonly (readonly [string, unknown])[] = [
  ['no tenant', {}],
  ['an undefined tenant', { tenant: undefined }],
  ['an empty tenant', { tenant: '' }],
]
const NO_TEXT: readonly (readonly [string, unknown])[] = [
  ['null', { tenant: null }],
  ['a number', { tenant: 5 }],
  ['true', { tenant: true }],
  ['a list', { tenant: [] }],
  ['an object', { tenant: {} }],
  ['a text with NUL', { tenant: 'a\0' }],
  ['half a surrogate pair', { tenant: 'a\ud800' }],
]

describeExpress('[P-6-02] the tenant of an identity', (version) => {
  const closed = closedAfterEach()

  async function answersTo(identity: unknown, options: Partial<AppOptions>) {
    const errors: unknown[] = []
    const asked = jest.fn()
    const { resources } = memoryOptions()
    const watched = new Proxy(resources['User']!.adapter, {
      get: (target, name) => {
        asked(name)
        return Reflect.get(target, name)
      },
    })
    const app = await closed(
      startApp(
        {
          authenticate: () => identity as never,
          resources: { User: { adapter: watched } },
          on: { error: ({ error }) => errors.push(error) },
          ...options,
        },
        version,
      ),
    )
    asked.mockClear()
    const answers = [await app.scim.get('/Users'), await app.scim.post('/Users', user('ann'))]
    return { answers, errors, asked }
  }

  test.each(MISSING)('required: %s is 500, told to on.error, and nothing is read', async (_title, identity) => {
    const { answers, errors, asked } = await answersTo(identity, { tenants: 'required' } as object)
    for (const answer of answers) {
      expectError(answer, 500)
      expect(answer.body.detail).toContain('ERR_SCIM_TENANT')
    }
    expect(errors).toEqual(Array(2).fill(expect.objectContaining({ code: 'ERR_SCIM_TENANT' })))
    expect(asked).not.toHaveBeenCalled()
  })

  test.each(MISSING)('not required: %s is one that all share', async (_title, identity) => {
    const { answers, errors } = await answersTo(identity, {})
    expect(answers.map(({ status }) => status)).toEqual([200, 201])
    expect(errors).toEqual([])
  })

  test.each(NO_TEXT)('%s is 500 in any case', async (_title, identity) => {
    for (const options of [{}, { tenants: 'required' } as object]) {
      const { answers, errors, asked } = await answersTo(identity, options)
      for (const answer of answers) expectError(answer, 500)
      expect(errors).toEqual(Array(2).fill(expect.objectContaining({ code: 'ERR_SCIM_TENANT' })))
      expect(asked).not.toHaveBeenCalled()
    }
  })

  test('required: who has one is served', async () => {
    const { answers } = await answersTo({ tenant: 'acme' }, { tenants: 'required' } as object)
    expect(answers.map(({ status }) => status)).toEqual([200, 201])
  })

  test('a request without an identity stays 401', async () => {
    const { answers } = await answersTo(null, { tenants: 'required' } as object)
    for (const answer of answers) expectError(answer, 401)
  })
})
