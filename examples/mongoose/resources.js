import { Group, pick, ScimError, User } from 'express-scim'
import { groupAdapter, userAdapter } from './adapter.js'

// The attributes that the documents can hold: discovery shows clients no others.
const Person = pick(User, ['userName', 'externalId', 'name.givenName', 'name.familyName', 'active'])
const ids = /^[\da-f]{24}$/

/** The options of the router that are about the database. */
export function storeOf(models) {
  return {
    resources: {
      User: {
        schema: Person,
        extensions: [],
        adapter: userAdapter(models),
        ids,
        attributes: { active: { default: true } },
      },
      Group: {
        schema: Group,
        adapter: groupAdapter(models),
        ids,
        attributes: { displayName: { uniqueness: 'server' } },
      },
    },
    // The codes of MongoDB, once for all callbacks.
    mapError: ({ code, keyPattern }) => {
      if (code === 11_000) return ScimError.uniqueness(keyPattern?.nameKey ? 'displayName' : 'userName')
      return undefined
    },
  }
}
