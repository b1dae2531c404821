import { sql } from 'drizzle-orm'
import { bigint, boolean, pgTable, primaryKey, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core'

// A Drizzle schema that knows nothing of SCIM.
export const people = pgTable(
  'people',
  {
    id: uuid().primaryKey().defaultRandom(),
    login: text().notNull(),
    firstName: text('first_name'),
    lastName: text('last_name'),
    enabled: boolean().notNull().default(true),
    directoryId: text('directory_id'),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
    updatedAt: timestamp('updated_at', { withTimezone: true }).notNull().defaultNow(),
    revision: bigint({ mode: 'number' }).notNull().default(1),
  },
  (table) => [uniqueIndex('people_login').on(sql`lower(${table.login})`)],
)

export const teams = pgTable('teams', {
  id: uuid().primaryKey().defaultRandom(),
  name: text().notNull(),
  directoryId: text('directory_id'),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
  updatedAt: timestamp('updated_at', { withTimezone: true }).notNull().defaultNow(),
  revision: bigint({ mode: 'number' }).notNull().default(1),
})

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
  (table) => [primaryKey({ columns: [table.teamId, table.personId] })],
)
