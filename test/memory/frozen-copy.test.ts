import { frozenCopy } from '../../src/memory/frozen-copy.js'

describe('own', () => {
  test('copies what the caller may still change, through and through', () => {
    const given = { name: { givenName: 'Ann' }, emails: [{ value: 'a' }] }
    const owned = frozenCopy(given)
    given.name.givenName = 'Eve'
    given.emails.push({ value: 'b' })
    expect(owned).toEqual({ name: { givenName: 'Ann' }, emails: [{ value: 'a' }] })
  })

  test('the copy is frozen through and through, the original is not', () => {
    const given = { name: { givenName: 'Ann' }, emails: [{ value: 'a' }] }
    const owned = frozenCopy(given) as typeof given
    for (const part of [owned, owned.name, owned.emails, owned.emails[0]]) expect(Object.isFrozen(part)).toBe(true)
    for (const part of [given, given.name, given.emails, given.emails[0]]) expect(Object.isFrozen(part)).toBe(false)
  })

  test('what is frozen already is kept, unless something inside is not', () => {
    const whole = frozenCopy({ emails: [{ value: 'a' }] })
    expect(frozenCopy(whole)).toBe(whole)
    const inside = { value: 'a' }
    const shallow = Object.freeze([inside])
    expect(frozenCopy(shallow)).not.toBe(shallow)
    expect((frozenCopy(shallow) as unknown[])[0]).not.toBe(inside)
  })

  test('[S-2.5-01] null is no value, a Date is a dateTime', () => {
    expect(frozenCopy({ title: null, at: new Date(0) })).toEqual({ at: '1970-01-01T00:00:00.000Z' })
    expect(frozenCopy(Object.freeze({ title: undefined, name: 'a' }))).toEqual({ name: 'a' })
  })
})
