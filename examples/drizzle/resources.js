import { Group, pick, ScimError, User } from 'express-scim'
import { groupAdapter, userAdapter } from './adapter.js'

// The attributes that the tables can hold: discovery shows clients no others.
const Person = pick(User, ['userName', 'externalId', 'name.givenName', 'name.familyName', 'active'])

/** The options of the router that are about the database. */
export function storeOf(database) {
  return {
    resources: {
      User: {
        schema: Person,
        extensions: [],
        adapter: userAdapter(database),
        ids: 'uuid',
        attributes: { active: { default: true } },
      },
      Group: {
        schema: Group,
        adapter: groupAdapter(database),
        ids: 'uuid',
        attributes: { displayName: { uniqueness: 'server' } },
      },
    },
    // The codes of PostgreSQL, once for all callbacks. Drizzle puts the error of the driver into `cause`.
    mapError: ({ cause }) => {
      if (cause?.code === '23505')
        return ScimError.uniqueness(cause.constraint === 'teams_name' ? 'displayName' : 'userName')
      // A user who was deleted while a group got them as a member.
      if (cause?.code === '23503') return ScimError.invalidValue('A member is no user.')
      return undefined
    },
  }
}
