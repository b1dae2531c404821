import { Group, User } from 'express-scim'
import { foldedText } from 'express-scim/mongo'
import { Types } from 'mongoose'

const parse = (text) => (/^[\da-f]{24}$/.test(text) ? new Types.ObjectId(text) : undefined)
const common = {
  id: { field: '_id', parse, required: true },
  externalId: 'externalId',
  'meta.created': { field: 'createdAt', required: true },
  'meta.lastModified': { field: 'updatedAt', required: true },
}
const metaOf = (document) => ({
  created: document.createdAt,
  lastModified: document.updatedAt,
  version: document.revision,
})
const emailKey = foldedText(User, 'userName')
const nameKey = foldedText(Group, 'displayName')

export const users = {
  /** Which fields hold which attributes, for filters and orders. */
  mapping: {
    attributes: {
      ...common,
      userName: { field: 'email', folded: 'emailKey' },
      'name.givenName': 'firstName',
      'name.familyName': 'lastName',
      active: { field: 'enabled', required: true },
    },
  },
  toResource: (document) => ({
    id: String(document._id),
    externalId: document.externalId,
    userName: document.email,
    name: { givenName: document.firstName, familyName: document.lastName },
    active: document.enabled,
    meta: metaOf(document),
  }),
  toDocument: ({ userName, externalId = null, name = {}, active }) => ({
    email: userName,
    emailKey: emailKey(userName),
    externalId,
    firstName: name.givenName ?? null,
    lastName: name.familyName ?? null,
    enabled: active,
  }),
}

const idsOf = (members = []) => [...new Set(members.map(({ value }) => value))]
export const groups = {
  mapping: {
    attributes: {
      ...common,
      displayName: { field: 'name', folded: 'nameKey' },
      members: { array: 'memberIds', attributes: { value: { field: '', parse }, type: { constant: 'User' } } },
    },
  },
  /** @param names Names of accounts by their ids: an id without one is no member. */
  toResource: (document, names) => ({
    id: String(document._id),
    externalId: document.externalId,
    displayName: document.name,
    members: document.memberIds
      ?.map(String)
      .flatMap((value) => (names.has(value) ? [{ value, type: 'User', display: names.get(value) }] : [])),
    meta: metaOf(document),
  }),
  toDocument: ({ displayName, externalId = null, members }) => ({
    name: displayName,
    nameKey: nameKey(displayName),
    externalId,
    memberIds: idsOf(members),
  }),
}
