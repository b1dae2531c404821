import { User } from '../../src/index.js'
import { resourceSchema } from '../../src/schema/define/schema.js'
import { compileProjection } from '../../src/schema/projection/project.js'
import { writeProperties } from '../../src/schema/projection/write-value.js'

const { writers } = compileProjection(resourceSchema(User, []))
const writing = { large: false, refer: () => undefined }

describe('writing a resource', () => {
  test('leaves what can go out as it is', () => {
    const stored = { userName: 'bjensen', active: true, emails: [{ value: 'b@example.com', type: 'work' }] }
    expect(writeProperties(stored, writers, writing)).toBe(stored)
  })

  // JSON.stringify of Node 26 takes twice as long for an answer with a frozen array in it.
  test('copies a frozen list, and leaves the frozen objects in it', () => {
    const email = Object.freeze({ value: 'b@example.com', type: 'work' })
    const emails = Object.freeze([email])
    const written = writeProperties({ userName: 'bjensen', emails }, writers, writing)
    expect(written).toEqual({ userName: 'bjensen', emails: [email] })
    expect(Object.isExtensible(written?.emails)).toBe(true)
    expect(Array.isArray(written?.emails) && written.emails[0]).toBe(email)
  })
})
