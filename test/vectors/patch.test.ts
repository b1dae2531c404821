import { type Exceptions, tolerantWithout, vectorServers } from './exceptions.js'
import { type PatchCase, patchCases, patchDifferences, patchVectors, runPatch } from './patch-vectors.js'
import { PATCH_PROOFS } from './requirements.js'
import { vectorService } from './service.js'

/** The different answers of tolerant mode. Every other case has the same answer in both modes. */
const EXCEPTIONS: Exceptions = {
  'PATCH-078': ['numberForText'],
  'PATCH-084': ['textForComplex'],
  'PATCH-089': ['numberForText'],
  'PATCH-090': ['numberForText'],
  'PATCH-097': ['unknownPath'],
  'PATCH-098': ['unknownPath'],
  'PATCH-101': ['removeWithoutPath'],
  'PATCH-149': ['unknownPath'],
  'PATCH-150': ['unknownPath'],
  'PATCH-186': ['createMissingValue'],
  'PATCH-188': ['createMissingValue'],
  'PATCH-189': ['createMissingValue'],
  'PATCH-190': ['createMissingValue'],
  'PATCH-220': ['textForComplex'],
  'PATCH-233': ['emptyOperations'],
  'PATCH-237': ['missingPatchSchemas'],
  'PATCH-266': ['createMissingValue'],
  'PATCH-269': ['unknownPath'],
  'PATCH-270': ['readOnlyPath'],
  'PATCH-280': ['createMissingValue'],
  'PATCH-303': ['readOnlyInValue'],
  'PATCH-304': ['readOnlyInValue'],
  'PATCH-306': ['readOnlyInValue'],
  'PATCH-309': ['numberForText'],
  'PATCH-326': ['unknownPath'],
  'PATCH-327': ['unknownPath'],
  'PATCH-328': ['unknownPath'],
  'PATCH-329': ['unknownPath'],
  'PATCH-330': ['unknownPath'],
}

const service = vectorService(patchVectors.schemas.extension[0], Object.values(patchVectors.resources))
const servers = vectorServers(service)

afterAll(() => servers.close())

describe('patch vectors', () => {
  test('there are 262, each with its own id', () => {
    const ids = new Set(patchVectors.cases.map(({ id }) => id))
    expect(ids.size).toBe(262)
    const named = Object.values(PATCH_PROOFS).flat()
    expect(named.filter((number) => !ids.has(`PATCH-${String(number).padStart(3, '0')}`))).toEqual([])
  })

  describe('strict', () => {
    test.each(patchCases)('%s', async (_title, vector) => {
      expect(patchDifferences(vector, await runPatch(vector, service, (await servers.with('strict')).scim))).toEqual([])
    })
  })

  describe('tolerant', () => {
    const same = patchCases.filter(([, { id }]) => !Object.hasOwn(EXCEPTIONS, id))
    test.each(same)('%s', async (_title, vector) => {
      expect(patchDifferences(vector, await runPatch(vector, service, (await servers.with('tolerant')).scim))).toEqual(
        [],
      )
    })

    test.each(Object.entries(EXCEPTIONS))('%s differs by %j alone', async (id, tolerances) => {
      const vector = patchVectors.cases.find((one) => one.id === id) as PatchCase
      const tolerant = await runPatch(vector, service, (await servers.with('tolerant')).scim)
      expect(patchDifferences(vector, tolerant)).not.toEqual([])
      const without = await runPatch(vector, service, (await servers.with(tolerantWithout(tolerances))).scim)
      expect(patchDifferences(vector, without)).toEqual([])
    })
  })
})
