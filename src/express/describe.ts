import type { ToleranceName } from '../compatibility.js'
import type { Limits } from '../provider/setup/limits.js'
import type { Provider } from '../provider/setup/provider.js'

/** The description of a router. */
export interface Description {
  /** The resource types, with the URIs of their schemas, and whether they have versions (ETag). */
  readonly resourceTypes: readonly {
    readonly name: string
    readonly endpoint: string
    readonly schemas: readonly string[]
    readonly versions: boolean
  }[]
  /** The names of the tolerances that are switched on. */
  readonly tolerances: readonly ToleranceName[]
  /** The limits in force. */
  readonly limits: Limits
}

/** Describes a provider, for logs and start-up checks. */
export function describe({ types, tolerances, limits }: Provider): Description {
  return {
    resourceTypes: types.map(({ name, endpoint, schema, supports }) => ({
      name,
      endpoint,
      schemas: [schema.base.id, ...schema.extensions.map((extension) => extension.schema.id)],
      versions: supports.versions,
    })),
    tolerances: [...tolerances],
    limits,
  }
}
