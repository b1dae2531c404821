import type { ComponentMigration } from '../database/migrate-component.js'
import { sqliteStore } from '../database/sqlite/store-dialect.js'
import { EnterpriseUser } from '../schema/core/enterprise-user.js'
import { raw, sql } from '../sql/fragment.js'

/** The component name of the migrations for users and groups. */
export const COMPONENT = 'resources'

/**
 * The tables of documents. They are the tables of PostgreSQL with texts in place of times and JSON, which SQLite lacks.
 * The tenant is the first column of every key and index.
 */
export const MIGRATIONS: readonly ComponentMigration[] = [
  {
    name: '001-resources',
    statements: ({ table, index, text, integer }) => [
      sql`CREATE TABLE ${table('resource')} (
  tenant ${text} NOT NULL,
  type ${text} NOT NULL,
  id ${text} NOT NULL,
  version ${text} NOT NULL,
  created ${text} NOT NULL,
  last_modified ${text} NOT NULL,
  -- The values that are looked up, as they are compared: letter case and the like are gone.
  unique_key ${text},
  external_key ${text},
  name_key ${text},
  -- How other resources call this one.
  display ${text},
  -- The attributes as they were written, and in the same shape what they are compared by.
  data ${text} NOT NULL,
  keys ${text} NOT NULL,
  PRIMARY KEY (tenant, type, id)
) WITHOUT ROWID`,
      sql`CREATE UNIQUE INDEX ${index('resource', 'unique_key')} ON ${table('resource')} (tenant, type, unique_key)`,
      sql`CREATE INDEX ${index('resource', 'external_key')} ON ${table('resource')} (tenant, type, external_key)`,
      sql`CREATE INDEX ${index('resource', 'name_key')} ON ${table('resource')} (tenant, type, name_key)`,
      sql`CREATE TABLE ${table('reference')} (
  tenant ${text} NOT NULL,
  -- The resource that refers, and by which attribute.
  type ${text} NOT NULL,
  id ${text} NOT NULL,
  attribute ${text} NOT NULL,
  -- The id of the resource it refers to, the form it is compared by in filters, and its type where it is known.
  value ${text} NOT NULL,
  value_key ${text} NOT NULL,
  target ${text},
  -- Further sub-attributes.
  data ${text},
  PRIMARY KEY (tenant, type, id, attribute, value)
) WITHOUT ROWID`,
      sql`CREATE INDEX ${index('reference', 'value_key')} ON ${table('reference')} (tenant, value_key, attribute, type, id)`,
      sql`CREATE TABLE ${table('lookup')} (
  tenant ${text} NOT NULL,
  type ${text} NOT NULL,
  attribute ${text} NOT NULL,
  key ${text} NOT NULL,
  id ${text} NOT NULL,
  is_unique ${integer} NOT NULL,
  PRIMARY KEY (tenant, type, attribute, key, id)
) WITHOUT ROWID`,
      sql`CREATE UNIQUE INDEX ${index('lookup', 'unique_key')} ON ${table('lookup')} (tenant, type, attribute, key) WHERE is_unique`,
      sql`CREATE INDEX ${index('lookup', 'id')} ON ${table('lookup')} (tenant, type, id)`,
      // Finds the users of a manager: the DELETE of a manager removes the references to that user.
      sql`CREATE INDEX ${index('resource', 'manager')} ON ${table('resource')} (tenant, type, ${MANAGER}) WHERE ${MANAGER} IS NOT NULL`,
    ],
  },
]

const MANAGER = sqliteStore.json.indexed(raw('keys'), [EnterpriseUser.id, 'manager', 'value'])
