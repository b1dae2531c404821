import { sql } from 'drizzle-orm'
import { bigint, boolean, index, pgTable, primaryKey, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core'

// A Drizzle schema that knows nothing of SCIM: `orgId` is the customer.
const common = {
  id: uuid().primaryKey().defaultRandom(),
  orgId: text('org_id').notNull(),
  directoryId: text('directory_id'),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
  updatedAt: timestamp('updated_at', { withTimezone: true }).notNull().defaultNow(),
  revision: bigint({ mode: 'number' }).notNull().default(1),
}

export const people = pgTable(
  'people',
  {
    ...common,
    login: text().notNull(),
    firstName: text('first_name'),
    lastName: text('last_name'),
    enabled: boolean().notNull().default(true),
  },
  (table) => [
    uniqueIndex('people_login').on(table.orgId, sql`lower(${table.login})`),
    index('people_directory_id').on(table.orgId, table.directoryId),
  ],
)

export const teams = pgTable('teams', { ...common, name: text().notNull() }, (table) => [
  uniqueIndex('teams_name').on(table.orgId, sql`lower(${table.name})`),
])

export const memberships = pgTable(
  'memberships',
  {
    teamId: uuid('team_id')
      .notNull()
      .references(() => teams.id, { onDelete: 'cascade' }),
    personId: uuid('person_id')
      .notNull()
      .references(() => people.id, { onDelete: 'cascade' }),
  },
  (table) => [primaryKey({ columns: [table.teamId, table.personId] }), index('memberships_person').on(table.personId)],
)
