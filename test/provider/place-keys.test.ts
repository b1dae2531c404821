import { strict, tolerant } from '../../src/compatibility.js'
import { ScimError } from '../../src/error.js'
import { atOnce } from '../../src/in-turns.js'
import { placeKeys, strayKeys } from '../../src/provider/writing/place-keys.js'
import { EnterpriseUser } from '../../src/schema/core/enterprise-user.js'
import { User } from '../../src/schema/core/user.js'
import { resourceSchema } from '../../src/schema/define/schema.js'
import type { JsonObject } from '../../src/schema/model/resource.js'

const schema = resourceSchema(User, [{ schema: EnterpriseUser, required: false }])
const place = (body: unknown, tolerate = tolerant) => {
  const keys = strayKeys(schema, body)
  return keys ? atOnce(placeKeys({ schema, tolerate, identify: undefined }, body as JsonObject, keys)) : body
}

test('a body without such a key is the body itself, and so is one of strict mode', () => {
  for (const body of [{ userName: 'a', NAME: { givenName: 'b' } }, 'text', null, []]) expect(place(body)).toBe(body)
  for (const body of [
    { userName: 'a', 'name.givenName': 'b' },
    { userName: 'a', nothing: 1 },
  ]) {
    expect(place(body, strict)).toBe(body)
  }
})

test('a key that names nothing is left out where that is tolerated, and becomes no prototype', () => {
  const body = JSON.parse(
    `{"userName":"a","nothing":1,"__proto__":{"title":"T"},"${User.id}":{"less":2,"__proto__":3}}`,
  )
  const placed = place(body) as JsonObject
  expect(Object.keys(placed)).toEqual(['userName'])
  expect(Object.getPrototypeOf(placed)).toBe(Object.prototype)
  const only = (name: string) => name === 'dottedKeys'
  expect(() => place(body, only)).toThrow('The schema has no attribute "less".')
})

test('the body stays as it is: what is placed goes into copies', () => {
  const body = {
    name: Object.freeze({ familyName: 'F' }),
    emails: Object.freeze([Object.freeze({ type: 'work' })]),
    'name.givenName': 'G',
    'emails[type eq "work"].value': 'w',
  }
  expect(place(Object.freeze(body))).toEqual({
    name: { familyName: 'F', givenName: 'G' },
    emails: [{ type: 'work', value: 'w' }],
  })
})

test.each(['__proto__', 'constructor', 'toString'])('the name %s does no harm', (name) => {
  const body = JSON.parse(`{"${name}":{"a":1},"name.${name}":"x","${User.id}":{"${name}":{"a":1},"title":"T"}}`)
  expect(place(body)).toMatchObject({ title: 'T' })
  expect(({} as { a?: unknown }).a).toBeUndefined()
})

test('keys with filters look at so many values and no more: 413', () => {
  const emails = Array.from({ length: 5_000 }, (_, number) => ({ type: 'work', value: `${number}` }))
  const keys = Array.from({ length: 1_000 }, (_, number) => [`emails[value eq "${number}"].display`, 'x'])
  const refused = (): unknown => place({ emails, ...Object.fromEntries(keys) })
  expect(refused).toThrow(ScimError)
  expect(refused).toThrow(expect.objectContaining({ status: 413 }))
})
