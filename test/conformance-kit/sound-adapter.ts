import { randomUUID } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import type { Call, ListQuery, Page, Patch, ResourceAdapter, Stored, WriteCall } from '../../src/adapter/contract.js'
import { compareSortKeys, sortKey } from '../../src/adapter/sort.js'
import { ScimError } from '../../src/error.js'
import type { Filter } from '../../src/filter/ast.js'
import { toPredicate } from '../../src/filter/evaluate.js'
import { EnterpriseUser } from '../../src/schema/core/enterprise-user.js'
import type { Json } from '../../src/schema/model/definition.js'
import type { JsonObject } from '../../src/schema/model/resource.js'

/** A resource in the store. */
export interface Row {
  readonly id: string
  readonly sequence: number
  readonly created: Date
  readonly lastModified: Date
  readonly version: number
  readonly data: JsonObject
}

type Rows = Map<string, Row>

const ENTERPRISE = EnterpriseUser.id

/** The parts of the adapter. Each part is right by itself, so that a test can put a wrong one in its place. */
export interface Parts {
  readonly newId: () => string
  readonly rowsOf: (tenants: Map<string | undefined, Rows>, call: Call) => Rows
  /** The values of a draft that go into the store. */
  readonly keep: (draft: JsonObject, before: Row | undefined) => JsonObject
  readonly isTaken: (rows: Rows, draft: JsonObject, id: string | undefined) => boolean
  /** Between a check and the write that depends on it. */
  readonly pause: () => Promise<void>
  readonly find: (rows: Rows, id: string) => Row | undefined
  readonly isStale: (row: Row, ifMatch: WriteCall['ifMatch']) => boolean
  readonly next: (before: Row, data: JsonObject) => Row
  readonly show: (row: Row, call: Call) => Stored
  readonly matches: (filter: Filter) => (row: Stored) => boolean
  readonly order: (rows: Row[], query: ListQuery, view: (row: Row) => Stored) => Row[]
  readonly cut: (
    rows: Row[],
    query: ListQuery,
  ) => { readonly rows: Row[]; readonly next?: Json; readonly previous?: Json }
  readonly count: (all: Row[], page: Row[]) => number
  readonly patch: (row: Row, patch: Patch, view: (row: Row) => Stored) => JsonObject
  readonly remove: (rows: Rows, id: string) => boolean
}

export const SOUND: Parts = {
  newId: randomUUID,
  rowsOf: (tenants, { tenant }) => {
    const rows = tenants.get(tenant) ?? new Map()
    tenants.set(tenant, rows)
    return rows
  },
  keep: (draft, before) => {
    const data = structuredClone(draft)
    if (data['password'] === undefined && before?.data['password'] !== undefined) {
      data['password'] = before.data['password']
    }
    return data
  },
  isTaken: (rows, { userName }, id) =>
    [...rows.values()].some((row) => row.id !== id && fold(row.data['userName']) === fold(userName)),
  pause: async () => undefined,
  find: (rows, id) => rows.get(id),
  isStale: ({ version }, ifMatch) => ifMatch !== undefined && !ifMatch.includes(String(version)),
  next: (before, data) => ({
    ...before,
    data,
    version: before.version + 1,
    lastModified: new Date(Math.max(Date.now(), before.lastModified.getTime() + 1)),
  }),
  show: ({ id, created, lastModified, version, data }) => ({
    ...structuredClone(data),
    id,
    meta: { created, lastModified, version },
  }),
  matches: toPredicate,
  order: (rows, { sort }, view) => {
    rows.sort((a, b) => a.sequence - b.sequence)
    if (!sort) return rows
    const keyOf = sortKey(sort.attribute)
    const compare = compareSortKeys(sort.order)
    return rows.sort((a, b) => compare(keyOf(view(a)), keyOf(view(b))))
  },
  cut: (rows, query) => {
    if (query.pagination === 'index')
      return { rows: rows.slice(query.startIndex - 1, query.startIndex - 1 + query.count) }
    const from = query.after === undefined ? 0 : rows.findIndex((row) => row.sequence > Number(query.after))
    const page = from < 0 ? [] : rows.slice(from, from + query.count)
    const last = page.at(-1)
    const hasMore = from >= 0 && from + query.count < rows.length
    return { rows: page, ...(hasMore && last && { next: last.sequence }) }
  },
  count: (all) => all.length,
  patch: (row, patch, view) => {
    const { id: _id, meta: _meta, ...data } = patch.apply(view(row)) as JsonObject
    return data
  },
  remove: (rows, id) => {
    // A deleted user is no manager.
    for (const row of rows.values()) {
      const { manager, ...others } = (row.data[ENTERPRISE] ?? {}) as JsonObject
      if ((manager as JsonObject | undefined)?.['value'] !== id) continue
      rows.set(row.id, SOUND.next(row, { ...row.data, [ENTERPRISE]: others }))
    }
    return rows.delete(id)
  },
}

