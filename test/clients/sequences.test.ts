import { createServer } from 'node:http'
import type { Compatibility } from '../../src/index.js'
import { memoryAdapters } from '../../src/memory/index.js'
import { type AppOptions, describeExpress, type ExpressVersion, serve, sharedApp } from '../support/app.js'
import { SEQUENCE_FILES, UNIQUE_GROUP_NAMES } from './files.js'
import { replay, type Sequence } from './replay.js'

const allSequences = SEQUENCE_FILES.flatMap(({ sequences }) => sequences)

test('there are 35 sequences, each with its own id', () => {
  expect(new Set(allSequences.map(({ id }) => id)).size).toBe(35)
})

test('a server that answers everything with 200 and an empty object passes none', async () => {
  const careless = createServer((_request, response) => response.end('{}'))
  const app = await serve(careless)
  try {
    const told = await Promise.all(allSequences.map((sequence) => replay(sequence, app.scim)))
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
  for (const { idp, sequences } of SEQUENCE_FILES) {
    for (const sequence of sequences.filter(wanted)) {
      test(`${idp}: ${sequence.id} – ${sequence.title}`, async () => {
        const app = sequence.id === UNIQUE_GROUP_NAMES ? unique : plain
        expect(await replay(sequence, app.scim)).toEqual([])
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
