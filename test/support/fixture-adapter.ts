import type { Draft, ResourceAdapter, Stored } from '../../src/adapter/contract.js'
import { ScimError } from '../../src/error.js'
import type { Resource } from '../../src/schema/model/resource.js'

/** A resource as a data file has it, `schemas`, `meta` and `$ref` included. */
export type FixtureResource = Readonly<Record<string, unknown>> & { readonly id: string }

/** An adapter over given resources, and a way to put them back. */
export interface FixtureAdapter extends ResourceAdapter<Resource> {
  /** Forgets all changes; `ids` leaves only these resources. */
  readonly reset: (ids?: readonly string[]) => void
}

/**
 * The plainest adapter there is: an array, every list answered with all of it as candidates, versions kept. It stores
 * resources as given, with null, `[]` and `{}` in them, and without the values that the router adds.
 *
 * @param unique an attribute of which no two resources may have the same value, in any letter case.
 */
export function fixtureAdapter(resources: readonly FixtureResource[], unique?: string): FixtureAdapter {
  const given = resources.map(toStored)
  let rows = [...given]
  let writes = 0

  const indexOf = (id: string): number => rows.findIndex((row) => row.id === id)
  const conflicts = (row: Stored, ifMatch: readonly string[] | undefined): boolean =>
    ifMatch !== undefined && !ifMatch.includes(String(row.meta?.version))
  const store = (draft: Draft<Resource>, before: Stored | undefined, id: string): Stored => {
    const now = new Date().toISOString()
    writes += 1
    if (unique && rows.some((row) => row.id !== id && fold(row[unique]) === fold(draft[unique]))) {
      throw ScimError.uniqueness(unique)
    }
    return {
      ...draft,
      // A value that no client can read stays if the draft has no new value for it.
      ...(draft['password'] === undefined && before?.['password'] !== undefined && { password: before['password'] }),
      id,
      meta: { created: before?.meta?.created ?? now, lastModified: now, version: `written-${writes}` },
    }
  }

  return {
    reset: (ids) => {
      rows = ids ? given.filter((row) => ids.includes(String(row.id))) : [...given]
    },
    create: (draft) => {
      const row = store(draft, undefined, `new-${writes + 1}`)
      rows.push(row)
      return row
    },
    get: (id) => rows[indexOf(id)],
    list: () => rows,
    replace: (id, draft, { ifMatch }) => {
      const index = indexOf(id)
      const before = rows[index]
      if (!before) return undefined
      if (conflicts(before, ifMatch)) return 'stale'
      const row = store(draft, before, id)
      rows[index] = row
      return row
    },
    delete: (id, { ifMatch }) => {
      const index = indexOf(id)
      const before = rows[index]
      if (!before) return false
      if (conflicts(before, ifMatch)) return 'stale'
      rows.splice(index, 1)
      return true
    },
  }
}

/**
 * `schemas`, `meta.resourceType` and `meta.location` are the router's; the version is kept as a store would, without
 * quotes.
 */
function toStored({ schemas: _schemas, meta, ...attributes }: FixtureResource): Stored {
  const { created, lastModified, version } = meta as Record<'created' | 'lastModified' | 'version', string>
  return { ...attributes, meta: { created, lastModified, version: version.replace(/^W\/"|"$/g, '') } }
}

function fold(value: unknown): string {
  return String(value).toLowerCase()
}
