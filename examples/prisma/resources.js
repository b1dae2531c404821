import { Group, pick, ScimError, User } from 'express-scim'
import { groupAdapter, userAdapter } from './adapter.js'

const Person = pick(User, ['userName', 'externalId', 'name.givenName', 'name.familyName', 'active'])

/** The options of the router that are about the database. */
export function storeOf(prisma) {
  return {
    resources: {
      User: {
        schema: Person,
        extensions: [],
        adapter: userAdapter(prisma),
        ids: 'uuid',
        attributes: { active: { default: true } },
      },
      Group: {
        schema: Group,
        adapter: groupAdapter(prisma),
        ids: 'uuid',
        attributes: { displayName: { uniqueness: 'server' } },
      },
    },
    // The codes of Prisma, once for all callbacks.
    mapError: ({ code, meta }) => {
      if (code === 'P2002') return ScimError.uniqueness(meta?.modelName === 'Team' ? 'displayName' : 'userName')
      return undefined
    },
  }
}
