import { SEARCH_REQUEST } from '../../src/urn.js'
import type { Answer, ScimClient } from '../support/client.js'
import type { FixtureResource } from '../support/fixture-adapter.js'
import { type Exceptions, tolerantWithout, vectorServers } from './exceptions.js'
import { FILTER_PROOFS, proofOf } from './requirements.js'
import { readVectors, vectorService } from './service.js'

interface FilterCase {
  readonly id: string
  readonly section: string
  readonly endpoint: string
  readonly filter: string
  readonly method?: 'POST'
  readonly candidates?: readonly string[]
  readonly note?: string
  readonly expected: {
    readonly status: number
    readonly scimType?: string
    readonly ids?: readonly string[]
    readonly totalResults?: number
  }
}

/** What tolerant mode answers otherwise. Every other case has the same answer in both modes. */
const EXCEPTIONS: Exceptions = {
  'FILTER-214': ['unquotedText'],
  'FILTER-244': ['unquotedText'],
}

const vectors = readVectors<FilterCase, readonly FixtureResource[]>('filter')
const service = vectorService(vectors.schemas.extension[0], vectors.resources)
const servers = vectorServers(service)
const title = ({ id, section, filter }: FilterCase): string =>
  `${id}${proofOf(id, FILTER_PROOFS)} (${section}) ${filter.slice(0, 100)}`
const byTitle = vectors.cases.map((vector) => [title(vector), vector] as const)

afterAll(() => servers.close())

describe('filter vectors', () => {
  test('there are 254, each with its own id', () => {
    const ids = new Set(vectors.cases.map(({ id }) => id))
    expect(ids.size).toBe(254)
    const named = Object.values(FILTER_PROOFS).flat()
    expect(named.filter((number) => !ids.has(`FILTER-${String(number).padStart(3, '0')}`))).toEqual([])
  })

  describe('strict', () => {
    test.each(byTitle)('%s', async (_title, vector) => {
      expect(differences(vector, await ask(vector, (await servers.with('strict')).scim))).toEqual([])
    })
  })

  describe('tolerant', () => {
    const same = byTitle.filter(([, { id }]) => !Object.hasOwn(EXCEPTIONS, id))
    test.each(same)('%s', async (_title, vector) => {
      expect(differences(vector, await ask(vector, (await servers.with('tolerant')).scim))).toEqual([])
    })

    test.each(Object.entries(EXCEPTIONS))('%s differs by %s alone', async (id, tolerances) => {
      const vector = vectors.cases.find((one) => one.id === id) as FilterCase
      const tolerant = await ask(vector, (await servers.with('tolerant')).scim)
      expect(differences(vector, tolerant)).not.toEqual([])
      expect(tolerant.status).toBe(200)
      const without = await ask(vector, (await servers.with(tolerantWithout(tolerances))).scim)
      expect(differences(vector, without)).toEqual([])
    })
  })
})

async function ask({ endpoint, filter, method, candidates }: FilterCase, scim: ScimClient): Promise<Answer> {
  service.reset(candidates)
  if (method === 'POST') return scim.post(endpoint, { schemas: [SEARCH_REQUEST], filter })
  // The root is the base URL itself.
  return scim.get(`${endpoint === '/' ? '' : endpoint}?filter=${encodeURIComponent(filter)}`)
}

/** Every way in which an answer is not the expected one. */
function differences({ expected }: FilterCase, { status, body }: Answer): string[] {
  if (status !== expected.status) return [`status ${status} ${body?.detail}, expected ${expected.status}`]
  const found: string[] = []
  if (status >= 400 && body.status !== String(status)) found.push(`status ${body.status} in the body`)
  if (expected.scimType !== undefined && body.scimType !== expected.scimType) found.push(`scimType ${body.scimType}`)
  if (status >= 400 && !body.detail) found.push('no detail')
  if (expected.ids) {
    const ids = (body.Resources ?? []).map((resource: { id: string }) => resource.id)
    if (ids.toSorted().join() !== [...expected.ids].sort().join()) found.push(`found ${ids}, expected ${expected.ids}`)
  }
  if (expected.totalResults !== undefined && body.totalResults !== expected.totalResults) {
    found.push(`totalResults ${body.totalResults}, expected ${expected.totalResults}`)
  }
  return found
}
