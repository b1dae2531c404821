import { setImmediate } from 'node:timers/promises'
import type { JsonObject } from '../../../src/schema/model/resource.js'
import { SOUND } from '../sound-adapter.js'
import { type Fault, withParts, wrapped } from './fault.js'

export const UNIQUENESS: readonly Fault[] = [
  withParts(
    'checks a unique value and writes later',
    { pause: () => setImmediate() },
    'of 10 creates with one unique value one succeeds',
    /let 10 of 10 succeed at once with the same "userName" \(node_modules\/express-scim\/docs\/adapters\.md#uniqueness\)/,
  ),
  withParts(
    'checks a unique value letter by letter',
    {
      isTaken: (rows, { userName }, id) =>
        [...rows.values()].some((row) => row.id !== id && row.data['userName'] === userName),
    },
    'create refuses a unique value that is in use, and creates nothing',
    /create took ".*" as "userName", which another resource has/,
  ),
  withParts(
    'takes a resource for its own rival',
    { isTaken: (rows, draft) => SOUND.isTaken(rows, draft, undefined) },
    'a resource may keep its unique value, spell it otherwise, and free it',
    /refused a resource its own "userName"/,
  ),
  wrapped(
    'tells a value in use by an error of the database',
    (sound) => ({
      create: async (draft, call) => {
        try {
          return await sound.create(draft, call)
        } catch {
          throw Object.assign(new Error('duplicate key value violates unique constraint'), { code: '23505' })
        }
      },
    }),
    'create refuses a unique value that is in use, and creates nothing',
    /User\.create threw "duplicate key value .*#uniqueness/,
  ),
  wrapped(
    'makes what it refuses',
    (sound) => {
      let made = 0
      return {
        create: async (draft, call) => {
          try {
            return await sound.create(draft, call)
          } catch (error) {
            made += 1
            await sound.create(
              { ...(draft as JsonObject), userName: `remains-${made}-${Math.random()}` } as never,
              call,
            )
            throw error
          }
        },
      }
    },
    'create refuses a unique value that is in use, and creates nothing',
    /refused a value in use, and left \d resources/,
  ),
]
