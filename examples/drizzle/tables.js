/**
 * The statements that drizzle-kit would make of schema.js, with a collation that drizzle-kit does not know: with it
 * lower() changes letters beyond ASCII in every database. The default collation of a database may be C, which leaves
 * such letters alone.
 */
export const createTables = `
CREATE TABLE IF NOT EXISTS people (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  org_id text NOT NULL,
  login text COLLATE "und-x-icu" NOT NULL,
  first_name text COLLATE "und-x-icu",
  last_name text COLLATE "und-x-icu",
  enabled boolean NOT NULL DEFAULT true,
  directory_id text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  revision bigint NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX IF NOT EXISTS people_login ON people (org_id, lower(login));
CREATE INDEX IF NOT EXISTS people_directory_id ON people (org_id, directory_id);
CREATE TABLE IF NOT EXISTS teams (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  org_id text NOT NULL,
  name text COLLATE "und-x-icu" NOT NULL,
  directory_id text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  revision bigint NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX IF NOT EXISTS teams_name ON teams (org_id, lower(name));
CREATE TABLE IF NOT EXISTS memberships (
  team_id uuid NOT NULL REFERENCES teams ON DELETE CASCADE,
  person_id uuid NOT NULL REFERENCES people ON DELETE CASCADE,
  PRIMARY KEY (team_id, person_id)
);
CREATE INDEX IF NOT EXISTS memberships_person ON memberships (person_id);
`
