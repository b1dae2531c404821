import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { strict } from '../../src/compatibility.js'
import { ScimError } from '../../src/error.js'
import { patchOf } from '../../src/patch/delta.js'
import { normalizePatch } from '../../src/patch/normalize.js'
import { EnterpriseUser } from '../../src/schema/core/enterprise-user.js'
import { Group } from '../../src/schema/core/group.js'
import { User } from '../../src/schema/core/user.js'
import { type ResourceSchema, resourceSchema } from '../../src/schema/define/schema.js'
import type { SchemaDefinition } from '../../src/schema/model/definition.js'
import type { JsonObject } from '../../src/schema/model/resource.js'
import { PATCH_OP } from '../../src/urn.js'
import { type CompareRules, comparable, hasPath } from '../vectors/compare.js'
import { deepFreeze } from './support.js'

interface Vector {
  readonly id: string
  readonly section: string
  readonly resourceType: 'User' | 'Group'
  readonly resource: string
  readonly operations?: readonly unknown[]
  readonly body?: unknown
  readonly bodyText?: string
  readonly targetId?: string
  readonly expected: CompareRules & {
    readonly status: number | readonly number[]
    readonly scimType?: string | readonly string[]
    readonly resource: JsonObject | 'unchanged'
    readonly modified?: boolean
    readonly notReturned?: readonly string[]
  }
}

interface Vectors {
  readonly schemas: { readonly extension: readonly SchemaDefinition[] }
  readonly resources: Readonly<Record<string, JsonObject>>
  readonly cases: readonly Vector[]
}

const vectors: Vectors = JSON.parse(readFileSync(join(__dirname, '../vectors/data/patch-cases.json'), 'utf8'))
deepFreeze(vectors.resources)

const extensions = [EnterpriseUser, ...vectors.schemas.extension].map((schema) => ({ schema, required: false }))
const schemas = { User: resourceSchema(User, extensions), Group: resourceSchema(Group) }

// Vectors beyond a single resource in memory, which knows no other resources, and not whether it is stored.
const notHere = ({ expected, bodyText, targetId }: Vector): boolean =>
  expected.scimType === 'uniqueness' || bodyText !== undefined || targetId !== undefined

describe('patch vectors in process, strict', () => {
  test('there are 262', () => expect(vectors.cases).toHaveLength(262))

  const cases = vectors.cases.filter((vector) => !notHere(vector))
  test('six of them need a server', () => expect(vectors.cases.length - cases.length).toBe(6))

  test.each(cases.map((vector) => [vector.id, vector.section, vector] as const))('%s (%s)', (_id, _section, vector) => {
    const { expected } = vector
    const stored = vectors.resources[vector.resource] as JsonObject
    const outcome = run(vector, stored)

    if (ScimError.is(outcome)) {
      expect([expected.status].flat()).toContain(outcome.status)
      expect([expected.scimType].flat()).toContain(outcome.scimType)
      return
    }
    expect([expected.status].flat()).toContain(200)
    const shown: JsonObject = { ...outcome, schemas: schemasInUse(schemas[vector.resourceType], outcome) }
    // The attribute is there, although answers leave it out.
    for (const path of expected.notReturned ?? []) expect(hasPath(shown, path)).toBe(true)
    const rules = { ...expected, ignore: [...(expected.ignore ?? []), ...(expected.notReturned ?? [])] }
    const wanted = expected.resource === 'unchanged' ? stored : expected.resource
    expect(comparable(shown, rules)).toEqual(comparable(wanted, rules))
    if (expected.modified !== undefined) expect(outcome !== stored).toBe(expected.modified)
  })
})

/** RFC 7643 section 3: the URIs of the base schema and of the extensions that the resource has data of. */
function schemasInUse(schema: ResourceSchema, resource: JsonObject): string[] {
  const extensions = schema.extensionAttributes.filter(({ name }) => Object.hasOwn(resource, name))
  return [schema.base.id, ...extensions.map(({ name }) => name)]
}

function run(vector: Vector, stored: JsonObject): JsonObject | ScimError {
  const body = vector.body ?? { schemas: [PATCH_OP], Operations: vector.operations }
  const schema = schemas[vector.resourceType]
  try {
    return patchOf(schema, normalizePatch(schema, body, { tolerate: strict })).apply(stored)
  } catch (error) {
    if (ScimError.is(error)) return error
    throw error
  }
}
