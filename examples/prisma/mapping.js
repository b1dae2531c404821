import { Group, User } from 'express-scim'
import { foldedText } from 'express-scim/prisma'

// The fields of the attributes, for filters and orders.
const common = {
  id: { field: 'id', required: true },
  externalId: 'externalId',
  'meta.created': { field: 'createdAt', required: true },
  'meta.lastModified': { field: 'updatedAt', required: true },
}
export const accounts = {
  attributes: {
    ...common,
    userName: { field: 'email', folded: 'emailKey' },
    'name.givenName': 'firstName',
    'name.familyName': 'lastName',
    active: { field: 'enabled', required: true },
  },
}
const member = { value: { field: 'accountId', required: true }, type: { constant: 'User' } }
export const teams = {
  attributes: {
    ...common,
    displayName: { field: 'name', folded: 'nameKey' },
    members: { relation: 'memberships', attributes: member },
  },
}
export const emailKey = foldedText(User, 'userName')
export const nameKey = foldedText(Group, 'displayName')
