import { tenant } from '../../src/sqlite/index.js'
import { describeMapped } from '../support/mapped-database.js'

const User = { table: 'accounts', attributes: { id: 'id', userName: 'email' } }
const emails = { table: 'emails', on: { account: 'id' }, attributes: { value: 'address' } }
const members = { table: 'seats', on: { team: 'id' }, references: { User: 'account' } }
const withUser = (attributes: object): object => ({ ...User, attributes: { ...User.attributes, ...attributes } })
const withGroup = (place: unknown): object => ({
  table: 'teams',
  attributes: { id: 'id', displayName: 'name', members: place },
})

// Without `scope` the rows of all customers would be shown to each of them.
const WRONG: readonly (readonly [title: string, declared: object, message: string])[] = [
  [
    'scope',
    { User: { ...User, scpe: { org_id: tenant } } },
    'Unknown option "scpe" of resource type User. Did you mean "scope"?',
  ],
  [
    'deleted',
    { User: { ...User, deletd: 'gone' } },
    'Unknown option "deletd" of resource type User. Did you mean "deleted"?',
  ],
  [
    'policies',
    { User: { ...User, policis: {} } },
    'Unknown option "policis" of resource type User. Did you mean "policies"?',
  ],
  [
    'table',
    { User: { ...User, table: undefined, tabel: 'accounts' } },
    'Unknown option "tabel" of resource type User. Did you mean "table"?',
  ],
  [
    'a policy',
    { User: { ...User, policies: { userName: { requird: true } } } },
    'Unknown key "requird" in option policies["userName"] of resource type User. Did you mean "required"?',
  ],
  [
    'a column',
    { User: withUser({ userName: { column: 'email', folde: true } }) },
    'Unknown key "folde" in option attributes["userName"] of resource type User. Did you mean "folded"?',
  ],
  [
    'the name of a column',
    { User: withUser({ userName: { colum: 'email' } }) },
    'Unknown key "colum" in option attributes["userName"] of resource type User. Did you mean "column"?',
  ],
  [
    'a JSON column',
    { User: withUser({ '*': { json: 'scim', kys: 'keys' } }) },
    'Unknown key "kys" in option attributes["*"] of resource type User. Did you mean "keys"?',
  ],
  [
    'a table of values',
    { User: withUser({ emails: { ...emails, fixd: { kind: 'work' } } }) },
    'Unknown key "fixd" in option attributes["emails"] of resource type User. Did you mean "fixed"?',
  ],
  [
    'a column of a table of values',
    { User: withUser({ emails: { ...emails, attributes: { value: { column: 'address', raed: String } } } }) },
    'Unknown key "raed" in option attributes["emails"].attributes["value"] of resource type User. Did you mean "read"?',
  ],
  [
    'a table of memberships',
    { User, Group: withGroup({ ...members, untl: 'ended' }) },
    'Unknown key "untl" in option attributes["members"] of resource type Group. Did you mean "until"?',
  ],
  [
    'references',
    { User, Group: withGroup({ table: 'seats', on: { team: 'id' }, refrences: { User: 'account' } }) },
    'Unknown key "refrences" in option attributes["members"] of resource type Group. Did you mean "references"?',
  ],
  [
    'no place',
    { User: withUser({ userName: null }) },
    'Option attributes["userName"] of resource type User must be the name of a column, or an object with column, json, references or attributes, got null.',
  ],
  [
    'a scope that the application lacks',
    { User: { ...User, scope: undefined } },
    'Option scope of resource type User is missing.',
  ],
  [
    'a scope column without value',
    { User: { ...User, scope: { org_id: undefined } } },
    'Option scope["org_id"] of resource type User is missing.',
  ],
  ['no table', { User: { attributes: User.attributes } }, 'Option table of resource type User is missing.'],
  ['no attributes', { User: { table: 'accounts' } }, 'Option attributes of resource type User is missing.'],
  ['no declaration', { User: undefined }, 'Option User of mappedResources is missing.'],
]

describeMapped('a misspelt or missing key of a declaration', (_name, make) => {
  const database = make()

  test.each(WRONG)('is refused: %s', (_title, declared, message) => {
    expect(() => database.resources(declared as never)).toThrow(
      expect.objectContaining({ code: 'ERR_SCIM_OPTION', message: expect.stringContaining(message) }),
    )
  })

  test('and the same without it is accepted', () => {
    expect(() =>
      database.resources({
        User: { ...User, scope: { org_id: tenant }, deleted: 'gone', attributes: { ...User.attributes, emails } },
        Group: { table: 'teams', attributes: { id: 'id', displayName: 'name', members } },
      }),
    ).not.toThrow()
  })
})
