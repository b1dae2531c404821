import { and, asc, eq, inArray, notInArray, sql } from 'drizzle-orm'
import { ScimError } from 'express-scim'
import { memberships, people, teams } from './schema.js'

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/
const hasVersion = (table, ifMatch) => ifMatch && inArray(sql`${table.revision}::text`, ifMatch)
const metaOf = (row) => ({ created: row.createdAt, lastModified: row.updatedAt, version: row.revision })
const touched = (table) => ({ updatedAt: new Date(), revision: sql`${table.revision} + 1` })

/** Users in the table of people. PATCH is made of `get` and `replace` by the router. */
export function userAdapter(database) {
  const toUser = (row) => ({
    id: row.id,
    externalId: row.directoryId,
    userName: row.login,
    name: { givenName: row.firstName, familyName: row.lastName },
    active: row.enabled,
    meta: metaOf(row),
  })
  const toRow = ({ userName, externalId = null, name = {}, active = true }) => ({
    login: userName,
    directoryId: externalId,
    firstName: name.givenName ?? null,
    lastName: name.familyName ?? null,
    enabled: active,
  })
  return {
    supports: { versions: true },
    async create(draft) {
      const [row] = await database.insert(people).values(toRow(draft)).returning()
      return toUser(row)
    },
    async get(id) {
      if (!UUID.test(id)) return undefined
      const [row] = await database.select().from(people).where(eq(people.id, id))
      return row && toUser(row)
    },
    async list(query) {
      // Nearly every filter asks for one name. The router does what is left of it, and all other filters.
      const name = query.equals('userName')
      const where = name === undefined ? undefined : eq(sql`lower(${people.login})`, name.toLowerCase())
      return (await database.select().from(people).where(where).orderBy(asc(people.id))).map(toUser)
    },
    async replace(id, draft, { ifMatch }) {
      if (!UUID.test(id)) return undefined
      // The version is looked at in the write itself: two writers who read the same one cannot both succeed.
      const version = ifMatch && inArray(sql`${people.revision}::text`, ifMatch)
      const change = { ...toRow(draft), ...touched(people) }
      const [row] = await database
        .update(people)
        .set(change)
        .where(and(eq(people.id, id), version))
        .returning()
      return row ? toUser(row) : ifMatch ? 'stale' : undefined
    },
    async delete(id, { ifMatch }) {
      if (!UUID.test(id)) return false
      const where = and(eq(people.id, id), hasVersion(people, ifMatch))
      const gone = await database.delete(people).where(where).returning()
      return gone.length > 0 ? true : ifMatch ? 'stale' : false
    },
  }
}

/** Groups in the table of teams, members in that of memberships: PATCH adds and removes rows and reads no others. */
export function groupAdapter(database) {
  const membersOf = async (db, id) => {
    const isMember = and(eq(memberships.personId, people.id), eq(memberships.teamId, id))
    const rows = await db.select().from(people).innerJoin(memberships, isMember)
    return rows.map(({ people: one }) => ({ value: one.id, type: 'User', display: one.login }))
  }
  const toGroup = async (db, row, { select }) => ({
    id: row.id,
    externalId: row.directoryId,
    displayName: row.name,
    ...(select.has('members') && { members: await membersOf(db, row.id) }),
    meta: metaOf(row),
  })
  const add = async (db, teamId, members = []) => {
    const unknown = members.find(({ value }) => !UUID.test(value))
    if (unknown) throw ScimError.invalidValue(`There is no user ${unknown.value}.`)
    if (members.length === 0) return []
    const rows = members.map(({ value }) => ({ teamId, personId: value }))
    return db.insert(memberships).values(rows).onConflictDoNothing().returning()
  }
  /** Does something to a team that nobody else changes meanwhile. */
  const change = (id, call, none, work) =>
    database.transaction(async (db) => {
      const [row] = UUID.test(id) ? await db.select().from(teams).where(eq(teams.id, id)).for('update') : []
      if (!row) return none
      return call.ifMatch && !call.ifMatch.includes(String(row.revision)) ? 'stale' : work(db, row)
    })
  return {
    supports: { versions: true },
    create: (draft, call) =>
      database.transaction(async (db) => {
        const values = { name: draft.displayName, directoryId: draft.externalId }
        const [row] = await db.insert(teams).values(values).returning()
        await add(db, row.id, draft.members)
        return toGroup(db, row, call)
      }),
    async get(id, call) {
      const [row] = UUID.test(id) ? await database.select().from(teams).where(eq(teams.id, id)) : []
      return row && toGroup(database, row, call)
    },
    async list(query, call) {
      const name = query.equals('displayName')
      const where = name === undefined ? undefined : eq(sql`lower(${teams.name})`, name.toLowerCase())
      const rows = await database.select().from(teams).where(where).orderBy(asc(teams.id))
      return Promise.all(rows.map((row) => toGroup(database, row, call)))
    },
    replace: (id, { displayName, externalId = null, members = [] }, call) =>
      change(id, call, undefined, async (db) => {
        const ids = members.map(({ value }) => value)
        const others = ids.length > 0 ? notInArray(sql`${memberships.personId}::text`, ids) : undefined
        await db.delete(memberships).where(and(eq(memberships.teamId, id), others))
        await add(db, id, members)
        const values = { name: displayName, directoryId: externalId, ...touched(teams) }
        const [row] = await db.update(teams).set(values).where(eq(teams.id, id)).returning()
        return toGroup(db, row, call)
      }),
    patch: (id, patch, call) => {
      const delta = patch.delta('members')
      // Anything but members, and what depends on who is a member, the router does by get and replace.
      if (!delta || delta.clear || [...patch.attributes].some((name) => name !== 'members')) return 'decline'
      return change(id, call, undefined, async (db, row) => {
        const isNamed = inArray(sql`${memberships.personId}::text`, [...delta.remove, ''])
        const goes = and(eq(memberships.teamId, id), isNamed)
        const removed = await db.delete(memberships).where(goes).returning()
        const added = await add(db, id, delta.add)
        if (added.length + removed.length === 0) return { changed: false, version: row.revision }
        const [now] = await db.update(teams).set(touched(teams)).where(eq(teams.id, id)).returning()
        const idsOf = (rows) => rows.map(({ personId }) => personId)
        const members = { added: idsOf(added), removed: idsOf(removed) }
        return { changed: true, version: now.revision, changes: { members } }
      })
    },
    delete: (id, call) =>
      change(id, call, false, async (db) => {
        await db.delete(teams).where(eq(teams.id, id))
        return true
      }),
  }
}
