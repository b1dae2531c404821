import type { Call, ListQuery, ResourceAdapter } from '../../adapter/contract.js'
import { guard, queryableOf } from '../../database/transaction.js'
import { ScimError } from '../../error.js'
import { columnOf } from '../../sql/table-place.js'
import { ALL } from '../documents/select.js'
import { HolderLists } from '../shared/holder-lists.js'
import { type ListSource, listRows } from '../shared/list.js'
import { sortColumn } from '../shared/sort.js'
import { deleteRow } from './delete.js'
import { addGroups } from './groups.js'
import type { TableType } from './mapped-type.js'
import { resourcePlace } from './place.js'
import { type TableRow, tableReader } from './read.js'
import { idValue, ownRows, type Tables, type TableTarget, tableAs } from './target.js'
import { createRow, patchRow, replaceRow, selectRow } from './write.js'

/** So many members come with a group, and with each group of a page; the rest is read when it is written. */
const READ = 1_000
const LISTED = 100

/** The six callbacks over existing tables, for one resource type. */
export function tableAdapter(tables: Tables, type: TableType): ResourceAdapter {
  const targetOf = (call: Call): TableTarget => ({ tables, type, call })
  return {
    supports: type.supports,
    enforces: type.unique,
    create: (draft, call) => createRow(targetOf(call), draft),
    get: async (id, call) => {
      if (!idValue(type, id)) return undefined
      const database = queryableOf(tables.database, call)
      const target = targetOf(call)
      const reader = tableReader(
        database,
        target,
        (name) => call.select.has(name),
        call.transaction === undefined ? READ : ALL,
      )
      const row = await guard(selectRow(database, target, id, reader))
      return row && reader.view(row)
    },
    list: async (query: ListQuery, call) => listRows(tableSource(targetOf(call)), query, call),
    replace: (id, draft, call) => replaceRow(targetOf(call), id, draft, call),
    delete: (id, call) => deleteRow(targetOf(call), id, call),
    patch: (id, patch, call) => patchRow(targetOf(call), id, patch, call),
  }
}

function tableSource(target: TableTarget): ListSource<TableRow> {
  const { tables, type, call } = target
  const database = queryableOf(tables.database, call)
  const place = resourcePlace(target)
  const { memberOf } = type
  const lists = memberOf && new HolderLists(memberOf, call)
  return {
    database,
    store: type.store,
    from: tableAs(type, 'r'),
    own: ownRows(type, call, 'r'),
    place,
    id: {
      sql: columnOf('r', type.id.column),
      bind: (id) => {
        const value = idValue(type, id)
        if (!value) throw ScimError.of('invalidCursor')
        return value
      },
    },
    // SQL cannot find out which value in another table is the first.
    sort: (sort) =>
      sort.attribute.multiValued || sort.attribute.parent?.multiValued
        ? undefined
        : sortColumn(type.store, place, sort, NONE),
    reader: (isNeeded, whole) => {
      const limit = whole || call.transaction !== undefined ? ALL : LISTED
      return tableReader(database, target, (name) => name !== memberOf?.name && isNeeded(name), limit)
    },
    ...(lists && {
      together: {
        attribute: memberOf.name,
        add: (resources) => addGroups(database, target, lists, memberOf, resources),
      },
    }),
  }
}

const NONE: ReadonlySet<string> = new Set()
