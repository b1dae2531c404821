import { SEARCH_REQUEST } from '../../src/urn.js'
import type { Answer, ScimClient } from '../support/client.js'
import type { FixtureResource } from '../support/fixture-adapter.js'
import { FILTER_PROOFS, proofOf } from './requirements.js'
import { readVectors, type VectorService } from './service.js'

export interface FilterCase {
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

/** The filter vectors with their resources. */
export const filterVectors = readVectors<FilterCase, readonly FixtureResource[]>('filter')

/** The vectors by the titles of their tests. */
export const filterCases = filterVectors.cases.map((vector) => [titleOf(vector), vector] as const)

function titleOf({ id, section, filter }: FilterCase): string {
  return `${id}${proofOf(id, FILTER_PROOFS)} (${section}) ${filter.slice(0, 100)}`
}

/** Asks a service over HTTP, on the resources that the vector is about. */
export async function askFilter(
  { endpoint, filter, method, candidates }: FilterCase,
  service: VectorService,
  scim: ScimClient,
): Promise<Answer> {
  await service.reset(candidates)
  if (method === 'POST') return scim.post(endpoint, { schemas: [SEARCH_REQUEST], filter })
  // The root is the base URL itself.
  return scim.get(`${endpoint === '/' ? '' : endpoint}?filter=${encodeURIComponent(filter)}`)
}

/** Every way in which an answer is not the expected one. */
export function filterDifferences({ expected }: FilterCase, { status, body }: Answer): string[] {
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
