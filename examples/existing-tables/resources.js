import { mappedResources, tenant } from 'express-scim/postgres'

/** Ties SCIM attributes to the columns of the application. */
export const declaration = {
  User: {
    table: 'accounts',
    // Every statement has this condition.
    scope: { org_id: tenant },
    policies: { active: { default: true } },
    attributes: {
      id: { column: 'id', type: 'uuid' },
      externalId: 'external_id',
      userName: 'email',
      'name.givenName': 'first_name',
      'name.familyName': 'last_name',
      // A column that remembers when, where SCIM knows yes and no.
      active: {
        column: 'disabled_at',
        read: (disabledAt) => disabledAt === null,
        write: (active) => (active === false ? new Date() : null),
        expression: (column) => `${column} IS NULL`,
      },
      'meta.created': { column: 'created_at', readOnly: true },
      'meta.lastModified': 'updated_at',
      // All other attributes: titles, addresses, the enterprise extension.
      '*': { json: 'scim', keys: 'scim_keys' },
    },
  },
  Group: {
    table: 'teams',
    scope: { org_id: tenant },
    policies: { displayName: { uniqueness: 'server' } },
    attributes: {
      id: { column: 'id', type: 'integer' },
      externalId: 'external_id',
      displayName: 'name',
      'meta.version': 'revision',
      members: { table: 'team_members', on: { team_id: 'id' }, references: { User: 'account_id' } },
    },
  },
}

export const resourcesOf = (pool, options) => mappedResources({ pool, ...options }, declaration)
