import { strict } from '../../src/compatibility.js'
import { toPredicate } from '../../src/filter/evaluate.js'
import { toMatcher } from '../../src/filter/evaluate-in-turns.js'
import { parseFilter } from '../../src/filter/parse.js'
import { resolveFilter } from '../../src/filter/resolve.js'
import { EnterpriseUser } from '../../src/schema/core/enterprise-user.js'
import { User } from '../../src/schema/core/user.js'
import { resourceSchema } from '../../src/schema/define/schema.js'

const schema = resourceSchema(User, [{ schema: EnterpriseUser, required: false }])
const bound = (text: string) =>
  resolveFilter(parseFilter(text, { limits: { length: 100_000 } }), schema, { tolerate: strict })
const any = (count: number, condition: string): string => Array.from({ length: count }, () => condition).join(' or ')

const LONG = {
  displayName: `${'ab'.repeat(500_000)}c`,
  title: 'boss',
  emails: Array.from({ length: 10_000 }, (_, at) => ({ value: `${at}@x.test`, type: at % 2 ? 'work' : 'home' })),
  phoneNumbers: [{ value: `${'1'.repeat(500_000)}2`, type: 'work' }, null, { value: '3' }],
}

describe('a resource that takes long', () => {
  test.each([
    ['displayName co "bc"', true],
    ['displayName co "cb" or displayName sw "aba"', true],
    ['not (displayName ew "c") or title eq "x"', false],
    ['displayName co "x" and title eq "boss"', false],
    ['displayName co "bc" and not (title ne "boss")', true],
    ['emails.value eq "9999@x.test" and displayName pr', true],
    ['emails[value eq "9999@x.test" and type eq "work"]', true],
    ['emails[value eq "9999@x.test" and type eq "home"]', false],
    ['phoneNumbers[value ew "2" and (type eq "home" or type eq "work")]', true],
    ['phoneNumbers[value co "5" or value co "6"]', false],
    ['not (phoneNumbers[value eq "3" and not (type pr)])', false],
    [`${any(50, 'displayName co "x"')} or emails.type eq "home"`, true],
  ])('meets %s as one that does not: %p', async (text, expected) => {
    const filter = bound(text)
    expect(toPredicate(filter)(LONG)).toBe(expected)
    const matches = toMatcher(filter, { spend: () => undefined, pause: () => undefined })
    expect(await matches(LONG)).toBe(expected)
  })

  test.each([
    [any(60, 'displayName co "x"'), 1_100_000],
    [any(60, 'emails.value co "y"'), 50_000],
    [`emails[${any(60, 'value co "y"')}]`, 50_000],
    [`not (${any(60, 'not (emails.value co "@")')}) and (${any(60, 'displayName co "x"')})`, 1_100_000],
    [`phoneNumbers[${any(60, 'value co "x"')}]`, 550_000],
  ])('%.40s… gives others their turn before it has looked at much', async (text, most) => {
    let since = 0
    let longest = 0
    let pauses = 0
    const turns = {
      spend: (amount: number) => {
        since += amount
        longest = Math.max(longest, since)
      },
      pause: () => {
        since = 0
        pauses += 1
        return undefined
      },
    }
    await toMatcher(bound(text), turns)(LONG)
    expect(pauses).toBeGreaterThan(55)
    // The bound allows for one condition on one value or list, and the steps that each level of the filter began and
    // gave up.
    expect(longest).toBeLessThanOrEqual(most + 3 * 50_000)
  })

  test('one that does not is judged at once', () => {
    const matches = toMatcher(bound(any(60, 'displayName co "x"')), { spend: () => undefined, pause: () => undefined })
    expect(matches({ displayName: 'short' })).toBe(false)
  })
})
