import { PATCH_OP } from '../../src/urn.js'
import type { Answer, ScimClient } from '../support/client.js'
import type { FixtureResource } from '../support/fixture-adapter.js'
import { type CompareRules, comparable, differingPaths, hasPath } from './compare.js'
import { PATCH_PROOFS, proofOf } from './requirements.js'
import { readVectors, type VectorService } from './service.js'

export interface PatchCase {
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

/** The answer of a service, with the resource before and after. */
export interface Outcome {
  readonly before: Answer
  readonly answer: Answer
  readonly after: Answer
}

// RFC 7643: the server may take these from other resources, even if the stored resource has others.
const SERVER_SIDE = /^groups\b|\bmanager\.(displayName|\$ref)$|^members\.(display|\$ref|type)$/

/** The PATCH vectors with their resources. */
export const patchVectors = readVectors<PatchCase, Readonly<Record<string, FixtureResource>>>('patch')

/** The vectors by the titles of their tests. */
export const patchCases = patchVectors.cases.map((vector) => [titleOf(vector), vector] as const)

function titleOf({ id, section, operations, note }: PatchCase): string {
  return `${id}${proofOf(id, PATCH_PROOFS)} (${section}) ${note ?? JSON.stringify(operations).slice(0, 100)}`
}

/** Sends a PATCH to a service over HTTP. */
export async function runPatch(vector: PatchCase, service: VectorService, scim: ScimClient): Promise<Outcome> {
  const { resourceType, targetId, operations, body, bodyText, query, headers } = vector
  await service.reset()
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
  return patchVectors.resources[resource] as FixtureResource
}

/** Every way in which an outcome is not the expected one. */
export function patchDifferences(vector: PatchCase, { before, answer, after }: Outcome): string[] {
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

/**
 * RFC 7644 section 3.5.2.1: "Unless other operations change the resource, this operation SHALL NOT change the modify
 * timestamp of the resource."
 */
function modification(modified: boolean, before: Meta, after: Meta): string[] {
  const version = before.version === after.version
  const lastModified = before.lastModified === after.lastModified
  if (modified) return [...(version ? ['the version stayed'] : []), ...(lastModified ? ['lastModified stayed'] : [])]
  return [...(version ? [] : ['the version changed']), ...(lastModified ? [] : ['lastModified changed'])]
}
