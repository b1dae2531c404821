import { strict, tolerant } from '../../src/compatibility.js'
import { findAttribute, isSimpleList, isValueName, printPath } from '../../src/filter/find.js'
import { ENTERPRISE_USER_SCHEMA as ENTERPRISE, USER_SCHEMA } from '../../src/urn.js'
import { ACME, user } from './fixture.js'

const find = (name: string, sub?: string, urn?: string, tolerate = strict) =>
  findAttribute({ urn, name, sub }, user, tolerate)?.path

test('the name value, in any letter case', () => {
  expect(['value', 'VALUE', 'Value'].every(isValueName)).toBe(true)
  expect([undefined, '', 'values', 'type'].some(isValueName)).toBe(false)
})

test('lists of simple values', () => {
  const isList = (name: string) => isSimpleList(user.root.subAttribute(name) ?? user.root)
  expect([isList('schemas'), isList('emails'), isList('title'), isList('name')]).toEqual([true, false, false, false])
})

test('paths as text', () => {
  expect(printPath({ urn: undefined, name: 'a', sub: undefined })).toBe('a')
  expect(printPath({ urn: undefined, name: 'a', sub: 'b' })).toBe('a.b')
  expect(printPath({ urn: 'urn:x', name: 'a', sub: undefined })).toBe('urn:x:a')
  expect(printPath({ urn: 'urn:x', name: 'a', sub: 'b' })).toBe('urn:x:a.b')
})

test('attributes by name, and the values of a simple list by the name value', () => {
  expect(find('TITLE')).toBe('title')
  expect(find('name', 'givenName')).toBe('name.givenName')
  expect(find('tags', 'VALUE')).toBe(`${ACME}:tags`)
  expect(find('tags', 'type')).toBeUndefined()
  expect(find('name', 'value')).toBeUndefined()
  expect(find('title', 'value')).toBeUndefined()
  expect(find('addresses', 'value')).toBeUndefined()
  expect(find('nothing')).toBeUndefined()
  expect(find('nothing', 'value')).toBeUndefined()
})

test('an extension by its URN, the base schema not by its own', () => {
  expect(find('User', undefined, ENTERPRISE.slice(0, -':User'.length))).toBe(ENTERPRISE)
  expect(find('1.0', undefined, 'URN:EXAMPLE:ACME')).toBe(ACME)
  expect(find('User', undefined, USER_SCHEMA.slice(0, -':User'.length))).toBeUndefined()
})

describe('a dot instead of a colon behind a URN', () => {
  const dotted = (urn: string, rest: string, tolerate = tolerant) => {
    const at = urn.lastIndexOf(':')
    return find(`${urn.slice(at + 1)}.${rest}`, undefined, urn.slice(0, at), tolerate)
  }

  test('by tolerance', () => {
    expect(dotted(ENTERPRISE, 'department')).toBe(`${ENTERPRISE}:department`)
    expect(dotted(ENTERPRISE.toUpperCase(), 'MANAGER.VALUE')).toBe(`${ENTERPRISE}:manager.value`)
    expect(dotted(USER_SCHEMA, 'userName')).toBe('userName')
    expect(dotted(ENTERPRISE, 'department', strict)).toBeUndefined()
  })

  test('is reported by the attribute that was found', () => {
    const used: unknown[] = []
    const tolerate: typeof strict = (...asked) => used.push(asked) > 0
    expect(dotted(ACME, 'badge', tolerate)).toBe(`${ACME}:badge`)
    expect(dotted(ACME, 'nothing', tolerate)).toBeUndefined()
    expect(used).toEqual([['dottedUrn', `${ACME}:badge`]])
  })

  test('only a URN of the schema, with an attribute behind it', () => {
    const other = `urn:${'x'.repeat(USER_SCHEMA.length - 4)}`
    expect(find('userName', undefined, other, tolerant)).toBeUndefined()
    expect(dotted(other, 'userName')).toBeUndefined()
    expect(dotted(`${USER_SCHEMA}s`, 'userName')).toBeUndefined()
    expect(dotted(ENTERPRISE, '')).toBeUndefined()
    expect(dotted(ENTERPRISE, 'manager.value.x')).toBeUndefined()
    expect(dotted(ENTERPRISE, 'userName')).toBeUndefined()
  })
})
