import { EnterpriseUser } from '../../schema/core/enterprise-user.js'
import type { CopiedKey } from '../../tables/documents/store.js'

/** One step of the way to the tables of today. */
export interface Migration {
  /** The name of the step, and of its file in `sql/`. */
  readonly name: string
  /** The statements of the step, in order. */
  readonly statements: readonly string[]
}

/**
 * The name of the migrations of users and groups. Other components of the library have a name of their own in the same
 * table.
 */
export const COMPONENT = 'resources'

/**
 * The manager of a user has a column, because PostgreSQL writes into every index again if a column changes that an
 * index has an expression on (PostgreSQL documentation, "Heap-Only Tuples"), and the keys change with nearly every
 * write.
 */
export const COPIED: readonly CopiedKey[] = [{ column: 'manager_key', path: [EnterpriseUser.id, 'manager', 'value'] }]

/** The statement that makes the database schema, for `migrate()` to leave out where there is one. */
export function createSchema(schema: string): string {
  return `CREATE SCHEMA IF NOT EXISTS ${schema}`
}

/**
 * The SQL that makes the tables, for a migration tool of your own. `migrate()` runs the missing steps.
 *
 * The tenant is the first column of every key and index, so that engines which shard by it keep a tenant in one place.
 * There are no triggers and no extensions. The table `migration` may be there already, when another part of the library
 * was first: see `migrateComponent`.
 *
 * @param schema The database schema the tables are in, quoted as SQL wants it.
 */
export function migrations(schema = '"scim"'): readonly Migration[] {
  return [
    {
      name: '001-resources',
      statements: [
        createSchema(schema),
        `CREATE TABLE IF NOT EXISTS ${schema}.migration (
  -- What has been done, for migrate().
  name text PRIMARY KEY,
  applied timestamptz NOT NULL DEFAULT now()
)`,
        `CREATE TABLE ${schema}.resource (
  tenant text COLLATE "C" NOT NULL,
  type text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  version text COLLATE "C" NOT NULL,
  created timestamptz(3) NOT NULL,
  last_modified timestamptz(3) NOT NULL,
  -- The values that are looked up, as they are compared: letter case and the like are gone.
  unique_key text COLLATE "C",
  external_key text COLLATE "C",
  name_key text COLLATE "C",
  -- How other resources call this one.
  display text,
  -- The attributes as they were written, and in the same shape what they are compared by.
  data jsonb NOT NULL,
  keys jsonb NOT NULL,
  PRIMARY KEY (tenant, type, id)
)`,
        `CREATE UNIQUE INDEX resource_unique_key ON ${schema}.resource (tenant, type, unique_key)`,
        `CREATE INDEX resource_external_key ON ${schema}.resource (tenant, type, external_key)`,
        `CREATE INDEX resource_name_key ON ${schema}.resource (tenant, type, name_key)`,
        `CREATE TABLE ${schema}.reference (
  tenant text COLLATE "C" NOT NULL,
  -- The resource that refers, and by which attribute.
  type text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  attribute text COLLATE "C" NOT NULL,
  -- The id of the resource it refers to, the form it is compared by in filters, and its type where it is known.
  value text COLLATE "C" NOT NULL,
  value_key text COLLATE "C" NOT NULL,
  target text COLLATE "C",
  -- Further sub-attributes.
  data jsonb,
  PRIMARY KEY (tenant, type, id, attribute, value)
)`,
        `CREATE INDEX reference_value_key ON ${schema}.reference (tenant, value_key, attribute, type, id)`,
        `CREATE TABLE ${schema}.lookup (
  tenant text COLLATE "C" NOT NULL,
  type text COLLATE "C" NOT NULL,
  attribute text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  is_unique boolean NOT NULL,
  PRIMARY KEY (tenant, type, attribute, key, id)
)`,
        `CREATE UNIQUE INDEX lookup_unique_key ON ${schema}.lookup (tenant, type, attribute, key) WHERE is_unique`,
        `CREATE INDEX lookup_id ON ${schema}.lookup (tenant, type, id)`,
        `INSERT INTO ${schema}.migration (name) VALUES ('001-resources')`,
      ],
    },
    {
      name: '002-managers',
      statements: [
        `-- Whose manager a user is: a DELETE takes back the references to the resource.
-- On a large table: CREATE INDEX CONCURRENTLY, outside a transaction, lets others write meanwhile. migrate() does that.
CREATE INDEX resource_manager ON ${schema}.resource (tenant, type, (keys #>> '{"${EnterpriseUser.id}","manager","value"}'::text[]))
  WHERE keys #>> '{"${EnterpriseUser.id}","manager","value"}'::text[] IS NOT NULL`,
        `INSERT INTO ${schema}.migration (name) VALUES ('002-managers')`,
      ],
    },
    {
      name: '003-components',
      statements: [
        `-- What has been done for which part of the library. A process that knows no components writes of this one.
ALTER TABLE ${schema}.migration ADD COLUMN IF NOT EXISTS component text NOT NULL DEFAULT '${COMPONENT}'`,
        `ALTER TABLE ${schema}.migration DROP CONSTRAINT migration_pkey, ADD PRIMARY KEY (component, name)`,
        `INSERT INTO ${schema}.migration (component, name) VALUES ('${COMPONENT}', '003-components')`,
      ],
    },
    {
      name: '004-room',
      statements: [
        `-- A write that changes no look-up makes no new entries in the indexes, if the manager has a column. A row of up to half a
-- page is not compressed: that takes longer than writing it.
ALTER TABLE ${schema}.resource ADD COLUMN manager_key text COLLATE "C"`,
        `ALTER TABLE ${schema}.resource SET (toast_tuple_target = 4080)`,
        `INSERT INTO ${schema}.migration (component, name) VALUES ('${COMPONENT}', '004-room')`,
      ],
    },
    {
      name: '005-manager-keys',
      statements: [
        `-- Whose manager a user is, by the column. migrate() fills it; call it also after migrations by another tool.
CREATE INDEX resource_manager_key ON ${schema}.resource (tenant, type, manager_key) WHERE manager_key IS NOT NULL`,
        `DROP INDEX ${schema}.resource_manager`,
        `INSERT INTO ${schema}.migration (component, name) VALUES ('${COMPONENT}', '005-manager-keys')`,
      ],
    },
  ]
}
