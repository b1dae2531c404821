import type { ListQuery } from '../../adapter/contract.js'
import { raw, type SqlFragment, sql } from '../../sql/fragment.js'
import { HolderLists } from '../shared/holder-lists.js'
import type { ListSource } from '../shared/list.js'
import { sortColumn } from '../shared/sort.js'
import { addMemberOf } from './member-of.js'
import type { ResourcePlace } from './resource-place.js'
import { type DocumentRowText, readRowText } from './row.js'
import { ALL, listsOf, rowColumns, viewRow } from './select.js'
import type { DocumentTarget } from './store.js'
import type { StoredType } from './stored-type.js'
import { withHolders } from './with-holders.js'

/**
 * The number of values of a long list that a page reads with each resource; the rest is read when the answer is
 * written.
 */
const LISTED = 100

/**
 * The resources of one type and tenant, for lists.
 *
 * @param whole Whether long lists must be read whole, because a transaction ends before the answer is written.
 */
export function documentSource(
  target: DocumentTarget,
  placeOf: ResourcePlace,
  whole: boolean,
  query: Pick<ListQuery, 'equals'>,
): ListSource<DocumentRowText> {
  const { store, type, tenant, database, call } = target
  const { memberOf } = type
  // If there is one row at most, the groups of the resource are read with it, else those of all rows by a second
  // statement.
  const isOne = demandsOne(type, query)
  const holders = memberOf && !isOne ? new HolderLists(memberOf, call) : undefined
  const place = placeOf(tenant)
  return {
    database,
    store: store.database.store,
    from: raw(`${store.prefix}resource AS r`),
    own: sql`r.tenant = ${tenant} AND r.type = ${type.name}`,
    place,
    id: { sql: raw('r.id'), bind: (id) => sql`${id}` },
    sort: (sort) => sortColumn(store.database.store, place, sort, type.documentPaths),
    reader: (isNeeded, filtered) => {
      const comes = (name: string): boolean => (isOne || name !== memberOf?.name) && isNeeded(name)
      const lists = listsOf(type, comes, filtered || whole ? ALL : LISTED)
      return {
        columns: rowColumns(target, lists),
        view: (row) => viewRow(target, lists, readRowText(store.database.store, row)),
        idOf: ({ id }) => id,
        ...(isOne && {
          complete: (connection, rows) => Promise.all(rows.map((row) => withHolders(connection, target, lists, row))),
        }),
      }
    },
    countsWithPage: store.combined !== undefined,
    ...(holders &&
      memberOf && {
        together: {
          attribute: memberOf.name,
          ...(store.combined && { mayExist: hasReferences(target) }),
          add: (resources) => addMemberOf(target, memberOf, holders, resources),
        },
      }),
  }
}

/** Whether the tenant has any group with members. */
function hasReferences({ store, tenant }: DocumentTarget): SqlFragment {
  return sql`(SELECT EXISTS (SELECT 1 FROM ${raw(store.prefix)}reference AS f WHERE f.tenant = ${tenant})::text)`
}

/** Whether a query matches at most one resource: it names an id, or the value of a unique attribute. */
function demandsOne({ columns }: StoredType, { equals }: Pick<ListQuery, 'equals'>): boolean {
  const unique = columns.unique_key?.attribute.path
  return equals('id') !== undefined || (unique !== undefined && equals(unique) !== undefined)
}
