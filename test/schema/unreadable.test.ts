import { defineSchema } from '../../src/schema/define/define-schema.js'
import { resourceSchema } from '../../src/schema/define/schema.js'
import { keepUnreadable, unreadableAttributes, withoutUnreadable } from '../../src/schema/resources/unreadable.js'

const secret = { name: 'secret', returned: 'never' } as const
const Vault = defineSchema({
  id: 'urn:test:Vault',
  attributes: [
    { name: 'label' },
    secret,
    { name: 'lock', type: 'complex', subAttributes: [{ name: 'maker' }, secret] },
    { name: 'keys', type: 'complex', multiValued: true, subAttributes: [{ name: 'value' }, secret] },
  ],
})
const Alarm = defineSchema({ id: 'urn:test:Alarm', attributes: [{ name: 'code', mutability: 'writeOnly' }] })
const unreadable = unreadableAttributes(resourceSchema(Vault, [{ schema: Alarm, required: false }]))

describe('withoutUnreadable', () => {
  test('[S-7-10] [S-7-08] leaves out whatever is never returned, at every level', () => {
    const vault = {
      label: 'a',
      secret: 's',
      lock: { maker: 'm', secret: 's' },
      keys: [{ value: 'k', secret: 's' }, { secret: 's' }],
      'urn:test:Alarm': { code: '1' },
    }
    expect(withoutUnreadable(vault, unreadable)).toEqual({ label: 'a', lock: { maker: 'm' }, keys: [{ value: 'k' }] })
  })

  test('is the same object when there is nothing to leave out', () => {
    const vault = Object.freeze({ label: 'a', lock: { maker: 'm' }, keys: [{ value: 'k' }] })
    expect(withoutUnreadable(vault, unreadable)).toBe(vault)
  })
})

describe('keepUnreadable', () => {
  const stored = {
    label: 'a',
    secret: 's',
    lock: { secret: 't' },
    keys: [{ secret: 'u' }],
    'urn:test:Alarm': { code: '1' },
  }

  test('[P-3.5.1-09] keeps what a draft lacks because nobody could read it', () => {
    expect(keepUnreadable({ lock: { maker: 'm' } }, stored, unreadable)).toEqual({
      secret: 's',
      lock: { maker: 'm', secret: 't' },
      'urn:test:Alarm': { code: '1' },
    })
  })

  test('takes what a draft has', () => {
    const draft = { secret: 'new', lock: { secret: 'new' }, 'urn:test:Alarm': { code: '2' } }
    expect(keepUnreadable(draft, stored, unreadable)).toEqual(draft)
  })
})
