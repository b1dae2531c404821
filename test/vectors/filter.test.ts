import { type Exceptions, tolerantWithout, vectorServers } from './exceptions.js'
import { askFilter, type FilterCase, filterCases, filterDifferences, filterVectors } from './filter-vectors.js'
import { FILTER_PROOFS } from './requirements.js'
import { vectorService } from './service.js'

/** The different answers of tolerant mode. Every other case has the same answer in both modes. */
const EXCEPTIONS: Exceptions = {
  'FILTER-214': ['unquotedText'],
  'FILTER-244': ['unquotedText'],
  'FILTER-252': ['literalCase'],
}

const service = vectorService(filterVectors.schemas.extension[0], filterVectors.resources)
const servers = vectorServers(service)

afterAll(() => servers.close())

describe('filter vectors', () => {
  test('there are 254, each with its own id', () => {
    const ids = new Set(filterVectors.cases.map(({ id }) => id))
    expect(ids.size).toBe(254)
    const named = Object.values(FILTER_PROOFS).flat()
    expect(named.filter((number) => !ids.has(`FILTER-${String(number).padStart(3, '0')}`))).toEqual([])
  })

  describe('strict', () => {
    test.each(filterCases)('%s', async (_title, vector) => {
      expect(filterDifferences(vector, await askFilter(vector, service, (await servers.with('strict')).scim))).toEqual(
        [],
      )
    })
  })

  describe('tolerant', () => {
    const same = filterCases.filter(([, { id }]) => !Object.hasOwn(EXCEPTIONS, id))
    test.each(same)('%s', async (_title, vector) => {
      expect(
        filterDifferences(vector, await askFilter(vector, service, (await servers.with('tolerant')).scim)),
      ).toEqual([])
    })

    test.each(Object.entries(EXCEPTIONS))('%s differs by %s alone', async (id, tolerances) => {
      const vector = filterVectors.cases.find((one) => one.id === id) as FilterCase
      const tolerant = await askFilter(vector, service, (await servers.with('tolerant')).scim)
      expect(filterDifferences(vector, tolerant)).not.toEqual([])
      expect(tolerant.status).toBe(200)
      const without = await askFilter(vector, service, (await servers.with(tolerantWithout(tolerances))).scim)
      expect(filterDifferences(vector, without)).toEqual([])
    })
  })
})
