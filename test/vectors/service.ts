import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Compatibility, EnterpriseUser, Group, type SchemaDefinition, User } from '../../src/index.js'
import type { AppOptions } from '../support/app.js'
import { type FixtureResource, fixtureAdapter } from '../support/fixture-adapter.js'

/** The common parts of both vector files beside their cases. */
interface VectorFile<Case, Resources> {
  readonly schemas: { readonly extension: readonly [SchemaDefinition] }
  readonly resources: Resources
  readonly cases: readonly Case[]
}

export function readVectors<Case, Resources>(name: string): VectorFile<Case, Resources> {
  return JSON.parse(readFileSync(join(__dirname, 'data', `${name}-cases.json`), 'utf8'))
}

/**
 * Users with the enterprise extension and the extension of the vector file, and groups, on adapters that can be put
 * back.
 */
export interface VectorService {
  readonly options: (compatibility: Compatibility) => AppOptions
  /** Puts the resources back; `ids` leaves only these. */
  readonly reset: (ids?: readonly string[]) => void | Promise<void>
}

export function vectorService(extension: SchemaDefinition, resources: readonly FixtureResource[]): VectorService {
  const ofType = (schema: string): FixtureResource[] =>
    resources.filter((resource) => (resource['schemas'] as readonly string[]).includes(schema))
  const users = fixtureAdapter(ofType(User.id), 'userName')
  const groups = fixtureAdapter(ofType(Group.id))
  return {
    options: (compatibility) => ({
      compatibility,
      // The locations and references of the data begin so.
      baseUrl: 'https://example.com/v2',
      resources: {
        User: { extensions: [EnterpriseUser, extension], adapter: users, supports: { versions: true } },
        Group: { adapter: groups, supports: { versions: true } },
      },
    }),
    reset: (ids) => {
      users.reset(ids)
      groups.reset(ids)
    },
  }
}
