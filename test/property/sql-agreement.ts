import fc from 'fast-check'
import { finishCandidates } from '../../src/adapter/candidates.js'
import type { Candidates, ListQuery, Page, Sort, Stored } from '../../src/adapter/contract.js'
import type { Filter } from '../../src/filter/ast.js'
import { toPredicate } from '../../src/filter/evaluate.js'
import { parseFilter } from '../../src/filter/parse.js'
import { resolveFilter } from '../../src/filter/resolve.js'
import { defineSchema } from '../../src/index.js'
import type { ResourceSchema } from '../../src/schema/define/schema.js'
import { runs } from '../support/length.js'

/** Attributes of types that the core schemas lack. */
export const Odd = defineSchema({
  id: "urn:example:it's:Odd",
  attributes: [
    { name: 'count', type: 'integer' },
    { name: 'ratio', type: 'decimal' },
    { name: 'seen', type: 'dateTime' },
    { name: 'blob', type: 'binary' },
    { name: 'tags', multiValued: true },
    { name: 'codes', multiValued: true, caseExact: true },
    { name: 'numbers', type: 'decimal', multiValued: true },
    {
      name: 'places',
      type: 'complex',
      multiValued: true,
      subAttributes: [
        { name: 'value' },
        { name: 'since', type: 'dateTime' },
        { name: 'area', type: 'decimal' },
        { name: 'primary', type: 'boolean' },
        { name: 'labels', multiValued: true },
      ],
    },
  ],
})

/** Attributes of users whose values are of every kind. */
export const NAMES: ReadonlySet<string> = new Set([
  'emails',
  'userName',
  'externalId',
  'displayName',
  'name',
  'active',
  'title',
  'photos',
  'profileUrl',
  'x509Certificates',
  'meta',
])

/** The number of random filters; a long run has more. */
export const RUNS = Number(process.env['SQL_PROPERTY_RUNS'] ?? runs(400, 2_000))
/** scripts/differential.mjs gives another one each time. */
export const SEED = Number(process.env['SQL_PROPERTY_SEED'] ?? 0)

/** The same queries for the memory and for a database. */
export interface Agreement {
  readonly filters: fc.Arbitrary<string>
  readonly schema: ResourceSchema
  readonly resources: readonly Stored[]
  /** The answer of the database: a page if SQL could express the whole filter. */
  readonly list: (filter: Filter) => Page | Candidates | PromiseLike<Page | Candidates>
  readonly runs: number
  readonly seed: number
}

/**
 * Asserts that the database and the memory find the same resources. Returns the share of the filters that SQL could
 * express.
 */
export async function assertAgreement(agreement: Agreement): Promise<number> {
  const { filters, schema, resources, list, runs, seed } = agreement
  let said = 0
  await fc.assert(
    fc.asyncProperty(filters, async (text) => {
      const filter = resolveFilter(parseFilter(text), schema)
      const matches = toPredicate(filter)
      const wanted = resources.filter((one) => matches({ ...one, schemas: [] })).map(({ id }) => id)
      const answer = await list(filter)
      if ('resources' in answer) said += 1
      const found = await all(answer, schema, filter)
      expect(found.map(({ id }) => id).sort()).toEqual([...wanted].sort())
    }),
    { numRuns: runs, seed: seed + SEED },
  )
  return said / runs
}

export function listQuery(filter: Filter | undefined, sort: Sort | undefined): ListQuery {
  return { filter, sort, count: 100, pagination: 'index', startIndex: 1, equals: () => undefined }
}

/** The resources of an answer, finished as a router would. */
export async function all(
  answer: Page | Candidates,
  schema: ResourceSchema,
  filter?: Filter,
): Promise<readonly Stored[]> {
  const page =
    'resources' in answer ? answer : await finishCandidates(answer, listQuery(filter, undefined), { schema } as never)
  return [...page.resources]
}
