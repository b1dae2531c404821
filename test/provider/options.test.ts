import { bearer, type ScimRouterOptions, scimRouter } from '../../src/index.js'
import { OPTIONS } from '../../src/provider/setup/option-table.js'
import { memoryOptions } from '../rfc7644/service.js'

function starting(options: object): () => unknown {
  const { resources } = memoryOptions()
  return () => scimRouter({ authenticate: () => ({}), resources, ...options } as ScimRouterOptions)
}

function thrownBy(work: () => unknown): Error {
  try {
    work()
  } catch (error) {
    if (error instanceof Error) return error
  }
  throw new Error('Nothing was thrown.')
}

// The effect of each option is tested where it acts; these tests are about its accepted values.
describe('an option that is', () => {
  test.each<[string, object, string]>([
    ['misspelt', { autorize: () => false }, 'Unknown option "autorize" of scimRouter. Did you mean "authorize"?'],
    ['in other letter case', { Access: () => 'none' }, 'Unknown option "Access" of scimRouter. Did you mean "access"?'],
    ['like nothing there is', { telemetry: true }, 'Unknown option "telemetry" of scimRouter. ('],
    ['named like a method of all objects', { toString: () => 'x' }, 'Unknown option "toString" of scimRouter.'],
    [
      'a misspelt part of another',
      { bulk: { atomc: true } },
      'Unknown key "atomc" in option bulk of scimRouter. Did you mean "atomic"?',
    ],
    ['no function', { authorize: true }, 'Option authorize must be a function, got boolean.'],
    ['null', { access: null }, 'Option access must be a function, got null.'],
    ['a list', { mapError: [] }, 'Option mapError must be a function, got array.'],
    ['no boolean', { publicDiscovery: 'no' }, 'Option publicDiscovery must be a boolean, got string.'],
    ['no switch', { requireIfMatch: 1 }, 'Option requireIfMatch must be a boolean, got number.'],
    ['without its part', { password: {} }, 'Option password.hash is missing.'],
    ['switched by true', { bulk: true }, 'Option bulk must be false or an object, got boolean.'],
    [
      'a list with a gap',
      { sensitive: ['userName', undefined] },
      'Option sensitive must be an array of strings, got undefined at index 1.',
    ],
    [
      'an unknown path',
      { sensitive: ['usrName'] },
      'Option sensitive names "usrName", which no resource type has. Did you mean "userName"?',
    ],
    [
      'a list of things without a part',
      { authenticationSchemes: [{ type: 'oauth2', name: 'OAuth' }] },
      'Option authenticationSchemes[0].description is missing.',
    ],
    [
      'an unknown event',
      { on: { 'user.deactivate': () => 0 } },
      'Unknown event "user.deactivate" in option on. Did you mean "user.deactivated"?',
    ],
    ['an event of no type', { on: { 'device.created': () => 0 } }, 'Unknown event "device.created" in option on.'],
    [
      'an event without its role',
      { on: { 'group.deactivated': () => 0 } },
      'Unknown event "group.deactivated" in option on.',
    ],
    ['no hook', { on: { 'user.created': 'log' } }, 'Option on["user.created"] must be a function, got string.'],
    [
      'in need of another',
      { outbox: () => undefined },
      'Option outbox must have option transaction, which is missing.',
    ],
    [
      'in part in need of another',
      { bulk: { atomic: true } },
      'Option bulk.atomic must have option transaction, which is missing.',
    ],
  ])('%s is refused at start, in one sentence', (_how, options, message) => {
    expect(starting(options)).toThrow(message)
    expect(starting(options)).toThrow(expect.objectContaining({ code: 'ERR_SCIM_OPTION' }))
  })

  test.each<[string, object, string, string]>([
    [
      'missing',
      { authenticate: undefined },
      'ERR_SCIM_AUTHENTICATE',
      'Option authenticate is missing: nothing is open by default.',
    ],
    [
      'a text',
      { authenticate: 'token' },
      'ERR_SCIM_AUTHENTICATE',
      'Option authenticate must be a function, got string.',
    ],
    ['no resources', { resources: undefined }, 'ERR_SCIM_RESOURCE_TYPE', 'Option resources is missing.'],
    [
      'resources without one',
      { resources: {} },
      'ERR_SCIM_RESOURCE_TYPE',
      'Option resources must name at least one resource type.',
    ],
    [
      'a level',
      { compatibility: 'lenient' },
      'ERR_SCIM_COMPATIBILITY',
      "Option compatibility must be 'tolerant', 'strict' or an object of named tolerances, got another string.",
    ],
    ['a tolerance', { compatibility: { boleanText: true } }, 'ERR_SCIM_COMPATIBILITY', 'Did you mean "booleanText"?'],
    [
      'a limit',
      { limits: { bodyByte: 1 } },
      'ERR_SCIM_LIMIT',
      'Unknown key "bodyByte" in option limits of scimRouter. Did you mean "bodyBytes"?',
    ],
    [
      'a bound',
      { limits: { bodyBytes: 0 } },
      'ERR_SCIM_LIMIT',
      'Option limits.bodyBytes must be a whole number of 1 or more, got 0.',
    ],
    [
      'a path',
      { baseUrl: '/scim/v2' },
      'ERR_SCIM_BASE_URL',
      'Option baseUrl must be an absolute http or https URL without query and fragment, got a path.',
    ],
    [
      'a URL',
      { baseUrl: new URL('https://scim.example') },
      'ERR_SCIM_BASE_URL',
      'Option baseUrl must be a string or a function, got object.',
    ],
  ])('%s is refused with a code of its own', (_how, options, code, message) => {
    expect(starting(options)).toThrow(message)
    expect(starting(options)).toThrow(expect.objectContaining({ code }))
  })

  test('of every name but undefined is as if it were not given', () => {
    const { authenticate, resources, ...others } = OPTIONS
    expect(authenticate && resources).toBeDefined()
    expect(starting(Object.fromEntries(Object.keys(others).map((name) => [name, undefined])))).not.toThrow()
  })

  test.each([
    [undefined, 'undefined'],
    [null, 'null'],
    ['options', 'string'],
    [[], 'array'],
  ])('%p in place of all is refused', (options, kind) => {
    const message = `scimRouter must be called with an object of options, got ${kind}.`
    expect(() => scimRouter(options as never)).toThrow(message)
  })

  test.each([
    ['', 'an empty text'],
    ['https://scim.example/?key=hidden', 'a string with a query or a fragment'],
    ['ftp://user:hidden@scim.example', 'another string'],
  ])('a base URL %p is told by its fault, and not shown', (baseUrl, fault) => {
    const { message } = thrownBy(starting({ baseUrl }))
    expect(message).toContain(`URL without query and fragment, got ${fault}.`)
    expect(message).not.toContain('hidden')
  })
})

test.each<object>([
  {},
  { transaction: async (work: any) => work(undefined), bulk: { atomic: true }, outbox: () => undefined },
  { bulk: false },
  { compatibility: { base: 'strict', booleanText: true } },
  { on: { request: () => undefined, error: undefined, 'group.member.added': () => undefined } },
  { sensitive: ['emails.value', 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User', 'USERNAME'] },
  { authenticate: bearer('token'), baseUrl: () => 'https://scim.example' },
])('%j is taken', (options) => {
  expect(starting(options)).not.toThrow()
})
