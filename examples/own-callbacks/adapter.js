import { randomUUID } from 'node:crypto'
import { EnterpriseUser, ScimError } from 'express-scim'

/** Adapters for users and groups over two arrays. They know each other: a deleted user leaves the groups too. */
export function arrayAdapters() {
  const [users, groups] = [[], []]
  const tables = [users, groups]
  return { users: arrayAdapter(users, 'userName', tables), groups: arrayAdapter(groups, 'displayName', tables) }
}

/**
 * The callbacks of one resource type over an array. `list` answers with the whole array: the router filters, sorts and
 * pages. There is no `patch`: the router makes one of `get` and `replace`.
 *
 * @param {object[]} rows
 * @param {string} unique name of a required attribute of which no two resources may have the same value, in any letter
 * case
 * @param {object[][]} tables the arrays of all resource types, whose rows may refer to these
 */
function arrayAdapter(rows, unique, tables) {
  const find = (id) => rows.findIndex((row) => row.id === id)
  const isStale = (row, ifMatch) => ifMatch !== undefined && !ifMatch.includes(row.meta.version)
  const checkUnique = (draft, id) => {
    const value = draft[unique].toLowerCase()
    const taken = rows.some((row) => row.id !== id && row[unique].toLowerCase() === value)
    if (taken) throw ScimError.uniqueness(unique)
  }
  const stamp = (created) => ({ created, lastModified: new Date(), version: randomUUID() })

  return {
    supports: { versions: true },
    create(draft) {
      checkUnique(draft)
      // The draft is the caller's: keep a copy.
      const row = { ...structuredClone(draft), id: randomUUID(), meta: stamp(new Date()) }
      rows.push(row)
      return row
    },
    get(id) {
      return rows[find(id)]
    },
    list() {
      return [...rows]
    },
    replace(id, draft, { ifMatch }) {
      const before = rows[find(id)]
      if (!before) return undefined
      if (isStale(before, ifMatch)) return 'stale'
      checkUnique(draft, id)
      // No client can read a password, so a draft without one means: keep it.
      const row = { password: before.password, ...structuredClone(draft), id, meta: stamp(before.meta.created) }
      rows[find(id)] = row
      return row
    },
    delete(id, { ifMatch }) {
      const before = rows[find(id)]
      if (before && isStale(before, ifMatch)) return 'stale'
      if (before) rows.splice(find(id), 1)
      for (const table of tables) {
        for (const [index, row] of table.entries()) {
          const left = withoutReference(row, id)
          if (left !== row) table[index] = { ...left, meta: stamp(row.meta.created) }
        }
      }
      return before !== undefined
    },
  }
}

/** The row without references to the deleted user; the row itself if it has no such reference. */
function withoutReference(row, id) {
  const { manager, ...rest } = row[EnterpriseUser.id] ?? {}
  if (manager?.value === id) return { ...row, [EnterpriseUser.id]: rest }
  if (!row.members?.some(({ value }) => value === id)) return row
  return { ...row, members: row.members.filter(({ value }) => value !== id) }
}
