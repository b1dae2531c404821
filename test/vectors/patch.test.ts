import { PATCH_OP } from '../../src/urn.js'
import type { Answer, ScimClient } from '../support/client.js'
import type { FixtureResource } from '../support/fixture-adapter.js'
import { type CompareRules, comparable, differingPaths, hasPath } from './compare.js'
import { type Exceptions, tolerantWithout, vectorServers } from './exceptions.js'
import { PATCH_PROOFS, proofOf } from './requirements.js'
import { readVectors, vectorService } from './service.js'

interface PatchCase {
  readonly id: string
  readonly section: string
  readonly resourceType: 'User' | 'Group'
  readonly resource: string
  readonly operations?: readonly unknown[]
  readonly body?: unknown
  readonly bodyText?: string
  readonly query?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly targetId?: string
  readonly note?: string
  readonly expected: CompareRules & {
    readonly status: number | readonly number[]
    readonly scimType?: string | readonly string[]
    readonly resource: FixtureResource | 'unchanged'
    readonly modified?: boolean
    readonly notReturned?: readonly string[]
    readonly returnedOnly?: readonly string[]
  }
}

interface Outcome {
  readonly before: Answer
  readonly answer: Answer
  readonly after: Answer
}

/** What tolerant mode answers otherwise. Every other case has the same answer in both modes. */
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

// RFC 7643: the server may take these from other resources, whatever the stored resource holds.
const SERVER_SIDE = /^groups\b|\bmanager\.(displayName|\$ref)$|^members\.(display|\$ref|type)$/

const vectors = readVectors<PatchCase, Readonly<Record<string, FixtureResource>>>('patch')
const service = vectorService(vectors.schemas.extension[0], Object.values(vectors.resources))
const servers = vectorServers(service)
const title = ({ id, section, operations, note }: PatchCase): string =>
  `${id}${proofOf(id, PATCH_PROOFS)} (${section}) ${note ?? JSON.stringify(operations).slice(0, 100)}`
const byTitle = vectors.cases.map((vector) => [title(vector), vector] as const)

afterAll(() => servers.close())

describe('patch vectors', () => {
  test('there are 262, each with its own id', () => {
    const ids = new Set(vectors.cases.map(({ id }) => id))
    expect(ids.size).toBe(262)
    const named = Object.values(PATCH_PROOFS).flat()
    expect(named.filter((number) => !ids.has(`PATCH-${String(number).padStart(3, '0')}`))).toEqual([])
  })

  describe('strict', () => {
    test.each(byTitle)('%s', async (_title, vector) => {
      expect(differences(vector, await run(vector, (await servers.with('strict')).scim))).toEqual([])
    })
  })

  describe('tolerant', () => {
    const same = byTitle.filter(([, { id }]) => !Object.hasOwn(EXCEPTIONS, id))
    test.each(same)('%s', async (_title, vector) => {
      expect(differences(vector, await run(vector, (await servers.with('tolerant')).scim))).toEqual([])
    })

    test.each(Object.entries(EXCEPTIONS))('%s differs by %j alone', async (id, tolerances) => {
      const vector = vectors.cases.find((one) => one.id === id) as PatchCase
      const tolerant = await run(vector, (await servers.with('tolerant')).scim)
      expect(differences(vector, tolerant)).not.toEqual([])
      const without = await run(vector, (await servers.with(tolerantWithout(tolerances))).scim)
      expect(differences(vector, without)).toEqual([])
    })
  })
})

async function run(vector: PatchCase, scim: ScimClient): Promise<Outcome> {
  const { resourceType, targetId, operations, body, bodyText, query, headers } = vector
  service.reset()
  const own = `/${resourceType}s/${stored(vector).id}`
  const target = targetId === undefined ? own : `/${resourceType}s/${targetId}`
  const message = bodyText ?? body ?? { schemas: [PATCH_OP], Operations: operations }
  return {
    before: await scim.get(own),
    answer: await scim.patch(query === undefined ? target : `${target}?${query}`, message, { headers: headers ?? {} }),
    after: await scim.get(own),
  }
}

function stored({ resource }: PatchCase): FixtureResource {
  return vectors.resources[resource] as FixtureResource
}

/** Every way in which an outcome is not the expected one. */
function differences(vector: PatchCase, { before, answer, after }: Outcome): string[] {
  const { expected } = vector
  const found: string[] = []
  const statuses = [expected.status].flat()
  if (!statuses.includes(answer.status)) {
    found.push(`status ${answer.status} ${answer.text.slice(0, 300)}, expected ${statuses.join(' or ')}`)
  }
  if (answer.status === 204 && answer.text !== '') found.push('204 with a body')
  if (answer.status < 300 && answer.headers.get('etag') !== after.body.meta.version) found.push('not the ETag of now')
  if (answer.status === 200 && vector.query === undefined && answer.text !== after.text)
    found.push('not what a GET gives')
  if (answer.status >= 400) {
    if (answer.body?.status !== String(answer.status)) found.push('no error message of that status')
    const scimTypes = [expected.scimType ?? []].flat()
    if (scimTypes.length > 0 && !scimTypes.includes(answer.body?.scimType)) {
      found.push(`scimType ${answer.body?.scimType}, expected ${scimTypes.join(' or ')}`)
    }
  }

  const given = stored(vector)
  const shown = differingPaths(before.body, given)
  found.push(...shown.filter((path) => !SERVER_SIDE.test(path)).map((path) => `${path} differed before the PATCH`))
  const rules = { ...expected, ignore: [...(expected.ignore ?? []), ...shown] }
  const wanted = comparable(expected.resource === 'unchanged' ? given : expected.resource, rules)
  const got = comparable(after.body, rules)
  if (JSON.stringify(got) !== JSON.stringify(wanted)) {
    found.push(`resource ${JSON.stringify(got)}, expected ${JSON.stringify(wanted)}`)
  }
  if (expected.modified !== undefined) found.push(...modification(expected.modified, before.body.meta, after.body.meta))

  const bodies = answer.status === 200 ? [answer.body, after.body] : [after.body]
  for (const path of expected.notReturned ?? []) {
    // A projection concerns the answer to the request alone.
    const searched = vector.query === undefined ? bodies : bodies.slice(0, -1)
    if (searched.some((body) => hasPath(body, path))) found.push(`${path} was returned`)
  }
  if (expected.returnedOnly) {
    const only = expected.returnedOnly
    const extra = differingPaths(answer.body, {}).filter((path) => !only.includes(path))
    const missing = only.filter((path) => !hasPath(answer.body, path))
    if (extra.length > 0) found.push(`returned ${extra} beside ${only}`)
    if (missing.length > 0) found.push(`did not return ${missing}`)
    if (answer.body?.meta !== undefined) found.push('returned meta')
  }
  return found
}

interface Meta {
  readonly version: string
  readonly lastModified: string
}

/** RFC 7644 section 3.5.2.1: "Unless other operations change the resource, this operation SHALL NOT change the modify timestamp of the resource." */
function modification(modified: boolean, before: Meta, after: Meta): string[] {
  const version = before.version === after.version
  const lastModified = before.lastModified === after.lastModified
  if (modified) return [...(version ? ['the version stayed'] : []), ...(lastModified ? ['lastModified stayed'] : [])]
  return [...(version ? [] : ['the version changed']), ...(lastModified ? [] : ['lastModified changed'])]
}
