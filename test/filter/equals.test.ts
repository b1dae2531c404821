import { equalsIn } from '../../src/filter/equals.js'
import { ENTERPRISE_USER_SCHEMA as ENTERPRISE } from '../../src/urn.js'
import { ACME, bind, group } from './fixture.js'

test.each([
  ['userName eq "a"', 'userName', 'a'],
  ['USERNAME eq "A"', 'username', 'A'],
  ['title pr and (active eq true and userName eq "a")', 'userName', 'a'],
  ['emails.value eq "a"', 'emails.value', 'a'],
  ['emails eq "a"', 'emails.value', 'a'],
  ['emails[type eq "work" and value eq "a"]', 'emails.value', 'a'],
  ['emails[type eq "work" and value eq "a"]', 'EMAILS.TYPE', 'work'],
  ['employeeNumber eq "1"', `${ENTERPRISE}:employeeNumber`, '1'],
  ['tags[value eq "a"]', `${ACME}:tags`, 'a'],
  ['level eq 5', `${ACME}:level`, '5'],
  ['userName eq "a" and userName eq "b"', 'userName', 'a'],
  ['userName eq ""', 'userName', ''],
  ['active eq true', 'active', 'true'],
  ['level eq 0', `${ACME}:level`, '0'],
])('%s: every match has it', (text, path, value) => {
  expect(equalsIn(bind(text), path)).toBe(value)
})

test.each([
  ['userName eq "a" or title pr', 'userName'],
  ['not (userName eq "a")', 'userName'],
  ['userName ne "a"', 'userName'],
  ['userName sw "a"', 'userName'],
  ['active eq false', 'active'],
  ['title eq "a" and nickName eq "b"', 'userName'],
  ['userName pr', 'userName'],
  ['userName eq null', 'userName'],
  ['emails[not (value eq "a")]', 'emails.value'],
  ['emails[value eq "a" or type eq "b"]', 'emails.value'],
  // Primary that was not given is equal to false, though nothing is stored.
  ['emails[primary eq false]', 'emails.primary'],
  ['name.givenName eq "a"', 'givenName'],
  ['displayName eq "a"', 'userName'],
])('%s: no match needs to have it', (text, path) => {
  expect(equalsIn(bind(text), path)).toBeUndefined()
})

test('members, and no filter at all', () => {
  expect(equalsIn(bind('members[value eq "1"]', undefined, group), 'members.value')).toBe('1')
  expect(equalsIn(undefined, 'userName')).toBeUndefined()
})
