import { memoryStore, scimConnections } from '../../src/connections/index.js'
import { defineSchema, type ScimRouterOptions, SetupError, scimRouter } from '../../src/index.js'
import { memoryAdapter, memoryAdapters } from '../../src/memory/index.js'
import { mappedResources, sqliteAdapters } from '../../src/sqlite/index.js'

const { users } = memoryAdapters()
const SECRET = 'a secret of a test that is long enough'
const database = { query: () => undefined, transaction: () => undefined } as never

const router = (options: object): unknown =>
  scimRouter({
    authenticate: () => undefined,
    resources: { User: { adapter: users } },
    ...options,
  } as ScimRouterOptions)
const adapter = (members: object): unknown => router({ resources: { User: { adapter: { ...users, ...members } } } })
class Misspelt {
  readonly create = users.create
  readonly get = users.get
  readonly list = users.list
  readonly replace = users.replace
  delet(): void {}
}
const device = (entry: object): object => {
  const schema = defineSchema({ id: 'urn:example:Device', attributes: [{ name: 'serial' }] })
  return { schema, adapter: memoryAdapter({ schema }), ...entry }
}
const define = (attribute: object, id = 'urn:example:Device'): unknown =>
  defineSchema({ id, attributes: [attribute] } as never)
const connections = (options: object): unknown =>
  scimConnections({ store: memoryStore(), secret: SECRET, url: 'https://app.example', ...options } as never)
const mapped = (attributes: object): unknown =>
  mappedResources({ database }, {
    User: { table: 'accounts', attributes: { id: 'id', userName: 'mail', ...attributes } },
  } as never)

