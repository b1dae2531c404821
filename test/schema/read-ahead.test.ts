import fc from 'fast-check'
import { strict, type Tolerate } from '../../src/compatibility.js'
import { ScimError } from '../../src/error.js'
import { atOnce } from '../../src/in-turns.js'
import { EnterpriseUser } from '../../src/schema/core/enterprise-user.js'
import { User } from '../../src/schema/core/user.js'
import { joinedSchema } from '../../src/schema/define/joined-schema.js'
import {
  canonicalizeResource,
  canonicalizeValue,
  readResourceAhead,
  readValueAhead,
} from '../../src/schema/resources/canonicalize.js'

const schema = joinedSchema(User, [EnterpriseUser])
const emails = schema.root.subAttribute('emails')
const tolerant: Tolerate = () => true
const identify = (): undefined => undefined

/** The result of a reading: the value, or the error as a client sees it. */
function outcome(read: () => unknown): unknown {
  try {
    return read()
  } catch (error) {
    if (!ScimError.is(error)) throw error
    const { status, scimType, message } = error
    return { status, scimType, message }
  }
}

/** Long lists with a value here and there that is not as the schema has it. */
const list = fc
  .array(
    fc.tuple(
      fc.nat(1_500),
      fc.oneof(
        fc.constantFrom<unknown>(null, '', 7, true, [], {}, 'text', { value: null }, { VALUE: 'x' }, { unknown: 1 }),
        fc.record({ value: fc.constantFrom('1@x', '2@x'), primary: fc.boolean() }),
      ),
    ),
    { maxLength: 6 },
  )
  .map((odd) => {
    const values: unknown[] = Array.from({ length: 1_501 }, (_, at) => ({ value: `${at}@x`, type: 'work' }))
    for (const [at, value] of odd) values[at] = value
    return values
  })

describe('long lists are read in pieces', () => {
  test.each([
    ['strict', strict],
    ['tolerant', tolerant],
  ])('and what is read is the same, %s', (_, tolerate) => {
    const property = fc.property(list, fc.boolean(), fc.boolean(), (values, replace, unknown) => {
      const body = { userName: 'x', ...(unknown && { nobody: 1 }), emails: values, Roles: values, photos: values }
      const options = { tolerate, identify, replace }
      const ahead = atOnce(readResourceAhead(schema, body, options))
      expect(outcome(() => canonicalizeResource(schema, body, { ...options, ahead }))).toEqual(
        outcome(() => canonicalizeResource(schema, body, options)),
      )
      if (!emails) throw new Error('There is no such attribute.')
      for (const remove of [false, true]) {
        const ofValue = { tolerate, identify, remove }
        const read = atOnce(readValueAhead(emails, values, ofValue))
        expect(outcome(() => canonicalizeValue(emails, values, { ...ofValue, ahead: read }))).toEqual(
          outcome(() => canonicalizeValue(emails, values, ofValue)),
        )
      }
    })
    fc.assert(property, { numRuns: 12 })
  })

  test('with a stop every few hundred values, and none is read twice', () => {
    let asked = 0
    const members = joinedSchema({
      id: 'urn:example:Holder',
      name: 'Holder',
      attributes: [
        {
          name: 'held',
          type: 'complex',
          multiValued: true,
          subAttributes: [
            { name: 'value', type: 'string' },
            { name: '$ref', type: 'reference', referenceTypes: ['User'] },
          ],
        },
      ],
    } as never)
    const count = (): string => `id${asked++}`
    const body = { held: Array.from({ length: 2_000 }, (_, at) => ({ $ref: `../Users/${at}` })) }
    const options = { tolerate: tolerant, identify: count }
    const steps = readResourceAhead(members, body, options)
    let stops = 0
    let step = steps.next()
    for (; !step.done; step = steps.next()) stops += 1
    expect(stops).toBeGreaterThanOrEqual(3)
    expect(asked).toBe(2_000)
    canonicalizeResource(members, { ...body, schemas: ['urn:example:Holder'] }, { ...options, ahead: step.value })
    expect(asked).toBe(2_000)
  })
})
