import { EnterpriseUser, filterPredicate, ScimError, User } from '../../src/index.js'

const ENTERPRISE = EnterpriseUser.id
const users = [
  {
    userName: 'bjensen',
    active: true,
    emails: [{ value: 'b@example.com', type: 'work' }],
    [ENTERPRISE]: { division: 'A' },
  },
  { userName: 'jsmith', active: false, emails: null },
]
const found = (filter: string, options?: Parameters<typeof filterPredicate>[2]) =>
  users.filter(filterPredicate(User, filter, options)).map(({ userName }) => userName)

describe('filterPredicate', () => {
  test.each([
    ['userName eq "BJENSEN"', ['bjensen']],
    ['emails[type eq "work" and value ew ".com"]', ['bjensen']],
    ['not (active eq true)', ['jsmith']],
    ['emails pr or userName sw "j"', ['bjensen', 'jsmith']],
  ])('%s', (filter, names) => {
    expect(found(filter)).toEqual(names)
  })

  test('attributes of configured extensions', () => {
    const filter = `${ENTERPRISE}:division eq "a"`
    expect(found(filter, { extensions: [EnterpriseUser] })).toEqual(['bjensen'])
    expect(() => found(filter)).toThrow(ScimError)
  })

  test.each(['userName eq', 'shoeSize pr', 'active eq "yes"', 'password pr'])('refuses %s', (filter) => {
    expect(() => filterPredicate(User, filter)).toThrow(expect.objectContaining({ scimType: 'invalidFilter' }))
  })

  test('compatibility and limits', () => {
    expect(found('active eq "True"', { compatibility: 'tolerant' })).toEqual(['bjensen'])
    expect(() => filterPredicate(User, 'active eq "True"')).toThrow(ScimError)
    expect(() => filterPredicate(User, 'title pr or title pr', { limits: { nodes: 2 } })).toThrow(ScimError)
  })
})
