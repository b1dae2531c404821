import { playSequence } from '../../src/conformance/play.js'
import { sequences } from '../../src/conformance/sequences.js'
import type { Compatibility } from '../../src/index.js'
import { type AppOptions, sharedApp } from '../support/app.js'
import { testAdapters } from '../support/postgres.js'

/** The sequence that asks for unique group names, which RFC 7643 section 8.7.1 does not (decision A-110). */
const UNIQUE_GROUP_NAMES = 'msval-duplicate-group'

describe.each(['tolerant', 'strict'] as const)('client sequences on documents in PostgreSQL, %s', (compatibility) => {
  const plain = testAdapters()
  const unique = testAdapters({ groups: { attributes: { displayName: { uniqueness: 'server' } } } })
  const app = sharedApp(() => service(compatibility, plain))
  const uniqueApp = sharedApp(() => service(compatibility, unique))

  for (const [client, recorded] of Object.entries(sequences)) {
    for (const sequence of recorded.filter(({ level }) => compatibility === 'tolerant' || level === 'rfc')) {
      test(`${client}: ${sequence.id} – ${sequence.title}`, async () => {
        const { scim } = sequence.id === UNIQUE_GROUP_NAMES ? uniqueApp : app
        expect(await playSequence(sequence, scim)).toEqual([])
      })
    }
  }
})

function service(compatibility: Compatibility, { postgres }: ReturnType<typeof testAdapters>): AppOptions {
  return { compatibility, resources: postgres.resources, transaction: postgres.transaction }
}
