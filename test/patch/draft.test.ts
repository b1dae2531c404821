import { WorkingCopy } from '../../src/patch/working-copy.js'
import type { JsonObject } from '../../src/schema/model/resource.js'
import { attributeIn, deepFreeze, ENTERPRISE, OWN, userSchema } from './support.js'

const find = (...names: string[]) => attributeIn(userSchema, ...names)

const title = find('title')
const emails = find('emails')
const department = find(ENTERPRISE, 'department')
const division = find(ENTERPRISE, 'division')
const tags = find(OWN, 'tags')

const draftOf = (stored: JsonObject) => new WorkingCopy(deepFreeze(stored))

test('what is stored and what is there now', () => {
  const draft = draftOf({ title: 'x', emails: [{ value: 'a' }], [ENTERPRISE]: { department: 'D' } })
  draft.set(title, 'y')
  draft.set(department, undefined)
  draft.values(emails).clear()
  expect([title, emails, department, division].map((each) => draft.stored(each))).toEqual([
    'x',
    [{ value: 'a' }],
    'D',
    undefined,
  ])
  expect([title, emails, department, division].map((each) => draft.get(each))).toEqual([
    'y',
    undefined,
    undefined,
    undefined,
  ])
  expect(draft.close()).toEqual({ title: 'y' })
})

test('what was written is known, each attribute once', () => {
  const draft = draftOf({ title: 'x' })
  expect(draft.written).toEqual([])
  draft.set(title, 'y')
  draft.set(title, 'z')
  draft.set(department, 'D')
  expect(draft.values(emails)).toBe(draft.values(emails))
  expect(draft.written).toEqual([title, department, emails])
})

test('written back as it was it is the stored object', () => {
  const stored = { title: 'x', name: { givenName: 'B' }, emails: [{ value: 'a' }], [ENTERPRISE]: { department: 'D' } }
  const draft = draftOf(stored)
  draft.set(title, 'y')
  draft.set(title, 'x')
  draft.set(find('name'), { givenName: 'B', familyName: null })
  draft.set(department, undefined)
  draft.set(department, 'D')
  draft.set(division, undefined)
  draft.values(emails).replace([{ value: 'a' }])
  expect(draft.close()).toBe(stored)
})

test('a list that has changed is a change', () => {
  const draft = draftOf({ title: 'x', emails: [{ value: 'a' }, { value: 'b' }] })
  draft.values(emails).add([{ value: 'c' }])
  expect(draft.close()).toEqual({ title: 'x', emails: [{ value: 'a' }, { value: 'b' }, { value: 'c' }] })
})

test('a list that has not changed leaves the rest of the draft alone', () => {
  const stored = { title: 'x', emails: [{ value: 'a' }], nickName: null }
  const draft = draftOf(stored)
  draft.values(emails).add([{ value: 'a' }])
  draft.set(title, 'y')
  const result = draft.close()
  expect(result).toEqual({ title: 'y', emails: [{ value: 'a' }], nickName: null })
  expect(result['emails']).toBe(stored.emails)
})

describe('an extension', () => {
  test.each([[undefined], [null], ['text'], [[]]])('comes with its first value, where there was %j', (before) => {
    const draft = draftOf({ id: '1', [ENTERPRISE]: before })
    expect(draft.get(department)).toBeUndefined()
    draft.set(department, 'D')
    draft.values(tags).add(['a'])
    expect(draft.close()).toEqual({ id: '1', [ENTERPRISE]: { department: 'D' }, [OWN]: { tags: ['a'] } })
  })

  test('goes with its last value', () => {
    const draft = draftOf({ id: '1', [ENTERPRISE]: { department: 'D', division: null }, [OWN]: { tags: ['a'] } })
    draft.set(department, undefined)
    draft.values(tags).clear()
    const result = draft.close()
    expect(Object.keys(result)).toEqual(['id'])
  })

  test('keeps its other values', () => {
    const stored = { [ENTERPRISE]: { department: 'D', division: 'V', costCenter: '1' } }
    const draft = draftOf(stored)
    draft.set(department, undefined)
    draft.set(division, 'W')
    expect(draft.close()).toEqual({ [ENTERPRISE]: { division: 'W', costCenter: '1' } })
    expect(stored[ENTERPRISE].department).toBe('D')
  })
})

test('an attribute named like a member of every object is not there', () => {
  const draft = draftOf({ id: '1' })
  expect(draft.stored(find(OWN, 'constructor'))).toBeUndefined()
  draft.set(find(OWN, 'constructor'), 'x')
  expect(draft.close()).toEqual({ id: '1', [OWN]: { constructor: 'x' } })
})