/** An adapter for users that answers as late as a database does: right, unless a part says otherwise. */
export function soundAdapter(parts: Partial<Parts> = {}): ResourceAdapter {
  const { newId, rowsOf, keep, isTaken, pause, find, isStale, next, show, matches, order, cut, count, patch, remove } =
    {
      ...SOUND,
      ...parts,
    }
  const tenants = new Map<string | undefined, Rows>()
  let sequence = 0

  const write = (rows: Rows, row: Row, data: JsonObject): Row => {
    if (isTaken(rows, data, row.id)) throw ScimError.uniqueness('userName')
    const written = next(row, data)
    rows.set(row.id, written)
    return written
  }
  const change = async <T, None>(
    id: string,
    call: WriteCall,
    none: None,
    work: (rows: Rows, row: Row) => T,
  ): Promise<T | None | 'stale'> => {
    await setImmediate()
    const rows = rowsOf(tenants, call)
    const row = find(rows, id)
    if (!row) return none
    if (isStale(row, call.ifMatch)) return 'stale'
    await pause()
    return work(rows, row)
  }

  return {
    // Sorted lists are given as candidates, so that a position need not hold the sort value.
    supports: { versions: true, cursor: 'forward' },
    create: async (draft, call) => {
      await setImmediate()
      const rows = rowsOf(tenants, call)
      if (isTaken(rows, draft as JsonObject, undefined)) throw ScimError.uniqueness('userName')
      await pause()
      sequence += 1
      const now = new Date()
      const data = keep(draft as JsonObject, undefined)
      const row: Row = { id: newId(), sequence, created: now, lastModified: now, version: 1, data }
      rows.set(row.id, row)
      return show(row, call)
    },
    get: async (id, call) => {
      await setImmediate()
      const row = find(rowsOf(tenants, call), id)
      return row && show(row, call)
    },
    list: async (query, call): Promise<Page | Stored[]> => {
      await setImmediate()
      const view = (row: Row): Stored => show(row, call)
      const all = [...rowsOf(tenants, call).values()]
      if (query.sort && query.pagination === 'cursor') return all.map(view)
      const test = query.filter && matches(query.filter)
      const found = order(test ? all.filter((row) => test(view(row))) : all, query, view)
      const { rows, ...positions } = cut(found, query)
      return { resources: rows.map(view), totalResults: count(found, rows), ...positions }
    },
    replace: (id, draft, call) =>
      change(id, call, undefined, (rows, row) => show(write(rows, row, keep(draft as JsonObject, row)), call)),
    delete: (id, call) => change(id, call, false, (rows) => remove(rows, id)),
    patch: (id, given, call) =>
      change(id, call, undefined, (rows, row) => {
        const view = (each: Row): Stored => SOUND.show(each, call)
        const data = patch(row, given as Patch, view)
        const changed = JSON.stringify(data) !== JSON.stringify(row.data)
        const after = changed ? write(rows, row, data) : row
        return { changed, version: after.version, resource: show(after, call) }
      }),
  }
}

export function fold(text: unknown): string {
  return String(text).toLowerCase()
}