describe('a message at start', () => {
  test.each<[string, () => unknown, string]>([
    [
      'suggests an ability that an adapter declares by a misspelt name',
      () => adapter({ supports: { version: true } }),
      'Unknown key "version" in option supports of the adapter of User. Did you mean "versions"?',
    ],
    [
      'refuses an ability that no adapter has',
      () => adapter({ supports: { cursor: 'backward' } }),
      "Option supports.cursor of the adapter of User must be 'forward' or 'both', got another string.",
    ],
    [
      'refuses abilities that are no object, though the entry declares others',
      () => router({ resources: { User: { adapter: { ...users, supports: true }, supports: {} } } }),
      'Option supports of the adapter of User must be an object, got boolean.',
    ],
    [
      'refuses a patch that is no function',
      () => adapter({ patch: 5 }),
      'Member patch of the adapter of User must be a function, got number.',
    ],
    [
      'names a misspelt callback',
      () => adapter({ create: undefined, craete: users.create }),
      'The adapter of User has no create callback, but a member "craete". Did you mean "create"?',
    ],
    [
      'names a misspelt callback of a class',
      () => router({ resources: { User: { adapter: new Misspelt() } } }),
      'The adapter of User has no delete callback, but a member "delet". Did you mean "delete"?',
    ],
    [
      'suggests nothing for a callback that has no near member',
      () => adapter({ list: undefined }),
      'The adapter of User has no list callback. (',
    ],
    [
      'refuses an authentication scheme that RFC 7643 does not name',
      () => router({ authenticationSchemes: [{ type: 'oauthbearertokn', name: 'OAuth', description: 'x' }] }),
      "Option authenticationSchemes[0].type must be 'oauth', 'oauth2', 'oauthbearertoken', 'httpbasic' or " +
        '\'httpdigest\', got another string. Did you mean "oauthbearertoken"?',
    ],
    [
      'shows a number that is out of bounds',
      () => router({ limits: { bodyBytes: -3 } }),
      'Option limits.bodyBytes must be a whole number of 1 or more, got -3.',
    ],
    [
      'says that a list is empty',
      () => router({ cursor: { secrets: [] } }),
      'Option cursor.secrets must be an array of one or more strings of 16 characters or more each, got an empty array.',
    ],
    [
      'shows the length of a secret that is too short, and not the secret',
      () => router({ cursor: { secrets: ['short'] } }),
      'of 16 characters or more each, got a string of 5 characters at index 0.',
    ],
    [
      'shows where a list has a value of another kind',
      () => router({ sensitive: ['userName', 1] }),
      'Option sensitive must be an array of strings, got number at index 1.',
    ],
    [
      'says that a word is another one',
      () => router({ resources: { User: { adapter: users, onDuplicate: 'adpt' } } }),
      "must be 'refuse', 'reactivate', 'adopt' or a function, got another string. Did you mean \"adopt\"?",
    ],
    [
      'names the option that another must have',
      () => router({ readsInTransaction: true }),
      'Option readsInTransaction must have option transaction, which is missing.',
    ],
    [
      'keeps the spelling of an attribute, and suggests one',
      () => router({ resources: { User: { adapter: users, attributes: { usrName: { required: true } } } } }),
      'Unknown attribute "usrName" in option attributes for schema urn:ietf:params:scim:schemas:core:2.0:User. ' +
        'Did you mean "userName"?',
    ],
    [
      'suggests the attribute of a column',
      () => mapped({ nckName: 'nick' }),
      'Unknown attribute "nckName" in the mapping of User. Did you mean "nickName"?',
    ],
    [
      'suggests the attribute of an index in memory',
      () => memoryAdapters({ users: { indexes: ['emails.valu' as never] } }),
      'Unknown attribute "emails.valu" of schema urn:ietf:params:scim:schemas:core:2.0:User. ' +
        'Did you mean "emails.value"?',
    ],
    [
      'suggests the attribute of an index in a database',
      () => sqliteAdapters({ database, users: { indexes: ['emails.valu' as never] } }),
      'Did you mean "emails.value"?',
    ],
    [
      'suggests a type',
      () => define({ name: 'serial', type: 'strng' }),
      'Attribute "serial" has an unknown type, "strng". Did you mean "string"?',
    ],
    [
      'suggests a mutability',
      () => define({ name: 'serial', mutability: 'readonly' }),
      'has an unknown mutability, "readonly". Did you mean "readOnly"?',
    ],
    [
      'suggests a value of returned',
      () => define({ name: 'serial', returned: 'alway' }),
      'has an unknown returned, "alway". Did you mean "always"?',
    ],
    [
      'suggests a uniqueness',
      () => define({ name: 'serial', uniqueness: 'servr' }),
      'has an unknown uniqueness, "servr". Did you mean "server"?',
    ],
    [
      'suggests what happens to unknown members in memory',
      () => memoryAdapters({ members: { unknown: 'kep' as never } }),
      "Option members.unknown of memoryAdapters must be 'refuse', 'keep' or 'skip', got another string. Did you mean \"keep\"?",
    ],
    [
      'and in a database',
      () => sqliteAdapters({ database, members: { unknown: 'kep' as never } }),
      "Option members.unknown of sqliteAdapters must be 'refuse', 'keep' or 'skip', got another string. Did you mean \"keep\"?",
    ],
    [
      'and in existing tables',
      () => mappedResources({ database, members: { unknown: 'skp' as never } }, {}),
      "Option members.unknown of mappedResources must be 'refuse' or 'skip', got another string. Did you mean \"skip\"?",
    ],
    ['suggests a method of connections', () => connections({ credentials: ['tokn'] }), 'Did you mean "token"?'],
    [
      'says that an adapter stands in place of an entry',
      () => router({ resources: { User: users } }),
      'Option resources.User must be an object with the key adapter: write { adapter: … }.',
    ],
    [
      'suggests a core resource type',
      () => router({ resources: { user: { adapter: users } } }),
      'Option schema of resource type user is missing. Did you mean "User"?',
    ],
    [
      'names two types with one endpoint',
      () => router({ resources: { User: { adapter: users }, Device: device({ endpoint: '/Users' }) } }),
      'Resource types User and Device must not have the same endpoint, "/Users".',
    ],
    [
      'says how an endpoint must begin',
      () => router({ resources: { Device: device({ endpoint: 'Devices' }) } }),
      'Option endpoint of resource type Device must begin with a slash, got "Devices".',
    ],
    [
      'says that an endpoint is one part of a path',
      () => router({ resources: { Device: device({ endpoint: '/a/b' }) } }),
      'Option endpoint of resource type Device must be one part of a path such as /Users, got "/a/b".',
    ],
    [
      'says that an endpoint is taken',
      () => router({ resources: { Device: device({ endpoint: '/Schemas' }) } }),
      'Option endpoint of resource type Device must not be "/Schemas", which the protocol has for itself.',
    ],
    [
      'names the schema without a URI',
      () => define({ name: 'serial' }, 'nourn'),
      'The schema with attribute "serial" must have a URI as id, got "nourn".',
    ],
  ])('%s', (_what, work, message) => {
    expect(work).toThrow(SetupError)
    expect(work).toThrow(message)
  })
})
