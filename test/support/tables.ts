import { EnterpriseUser, type SchemaDefinition } from '../../src/index.js'
import { type MappedType, tenant } from '../../src/postgres/index.js'

/**
 * Tables as an application could have them: text ids, a boolean, a child table for emails, JSON for later attributes.
 */
export function tableStatements(schema: string): string {
  return `
    SET search_path TO "${schema}";
    CREATE TABLE accounts (
      id text PRIMARY KEY DEFAULT gen_random_uuid()::text,
      org text NOT NULL,
      email text NOT NULL,
      email_key text,
      external_id text,
      first_name text,
      last_name text,
      label text,
      label_key text,
      enabled boolean,
      login_count integer,
      password_hash text,
      created_at timestamptz NOT NULL DEFAULT now(),
      updated_at timestamptz NOT NULL DEFAULT now(),
      scim jsonb,
      scim_keys jsonb
    );
    CREATE UNIQUE INDEX accounts_email ON accounts (org, email_key);
    CREATE TABLE account_emails (account_id text NOT NULL REFERENCES accounts, address text, kind text, main boolean, more jsonb, more_keys jsonb);
    CREATE INDEX account_emails_account ON account_emails (account_id);
    CREATE TABLE teams (
      id text PRIMARY KEY DEFAULT gen_random_uuid()::text,
      org text NOT NULL,
      name text NOT NULL,
      name_key text,
      external_id text,
      revision integer NOT NULL DEFAULT 1,
      created_at timestamptz NOT NULL DEFAULT now(),
      updated_at timestamptz NOT NULL DEFAULT now()
    );
    CREATE TABLE team_members (
      team_id text NOT NULL REFERENCES teams,
      account_id text REFERENCES accounts,
      child_id text REFERENCES teams
    );
    CREATE UNIQUE INDEX team_members_account ON team_members (team_id, account_id);
    CREATE UNIQUE INDEX team_members_child ON team_members (team_id, child_id);
    CREATE INDEX team_members_of_account ON team_members (account_id);
    RESET search_path;`
}

/** The same tables as SQLite has them: a revision in place of xmin, numbers for booleans, texts for times and JSON. */
export function sqliteTableStatements(): string {
  const id = 'id text NOT NULL PRIMARY KEY DEFAULT (lower(hex(randomblob(16))))'
  const now = "text NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))"
  return `
    CREATE TABLE accounts (
      ${id},
      org text NOT NULL,
      email text NOT NULL,
      email_key text,
      external_id text,
      first_name text,
      last_name text,
      label text,
      label_key text,
      enabled integer,
      login_count integer,
      password_hash text,
      revision integer NOT NULL DEFAULT 1,
      created_at ${now},
      updated_at ${now},
      scim text,
      scim_keys text
    );
    CREATE UNIQUE INDEX accounts_email ON accounts (org, email_key);
    CREATE TABLE account_emails (account_id text NOT NULL REFERENCES accounts, address text, kind text, main integer, more text, more_keys text);
    CREATE INDEX account_emails_account ON account_emails (account_id);
    CREATE TABLE teams (
      ${id},
      org text NOT NULL,
      name text NOT NULL,
      name_key text,
      external_id text,
      revision integer NOT NULL DEFAULT 1,
      created_at ${now},
      updated_at ${now}
    );
    CREATE TABLE team_members (
      team_id text NOT NULL REFERENCES teams,
      account_id text REFERENCES accounts,
      child_id text REFERENCES teams
    );
    CREATE UNIQUE INDEX team_members_account ON team_members (team_id, account_id);
    CREATE UNIQUE INDEX team_members_child ON team_members (team_id, child_id);
    CREATE INDEX team_members_of_account ON team_members (account_id);`
}

