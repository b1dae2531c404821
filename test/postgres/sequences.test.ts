import { playSequence } from '../../src/conformance/replay/play.js'
import { sequences } from '../../src/conformance/replay/sequences.js'
import { type AppOptions, sharedApp, TOKEN } from '../support/app.js'
import { sample } from '../support/length.js'
import { describeMapped } from '../support/mapped-database.js'
import { testAdapters } from '../support/postgres.js'

/** The sequence that asks for unique group names, which RFC 7643 section 8.7.1 does not (decision A-110). */
const UNIQUE_GROUP_NAMES = 'msval-duplicate-group'

const UNIQUE = { displayName: { uniqueness: 'server' } } as const

type Service = () => AppOptions

describe('client sequences on documents in PostgreSQL', () => {
  const plain = testAdapters()
  const unique = testAdapters({ groups: { attributes: UNIQUE } })
  const of = ({ postgres }: ReturnType<typeof testAdapters>): AppOptions => ({
    resources: postgres.resources,
    transaction: postgres.transaction,
  })
  playAll(
    () => of(plain),
    () => of(unique),
    0,
  )
})

describeMapped('client sequences on existing tables', (name, make) => {
  const database = make()
  const from = ['SQLite', 'PostgreSQL', 'MySQL'].indexOf(name)
  beforeAll(async () => {
    const schema = database.schema === 'main' ? '' : `"${database.schema}".`
    if (name === 'MySQL') {
      // MySQL has no index on a part of the rows.
      const unique = "varchar(191) AS (CASE WHEN org = 'unique' THEN name_key END)"
      await database.query(`ALTER TABLE ${schema}teams ADD unique_name ${unique}, ADD UNIQUE KEY (org, unique_name)`)
    } else
      await database.query(`CREATE UNIQUE INDEX unique_names ON ${schema}teams (org, name_key) WHERE org = 'unique'`)
  })
  const of = (tenant: string, unique: boolean): AppOptions => {
    const { User, Group } = database.mapping()
    return {
      authenticate: ({ token }) => (token === TOKEN ? { tenant } : null),
      resources: database.resources({ User, Group: { ...Group, policies: unique ? UNIQUE : {} } }),
    }
  }
  playAll(
    () => of('plain', false),
    () => of('unique', true),
    from,
  )
})

function playAll(plain: Service, unique: Service, from: number): void {
  describe.each(['tolerant', 'strict'] as const)('%s', (compatibility) => {
    const app = sharedApp(() => ({ ...plain(), compatibility }))
    const uniqueApp = sharedApp(() => ({ ...unique(), compatibility }))
    for (const [client, recorded] of Object.entries(sequences)) {
      // The recorded clients are played in full on the memory adapter; in the short form the databases share them.
      for (const sequence of sample(recorded, 3, from).filter(
        ({ level }) => compatibility === 'tolerant' || level === 'rfc',
      )) {
        test(`${client}: ${sequence.id} – ${sequence.title}`, async () => {
          const { scim } = sequence.id === UNIQUE_GROUP_NAMES ? uniqueApp : app
          expect(await playSequence(sequence, scim)).toEqual([])
        })
      }
    }
  })
}
