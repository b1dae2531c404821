import { and, eq, inArray, not, sql } from 'drizzle-orm'
import { ScimError } from 'express-scim'
import { compileList } from 'express-scim/sql'
import { groups, users } from './mapping.js'
import { memberships, people, teams } from './schema.js'

const touched = (table) => ({ updatedAt: new Date(), revision: sql`${table.revision} + 1` })
/** Rows of one customer only. Without a customer there are none. */
const own = (table, { tenant }, ...others) => and(tenant ? eq(table.orgId, tenant) : sql`false`, ...others)
/** All ids are one bound value, because a statement has room for 65,535 of them. */
const isOneOf = (column, ids) => sql`${column} = ANY(${sql.param(ids)}::uuid[])`

/** The common work of both types, all of it on rows of one customer. */
function rowsOf(database, table, { mapping, fields, toRow }, { store, leave }) {
  const find = async (db, id, call) => {
    const condition = own(table, call, eq(table.id, id))
    const [resource] = await db.select(fields(call)).from(table).where(condition)
    return resource
  }
  /** Gives a row its values and its next version. */
  const update = async (db, id, row) => {
    const values = { ...row, ...touched(table) }
    const [{ revision }] = await db.update(table).set(values).where(eq(table.id, id)).returning()
    return revision
  }
  /** Locks a row, checks the version that the client expects, and changes the row. */
  const change = (id, call, none, work) =>
    database.transaction(async (db) => {
      const condition = own(table, call, eq(table.id, id))
      const [row] = await db.select().from(table).where(condition).for('no key update')
      if (!row) return none
      return call.ifMatch && !call.ifMatch.includes(String(row.revision)) ? 'stale' : work(db, row)
    })
  const adapter = {
    supports: { versions: true },
    create: (draft, call) =>
      database.transaction(async (db) => {
        const values = { ...toRow(draft), orgId: call.tenant }
        const [{ id }] = await db.insert(table).values(values).returning()
        await store?.(db, id, draft, call)
        return find(db, id, call)
      }),
    get: (id, call) => find(database, id, call),
    async list(query, call) {
      const { where, orderBy, page } = compileList(query, mapping)
      const condition = own(table, call, sql(where.pieces, ...where.values))
      const order = sql(orderBy.pieces, ...orderBy.values)
      const found = database.select(fields(call)).from(table).where(condition).orderBy(order)
      // Without a page the rows are candidates: the router does the parts that SQL cannot express.
      if (!page) return found
      const resources = await found.limit(page.limit).offset(page.offset)
      return { resources, totalResults: await database.$count(table, condition) }
    },
    replace: (id, draft, call) =>
      change(id, call, undefined, async (db) => {
        await update(db, id, toRow(draft))
        await store?.(db, id, draft, call)
        return find(db, id, call)
      }),
    delete: (id, call) =>
      change(id, call, false, async (db) => {
        await leave?.(db, id)
        await db.delete(table).where(eq(table.id, id))
        return true
      }),
  }
  return { adapter, update, change }
}

export function userAdapter(database) {
  /**
   * A group without this member is another version of it. Groups are locked in one order, so that no two requests wait
   * for each other.
   */
  const leave = async (db, id) => {
    const held = db.select({ id: memberships.teamId }).from(memberships).where(eq(memberships.personId, id))
    await db.select().from(teams).where(inArray(teams.id, held)).orderBy(teams.id).for('update')
    await db.update(teams).set(touched(teams)).where(inArray(teams.id, held))
  }
  return rowsOf(database, people, users, { leave }).adapter
}

export function groupAdapter(database) {
  const idsOf = (rows = [], key = 'value') => [...new Set(rows.map((row) => row[key]))]
  /** Adds users of the same customer to a team, and returns the users who are new there. */
  const add = async (db, teamId, ids, call) => {
    const known = own(people, call, isOneOf(people.id, ids))
    if ((await db.$count(people, known)) < ids.length) throw ScimError.invalidValue('A member is no user.')
    const row = { teamId: sql`${teamId}::uuid`.as('team_id'), personId: people.id }
    const rows = db.select(row).from(people).where(known)
    return idsOf(await db.insert(memberships).select(rows).onConflictDoNothing().returning(), 'personId')
  }
  const remove = async (db, teamId, condition) => {
    const gone = and(eq(memberships.teamId, teamId), condition)
    return idsOf(await db.delete(memberships).where(gone).returning(), 'personId')
  }
  const store = async (db, id, { members }, call) => {
    const ids = idsOf(members)
    await remove(db, id, not(isOneOf(memberships.personId, ids)))
    await add(db, id, ids, call)
  }
  const { adapter, update, change } = rowsOf(database, teams, groups, { store })
  /** Members come and go by rows of their own, and the others are not read. */
  const patch = (id, patch, call) => {
    const delta = patch.delta('members')
    // The router does the other patches by `get` and `replace`.
    if (!delta || delta.clear || [...patch.attributes].some((name) => name !== 'members')) return 'decline'
    return change(id, call, undefined, async (db, { revision }) => {
      // The id of a member to remove may be any text.
      const removed = await remove(db, id, inArray(sql`${memberships.personId}::text`, [...delta.remove]))
      const added = await add(db, id, idsOf(delta.add), call)
      if (added.length + removed.length === 0) return { changed: false, version: revision }
      return { changed: true, version: await update(db, id, {}), changes: { members: { added, removed } } }
    })
  }
  return { ...adapter, patch }
}
