import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ScimError } from '../../src/error.js'
import type { Filter } from '../../src/filter/ast.js'
import { toPredicate } from '../../src/filter/evaluate.js'
import { parseFilter } from '../../src/filter/parse.js'
import { printFilter } from '../../src/filter/print.js'
import { resolveFilter } from '../../src/filter/resolve.js'
import { EnterpriseUser } from '../../src/schema/core/enterprise-user.js'
import { Group } from '../../src/schema/core/group.js'
import { User } from '../../src/schema/core/user.js'
import { type ResourceSchema, resourceSchema } from '../../src/schema/define/schema.js'
import type { SchemaDefinition } from '../../src/schema/model/definition.js'

interface Case {
  readonly id: string
  readonly section: string
  readonly endpoint: string
  readonly filter: string
  readonly candidates?: readonly string[]
  readonly expected: { readonly status: number; readonly scimType?: string; readonly ids?: readonly string[] }
}

interface Vectors {
  readonly schemas: { readonly extension: readonly SchemaDefinition[] }
  readonly resources: readonly { readonly id: string; readonly meta: { readonly resourceType: string } }[]
  readonly cases: readonly Case[]
}

const file = join(__dirname, '../vectors/data/filter-cases.json')
const vectors: Vectors = JSON.parse(readFileSync(file, 'utf8'))

const schemas: Readonly<Record<string, ResourceSchema>> = {
  User: resourceSchema(
    User,
    [EnterpriseUser, ...vectors.schemas.extension].map((schema) => ({ schema, required: false })),
  ),
  Group: resourceSchema(Group),
}
const typesOf: Readonly<Record<string, readonly string[]>> = {
  '/Users': ['User'],
  '/Users/.search': ['User'],
  '/Groups': ['Group'],
  '/Groups/.search': ['Group'],
  '/': ['User', 'Group'],
  '/.search': ['User', 'Group'],
}

/** The ids of the resources that match, in the order of the file, or the scimType of the error. */
function answer({ endpoint, filter, candidates }: Case): string[] | string | undefined {
  try {
    const types = typesOf[endpoint] ?? []
    const parsed = parseFilter(filter)
    const predicates = new Map(
      types.map((type) => {
        const schema = schemas[type] as ResourceSchema
        const bound = resolveFilter(parsed, schema, { unknown: types.length > 1 ? 'unassigned' : 'refuse' })
        return [type, typeof bound === 'boolean' ? () => bound : toPredicate(reread(bound, schema))]
      }),
    )
    return vectors.resources
      .filter(({ id }) => candidates === undefined || candidates.includes(id))
      .filter((resource) => predicates.get(resource.meta.resourceType)?.(resource))
      .map(({ id }) => id)
  } catch (error) {
    if (!ScimError.is(error)) throw error
    return error.scimType
  }
}

/** A bound filter means the same when it was printed, read and bound again. */
function reread(filter: Filter, schema: ResourceSchema): Filter {
  const again = resolveFilter(parseFilter(printFilter(filter)), schema)
  expect(again).toEqual(filter)
  return again
}

// Filters on /Schemas and /ResourceTypes are refused before they are read.
const cases = vectors.cases.filter(({ endpoint }) => Object.hasOwn(typesOf, endpoint))

test('the file has its cases', () => {
  expect(cases.length).toBeGreaterThan(250)
})

describe('filter vectors, in strict mode', () => {
  test.each(cases.map((each) => [`${each.id} ${each.filter.slice(0, 80)}`, each] as const))('%s', (_, each) => {
    const { status, scimType, ids } = each.expected
    const actual = answer(each)
    if (status !== 200) expect(actual).toBe(scimType)
    else if (ids) expect(actual).toEqual(ids)
    else expect(actual).toBeInstanceOf(Array)
  })
})
