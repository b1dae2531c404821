import { ScimError } from 'express-scim'
import { prismaOrderBy, prismaWhere } from 'express-scim/prisma'
import { accounts, emailKey, nameKey, teams } from './mapping.js'

const metaOf = (record) => ({ created: record.createdAt, lastModified: record.updatedAt, version: record.revision })
const touched = () => ({ updatedAt: new Date(), revision: { increment: 1 } })

/** The common work of both types, all of it on records of one customer. `include`: further fields that a call needs. */
function recordsOf(prisma, model, mapping, toResource, include = () => undefined) {
  // Prisma drops a condition that is undefined, and would find the records of everybody.
  const own = ({ tenant }, ...others) => ({ AND: [{ orgId: { in: tenant === undefined ? [] : [tenant] } }, ...others] })
  const find = (db, id, call) => db[model].findFirst({ where: own(call, { id }), include: include(call) })
  return {
    supports: { versions: true },
    async get(id, call) {
      const record = await find(prisma, id, call)
      return record && toResource(record)
    },
    async list(query, call) {
      const { where, rest } = query.filter ? prismaWhere(query.filter, mapping, 'sqlite') : { where: {} }
      const orderBy = query.sort ? prismaOrderBy(query.sort, mapping, 'sqlite') : [{ id: 'asc' }]
      const all = { where: own(call, where), include: include(call) }
      // The router does the parts that Prisma cannot express, on candidates.
      if (rest || !orderBy || query.pagination !== 'index') return (await prisma[model].findMany(all)).map(toResource)
      const page = { orderBy, skip: query.startIndex - 1, take: query.count }
      const [found, totalResults] = await prisma.$transaction([
        prisma[model].findMany({ ...all, ...page }),
        prisma[model].count({ where: all.where }),
      ])
      return { resources: found.map(toResource), totalResults }
    },
    /** Checks the version that the client expects, and changes a record if no other request changes it meanwhile. */
    change: (id, call, none, data, work) =>
      prisma.$transaction(async (db) => {
        const revisions = call.ifMatch && { revision: { in: call.ifMatch.map(Number).filter(Number.isInteger) } }
        // The first statement writes, so that the record is this transaction's from here on.
        const { count } = await db[model].updateMany({ where: own(call, { id, ...revisions }), data })
        if (count === 0) return call.ifMatch && (await find(db, id, call)) ? 'stale' : none
        return work(db, () => find(db, id, call).then(toResource))
      }),
  }
}

export function userAdapter(prisma) {
  const toUser = (record) => ({
    id: record.id,
    externalId: record.externalId,
    userName: record.email,
    name: { givenName: record.firstName, familyName: record.lastName },
    active: record.enabled,
    meta: metaOf(record),
  })
  const toRecord = ({ userName, externalId = null, name = {}, active }) => ({
    email: userName,
    emailKey: emailKey(userName),
    externalId,
    firstName: name.givenName ?? null,
    lastName: name.familyName ?? null,
    enabled: active,
  })
  const { change, ...reading } = recordsOf(prisma, 'account', accounts, toUser)
  return {
    ...reading,
    create: async (draft, { tenant }) =>
      toUser(await prisma.account.create({ data: { ...toRecord(draft), orgId: tenant } })),
    replace: (id, draft, call) =>
      change(id, call, undefined, { ...toRecord(draft), ...touched() }, (_db, read) => read()),
    delete: (id, call) =>
      change(id, call, false, touched(), async (db) => {
        // A group without this member is another version of it.
        await db.team.updateMany({ where: { memberships: { some: { accountId: id } } }, data: touched() })
        await db.account.delete({ where: { id } })
        return true
      }),
  }
}

export function groupAdapter(prisma) {
  const toGroup = (record) => ({
    id: record.id,
    externalId: record.externalId,
    displayName: record.name,
    members: record.memberships?.map(({ account }) => ({ value: account.id, type: 'User', display: account.email })),
    meta: metaOf(record),
  })
  const withMembers = ({ select }) => select.has('members') && { memberships: { include: { account: true } } }
  const toRecord = ({ displayName, externalId = null }) => ({
    name: displayName,
    nameKey: nameKey(displayName),
    externalId,
  })
  const { change, ...reading } = recordsOf(prisma, 'team', teams, toGroup, withMembers)
  /** The records of memberships of a draft. Accounts of other customers do not exist. */
  const membershipsOf = async (db, { members = [] }, { tenant }) => {
    const ids = [...new Set(members.map(({ value }) => value))]
    const found = await db.account.count({ where: { orgId: tenant, id: { in: ids } } })
    if (found < ids.length) throw ScimError.invalidValue('A member is no user.')
    return ids.map((accountId) => ({ accountId }))
  }
  return {
    ...reading,
    create: (draft, call) =>
      prisma.$transaction(async (db) => {
        const memberships = { create: await membershipsOf(db, draft, call) }
        const data = { ...toRecord(draft), orgId: call.tenant, memberships }
        return toGroup(await db.team.create({ data, include: withMembers(call) }))
      }),
    replace: (id, draft, call) =>
      change(id, call, undefined, { ...toRecord(draft), ...touched() }, async (db) => {
        const memberships = { deleteMany: {}, create: await membershipsOf(db, draft, call) }
        return toGroup(await db.team.update({ where: { id }, data: { memberships }, include: withMembers(call) }))
      }),
    delete: (id, call) =>
      change(id, call, false, touched(), async (db) => {
        await db.team.delete({ where: { id } })
        return true
      }),
  }
}
