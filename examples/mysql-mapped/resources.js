import { mappedResources, tenant } from 'express-scim/mysql'

const times = { 'meta.created': { column: 'created_at', readOnly: true }, 'meta.lastModified': 'updated_at' }

/** Ties SCIM attributes to the columns of the application. */
export function resourcesOf(pool) {
  return mappedResources(
    { pool },
    {
      User: {
        table: 'accounts',
        // Every statement has this condition.
        scope: { org_id: tenant },
        attributes: {
          id: { column: 'id', type: 'integer' },
          'meta.version': 'revision',
          ...times,
          externalId: 'external_id',
          // The collation of the column takes capitals and small letters for the same.
          userName: { column: 'email', folded: true },
          'name.givenName': 'first_name',
          'name.familyName': 'last_name',
          active: { column: 'enabled', write: (active) => active !== false },
          // All other attributes: titles, addresses, the enterprise extension.
          '*': { json: 'scim' },
        },
      },
      Group: {
        table: 'teams',
        scope: { org_id: tenant },
        policies: { displayName: { uniqueness: 'server' } },
        attributes: {
          id: { column: 'id', type: 'integer' },
          'meta.version': 'revision',
          ...times,
          externalId: 'external_id',
          displayName: { column: 'name', folded: true },
          members: { table: 'team_members', on: { team_id: 'id' }, references: { User: 'account_id' } },
        },
      },
    },
  )
}
