import { ScimError } from 'express-scim'
import { mongoFilter, mongoSort } from 'express-scim/mongo'
import { groups, users } from './mapping.js'

/** Documents of one customer only. Without a customer there are none. */
const own = ({ tenant }, ...others) => ({
  $and: [{ tenant: { $in: tenant === undefined ? [] : [tenant] } }, ...others],
})

/**
 * The common work of both types, all of it on documents of one customer. `hidden`: fields that a call does not need.
 */
function documentsOf(Model, { mapping, toDocument }, toResources, { hidden = () => '', check, leave }) {
  const found = (condition, call) => Model.find(own(call, condition)).select(hidden(call)).lean()
  const one = async (document, call) => document && (await toResources([document], call))[0]
  /** A condition on the version stands in the write itself: of two writers with the same version, only one succeeds. */
  const current = (id, { ifMatch }) => ({
    _id: id,
    ...(ifMatch && { revision: { $in: ifMatch.map(Number).filter(Number.isInteger) } }),
  })
  const missing = async (id, call, none) =>
    call.ifMatch && (await Model.exists(own(call, { _id: id }))) ? 'stale' : none
  return {
    supports: { versions: true },
    async create(draft, call) {
      const document = { ...toDocument(draft), tenant: call.tenant }
      await check?.(document, call)
      return one((await Model.create(document)).toObject(), call)
    },
    get: async (id, call) => one((await found({ _id: id }, call))[0], call),
    async list(query, call) {
      const { query: condition, rest } = query.filter ? mongoFilter(query.filter, mapping) : { query: {} }
      const order = query.sort ? mongoSort(query.sort, mapping) : { _id: 1 }
      // Without a page the documents are candidates: the router does the parts that MongoDB cannot express.
      if (rest || !order || query.pagination !== 'index') return toResources(await found(condition, call), call)
      const page = found(condition, call)
        .sort(order)
        .skip(query.startIndex - 1)
        .limit(query.count)
      // A limit of 0 is none.
      const documents = query.count === 0 ? [] : await page
      const totalResults = await Model.countDocuments(own(call, condition))
      return { resources: await toResources(documents, call), totalResults }
    },
    async replace(id, draft, call) {
      const document = toDocument(draft)
      await check?.(document, call)
      const change = { $set: document, $inc: { revision: 1 } }
      const options = { returnDocument: 'after', lean: true }
      const changed = await Model.findOneAndUpdate(own(call, current(id, call)), change, options)
      return changed ? one(changed, call) : missing(id, call, undefined)
    },
    async delete(id, call) {
      const { deletedCount } = await Model.deleteOne(own(call, current(id, call)))
      if (deletedCount === 0) return missing(id, call, false)
      await leave?.(id, call)
      return true
    },
  }
}

export function userAdapter({ Account, Team }) {
  /** A group without this member is another version of it. */
  const leave = (id, call) =>
    Team.updateMany(own(call, { memberIds: id }), { $pull: { memberIds: id }, $inc: { revision: 1 } })
  return documentsOf(Account, users, (documents) => documents.map(users.toResource), { leave })
}

export function groupAdapter({ Account, Team }) {
  const hidden = ({ select }) => (select.has('members') ? '' : '-memberIds')
  /** The members are read with their names, by one query for all groups. */
  const toGroups = async (documents, call) => {
    const ids = documents.flatMap(({ memberIds = [] }) => memberIds)
    const accounts = await Account.find(own(call, { _id: { $in: ids } }))
      .select('email')
      .lean()
    const names = new Map(accounts.map(({ _id, email }) => [String(_id), email]))
    return documents.map((document) => groups.toResource(document, names))
  }
  const check = async ({ memberIds }, call) => {
    const known = await Account.countDocuments(own(call, { _id: { $in: memberIds } }))
    if (known < memberIds.length) throw ScimError.invalidValue('A member is no user.')
  }
  return documentsOf(Team, groups, toGroups, { hidden, check })
}
