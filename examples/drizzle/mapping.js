import { sql } from 'drizzle-orm'
import { people, teams } from './schema.js'

const common = {
  id: { column: 'id', type: 'uuid' },
  externalId: 'directory_id',
  'meta.created': 'created_at',
  'meta.lastModified': 'updated_at',
}
const metaOf = (table) => ({ created: table.createdAt, lastModified: table.updatedAt, version: table.revision })

export const users = {
  /** The columns of the attributes, for filters and orders. */
  mapping: {
    table: 'people',
    attributes: {
      ...common,
      userName: 'login',
      'name.givenName': 'first_name',
      'name.familyName': 'last_name',
      active: 'enabled',
    },
  },
  /** The selected columns of a row, in the shape of a resource. */
  fields: () => ({
    id: people.id,
    externalId: people.directoryId,
    userName: people.login,
    name: { givenName: people.firstName, familyName: people.lastName },
    active: people.enabled,
    meta: metaOf(people),
  }),
  /** The values of a row, made from a resource. */
  toRow: ({ userName, externalId = null, name = {}, active }) => ({
    login: userName,
    directoryId: externalId,
    firstName: name.givenName ?? null,
    lastName: name.familyName ?? null,
    enabled: active,
  }),
}

const members = { User: { column: 'person_id', type: 'uuid' } }
const memberList = sql`(
  SELECT coalesce(json_agg(json_build_object('value', p.id, 'type', 'User', 'display', p.login)), '[]')
  FROM memberships m JOIN people p ON p.id = m.person_id WHERE m.team_id = teams.id
)`
export const groups = {
  mapping: {
    table: 'teams',
    attributes: {
      ...common,
      displayName: 'name',
      members: { table: 'memberships', on: { team_id: 'id' }, references: members },
    },
  },
  fields: ({ select }) => ({
    id: teams.id,
    externalId: teams.directoryId,
    displayName: teams.name,
    meta: metaOf(teams),
    ...(select.has('members') && { members: memberList }),
  }),
  toRow: ({ displayName, externalId = null }) => ({ name: displayName, directoryId: externalId }),
}
