import { createServer } from 'node:http'
import { playSequence } from '../../src/conformance/replay/play.js'
import type { Sequence } from '../../src/conformance/replay/sequence.js'
import { sequences } from '../../src/conformance/replay/sequences.js'
import type { Compatibility } from '../../src/index.js'
import { memoryAdapters } from '../../src/memory/index.js'
import { type AppOptions, describeExpress, type ExpressVersion, serve, sharedApp } from '../support/app.js'

/** The sequence that asks for unique group names, which RFC 7643 section 8.7.1 does not (decision A-110). */
const UNIQUE_GROUP_NAMES = 'msval-duplicate-group'

const allSequences = Object.values(sequences).flat()

test('there are 37 sequences, each with its own id', () => {
  expect(new Set(allSequences.map(({ id }) => id)).size).toBe(37)
})

test('a server that answers everything with 200 and an empty object passes none', async () => {
  const careless = createServer((_request, response) => response.end('{}'))
  const app = await serve(careless)
  try {
    const told = await Promise.all(allSequences.map((sequence) => playSequence(sequence, app.scim)))
    expect(told.filter((failures) => failures.length === 0)).toEqual([])
  } finally {
    await app.close()
  }
})

describeExpress('tolerant', (version) => {
  replayAll(version, 'tolerant', () => true)
})

describeExpress('strict', (version) => {
  replayAll(version, 'strict', ({ level }) => level === 'rfc')
})

function replayAll(
  version: ExpressVersion,
  compatibility: Compatibility,
  wanted: (sequence: Sequence) => boolean,
): void {
  const plain = sharedApp(() => service(compatibility), version)
  const unique = sharedApp(() => service(compatibility, { displayName: { uniqueness: 'server' } }), version)
  for (const [client, recorded] of Object.entries(sequences)) {
    for (const sequence of recorded.filter(wanted)) {
      test(`${client}: ${sequence.id} – ${sequence.title}`, async () => {
        const app = sequence.id === UNIQUE_GROUP_NAMES ? unique : plain
        expect(await playSequence(sequence, app.scim)).toEqual([])
      })
    }
  }
}

type Attributes = NonNullable<AppOptions['resources'][string]['attributes']>

function service(compatibility: Compatibility, groupAttributes: Attributes = {}): AppOptions {
  const { users, groups } = memoryAdapters({ groups: { attributes: groupAttributes } })
  return {
    compatibility,
    resources: {
      User: { adapter: users, supports: { versions: true } },
      Group: { adapter: groups, supports: { versions: true }, attributes: groupAttributes },
    },
  }
}
