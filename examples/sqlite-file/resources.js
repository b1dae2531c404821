import { randomUUID } from 'node:crypto'
import { mappedResources, tenant } from 'express-scim/sqlite'

const common = {
  id: { column: 'id', type: 'uuid', write: () => randomUUID() },
  externalId: 'external_id',
  'meta.created': { column: 'created_at', readOnly: true },
  'meta.lastModified': 'updated_at',
  'meta.version': 'revision',
}

/** Ties SCIM attributes to the columns of the application. */
export const declaration = {
  User: {
    table: 'accounts',
    // Every statement has this condition.
    scope: { org_id: tenant },
    policies: { active: { default: true } },
    attributes: {
      ...common,
      // The second column has the form that SCIM compares, so that every letter is found, and by a plain index.
      userName: { column: 'email', folded: 'email_key' },
      'name.givenName': 'first_name',
      'name.familyName': 'last_name',
      active: 'enabled',
      // All other attributes: titles, addresses, the enterprise extension.
      '*': { json: 'scim', keys: 'scim_keys' },
    },
  },
  Group: {
    table: 'teams',
    scope: { org_id: tenant },
    policies: { displayName: { uniqueness: 'server' } },
    attributes: {
      ...common,
      displayName: { column: 'name', folded: 'name_key' },
      members: { table: 'team_members', on: { team_id: 'id' }, references: { User: 'account_id' } },
    },
  },
}

export const resourcesOf = (database, options) => mappedResources({ database, ...options }, declaration)