/** The same tables as MySQL has them. */
export function mysqlTableStatements(): string {
  const id = 'VARCHAR(64) NOT NULL'
  const times = `created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3), updated_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3)`
  // Unique columns tell apart the letters that the schema tells apart.
  const key = 'VARCHAR(191) COLLATE utf8mb4_bin'
  return `
    CREATE TABLE accounts (
      id ${id} PRIMARY KEY,
      org VARCHAR(64) NOT NULL,
      email VARCHAR(191) NOT NULL,
      email_key ${key},
      external_id VARCHAR(191),
      first_name TEXT,
      last_name TEXT,
      label TEXT,
      label_key TEXT,
      enabled TINYINT(1),
      login_count INTEGER,
      password_hash TEXT,
      revision INTEGER NOT NULL DEFAULT 1,
      ${times},
      scim JSON,
      scim_keys JSON,
      UNIQUE KEY accounts_email (org, email_key)
    );
    CREATE TABLE account_emails (
      account_id ${id}, address TEXT, kind TEXT, main TINYINT(1), more JSON, more_keys JSON,
      FOREIGN KEY (account_id) REFERENCES accounts (id)
    );
    CREATE TABLE teams (
      id ${id} PRIMARY KEY,
      org VARCHAR(64) NOT NULL,
      name TEXT NOT NULL,
      name_key ${key},
      external_id VARCHAR(191),
      revision INTEGER NOT NULL DEFAULT 1,
      ${times}
    );
    CREATE TABLE team_members (
      team_id ${id},
      account_id VARCHAR(64),
      child_id VARCHAR(64),
      UNIQUE KEY team_members_account (team_id, account_id),
      UNIQUE KEY team_members_child (team_id, child_id),
      FOREIGN KEY (team_id) REFERENCES teams (id),
      FOREIGN KEY (account_id) REFERENCES accounts (id),
      FOREIGN KEY (child_id) REFERENCES teams (id)
    );`
}

/** The declaration for the same tables in SQLite and MySQL, with versions in a column. */
export function revisedMapping(
  schema: string,
  extensions?: readonly SchemaDefinition[],
): ReturnType<typeof tableMapping> {
  const { User, Group } = tableMapping(schema, extensions)
  return { User: { ...User, attributes: { ...User.attributes, 'meta.version': 'revision' } }, Group }
}

/** The declaration for these tables. */
export function tableMapping(
  schema: string,
  extensions: readonly SchemaDefinition[] = [EnterpriseUser],
): { readonly User: MappedType; readonly Group: MappedType } {
  const times = {
    'meta.created': { column: 'created_at' },
    'meta.lastModified': { column: 'updated_at' },
  }
  return {
    User: {
      table: `${schema}.accounts`,
      scope: { org: tenant },
      extensions,
      attributes: {
        id: 'id',
        ...times,
        userName: { column: 'email', folded: 'email_key' },
        externalId: 'external_id',
        'name.givenName': 'first_name',
        'name.familyName': 'last_name',
        displayName: { column: 'label', folded: 'label_key' },
        active: 'enabled',
        password: { column: 'password_hash', write: (password) => password && `hash of ${password.length} letters` },
        emails: {
          table: `${schema}.account_emails`,
          on: { account_id: 'id' },
          attributes: { value: 'address', type: 'kind', primary: 'main', '*': { json: 'more', keys: 'more_keys' } },
        },
        '*': { json: 'scim', keys: 'scim_keys' },
      },
    },
    Group: {
      table: `${schema}.teams`,
      scope: { org: tenant },
      attributes: {
        id: 'id',
        ...times,
        'meta.version': 'revision',
        displayName: { column: 'name', folded: 'name_key' },
        externalId: 'external_id',
        members: {
          table: `${schema}.team_members`,
          on: { team_id: 'id' },
          references: { User: 'account_id', Group: 'child_id' },
        },
      },
    },
  }
}

/** A connection or pool that runs one statement or several. */
interface Statements {
  query(text: string): Promise<unknown>
}

const NAMES = ['accounts', 'teams', 'account_emails', 'team_members']

/** Empties the tables. */
export async function emptyTables(pool: Statements, schema: string): Promise<void> {
  await pool.query(
    [...NAMES]
      .reverse()
      .map((name) => `DELETE FROM "${schema}".${name}`)
      .join(';'),
  )
}

/** Keeps the rows of the tables. */
export async function keepTables(pool: Statements, schema: string): Promise<void> {
  const keep = (name: string): string =>
    `DROP TABLE IF EXISTS "${schema}".kept_${name}; CREATE TABLE "${schema}".kept_${name} AS SELECT * FROM "${schema}".${name}`
  await pool.query(NAMES.map(keep).join(';'))
}

/** Puts back the rows that {@link keepTables} has kept. */
export async function restoreTables(pool: Statements, schema: string): Promise<void> {
  await emptyTables(pool, schema)
  await pool.query(
    NAMES.map((name) => `INSERT INTO "${schema}".${name} SELECT * FROM "${schema}".kept_${name}`).join(';'),
  )
}
