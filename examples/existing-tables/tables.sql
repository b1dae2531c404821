-- What the application had before anybody said SCIM.
CREATE TABLE organizations (id text PRIMARY KEY, name text NOT NULL);
CREATE TABLE accounts (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  org_id text NOT NULL REFERENCES organizations,
  -- lower() of this collation knows every letter, whatever that of the database is.
  email text COLLATE "und-x-icu" NOT NULL,
  first_name text,
  last_name text,
  phone text,
  disabled_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX accounts_email ON accounts (org_id, lower(email));
CREATE TABLE teams (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  org_id text NOT NULL REFERENCES organizations,
  name text COLLATE "und-x-icu" NOT NULL
);
CREATE TABLE team_members (
  team_id bigint NOT NULL REFERENCES teams ON DELETE CASCADE,
  account_id uuid NOT NULL REFERENCES accounts ON DELETE CASCADE,
  PRIMARY KEY (team_id, account_id)
);
CREATE TABLE sessions (token text PRIMARY KEY, account_id uuid NOT NULL REFERENCES accounts ON DELETE CASCADE);

-- What SCIM adds: the identity provider's own ids, places for what has no column and for what it is compared by, and indexes for what it asks.
ALTER TABLE accounts ADD external_id text, ADD scim jsonb, ADD scim_keys jsonb;
ALTER TABLE teams ADD external_id text, ADD revision integer NOT NULL DEFAULT 1;
CREATE INDEX accounts_external_id ON accounts (org_id, external_id);
CREATE UNIQUE INDEX teams_name ON teams (org_id, lower(name));
CREATE INDEX team_members_account ON team_members (account_id);

-- The version of a team changes with its members, whoever writes them: docs/postgres.md#versions-of-groups.
CREATE FUNCTION count_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.revision := OLD.revision + 1;
  RETURN NEW;
END $$;
CREATE TRIGGER count_up BEFORE UPDATE ON teams FOR EACH ROW EXECUTE FUNCTION count_up();
CREATE FUNCTION count_up_teams() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE teams SET revision = revision + 1 WHERE id IN (SELECT team_id FROM changed);
  RETURN NULL;
END $$;
CREATE TRIGGER come AFTER INSERT ON team_members REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION count_up_teams();
CREATE TRIGGER go AFTER DELETE ON team_members REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION count_up_teams();

INSERT INTO organizations VALUES ('acme', 'Acme'), ('globex', 'Globex');
