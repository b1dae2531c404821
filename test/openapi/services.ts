import type { IncomingMessage } from 'node:http'
import { defineSchema, EnterpriseUser, type Patch, ScimError, type ScimRouterOptions, User } from '../../src/index.js'
import { memoryAdapter, memoryAdapters } from '../../src/memory/index.js'
import type { AppOptions } from '../support/app.js'
import { TOKEN } from '../support/app.js'

/** One attribute of each kind, and each characteristic. */
export const Device = defineSchema({
  id: 'urn:example:scim:schemas:Device',
  name: 'Device',
  description: 'A device',
  attributes: [
    {
      name: 'serial',
      required: true,
      uniqueness: 'server',
      caseExact: true,
      returned: 'always',
      description: 'Its number',
    },
    { name: 'pin', required: true, mutability: 'writeOnly', returned: 'never' },
    { name: 'model', mutability: 'immutable', canonicalValues: ['one', 'two'] },
    { name: 'note', returned: 'request' },
    { name: 'state', mutability: 'readOnly' },
    { name: 'on', type: 'boolean' },
    { name: 'weight', type: 'decimal' },
    { name: 'size', type: 'integer' },
    { name: 'bought', type: 'dateTime' },
    { name: 'key', type: 'binary' },
    { name: 'page', type: 'reference', referenceTypes: ['external'] },
    { name: 'tags', multiValued: true },
    { name: 'numbers', type: 'integer', multiValued: true },
    {
      name: 'place',
      type: 'complex',
      subAttributes: [
        { name: 'room', required: true },
        { name: 'floor', type: 'integer' },
      ],
    },
    {
      name: 'parts',
      type: 'complex',
      multiValued: true,
      required: true,
      subAttributes: [
        { name: 'value', required: true },
        { name: 'type', canonicalValues: ['a', 'b'] },
        { name: 'made', mutability: 'readOnly' },
        { name: 'secret', returned: 'never' },
      ],
    },
    {
      name: 'owner',
      type: 'complex',
      subAttributes: [{ name: 'value' }, { name: '$ref', type: 'reference', referenceTypes: ['User'] }],
    },
  ],
})

const Site = defineSchema({
  id: 'urn:example:scim:schemas:extension:Site',
  name: 'Site',
  description: 'Where it stands',
  attributes: [
    { name: 'code', required: true },
    { name: 'hidden', discoverable: false },
  ],
})

/** The failure of a request, chosen by its token. */
const FAILS: Readonly<Record<string, () => Error>> = {
  forbidden: () => ScimError.forbidden(),
  busy: () => ScimError.tooManyRequests({ retryAfter: 1 }),
  down: () => ScimError.unavailable({ retryAfter: 1 }),
  broken: () => new Error('broken'),
}

const authenticate: ScimRouterOptions['authenticate'] = async ({ token = '' }) => {
  const [word = '', id] = token.split(':')
  const failure = FAILS[word]
  if (failure) throw failure()
  if (word !== TOKEN) return undefined
  return id === undefined ? {} : { me: { resourceType: 'User', id } }
}

/** A store that carries a PATCH out itself, and says no more than that it was done. */
function patching(whole: any): any {
  return {
    ...whole,
    patch: async (id: string, patch: Patch, call: unknown) => {
      const before = await whole.get(id, call)
      if (!before) return undefined
      const { id: _id, meta: _meta, schemas: _schemas, ...draft } = patch.apply(before) as any
      const written = await whole.replace(id, draft, call)
      return written === 'stale' ? written : { changed: true, version: (written.resource ?? written).meta.version }
    },
  }
}

/** A service with all features. */
export function fullService(): AppOptions & Pick<ScimRouterOptions, 'authenticate'> {
  const extensions = [{ schema: Site, required: true }] as const
  const attributes = { active: { default: true } } as const
  const { users, groups } = memoryAdapters({ users: { extensions: [EnterpriseUser], attributes } })
  return {
    authenticate,
    resources: {
      User: { adapter: patching(users), attributes, schema: User, extensions: [EnterpriseUser] },
      Group: { adapter: groups },
      Device: {
        adapter: patching(memoryAdapter({ schema: Device, extensions })),
        schema: Device,
        extensions: [...extensions],
      },
    },
    cursor: { secrets: ['a secret of the tests'], timeout: 600 },
    password: { hash: (password) => `hashed ${password.length}` },
    requireIfMatch: true,
    limits: { bodyBytes: 20_000, bulkBytes: 30_000, bulkOperations: 20, patchOperations: 20, maxResults: 50 },
    authenticationSchemes: [
      { type: 'oauth2', name: 'OAuth 2.0', description: 'Client credentials' },
      { type: 'httpbasic', name: 'Basic', description: 'Name and password' },
    ],
    documentationUri: 'https://app.example/docs',
  }
}

/** A service with as little as can be. */
export function leanService(): AppOptions & Pick<ScimRouterOptions, 'authenticate'> {
  const { users, groups } = memoryAdapters()
  return {
    authenticate,
    resources: {
      User: { adapter: patching(users), supports: { versions: false } },
      Group: { adapter: groups, supports: { versions: false } },
    },
    bulk: false,
    publicDiscovery: true,
    baseUrl: (request) => {
      const { headers } = request as IncomingMessage
      if (headers['x-broken']) throw new Error('broken')
      return `http://${headers.host}/scim/v2`
    },
  }
}
