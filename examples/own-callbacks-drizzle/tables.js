/**
 * What drizzle-kit would make of schema.js. The collation makes lower() know letters beyond ASCII in every database: that of
 * the database may be C, which does not.
 */
export const createTables = `
CREATE TABLE IF NOT EXISTS people (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  login text COLLATE "und-x-icu" NOT NULL,
  first_name text,
  last_name text,
  enabled boolean NOT NULL DEFAULT true,
  directory_id text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  revision bigint NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX IF NOT EXISTS people_login ON people (lower(login));
CREATE TABLE IF NOT EXISTS teams (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name text COLLATE "und-x-icu" NOT NULL,
  directory_id text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  revision bigint NOT NULL DEFAULT 1
);
CREATE TABLE IF NOT EXISTS memberships (
  team_id uuid NOT NULL REFERENCES teams ON DELETE CASCADE,
  person_id uuid NOT NULL REFERENCES people ON DELETE CASCADE,
  PRIMARY KEY (team_id, person_id)
);
`
