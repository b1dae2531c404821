CREATE SCHEMA IF NOT EXISTS "scim";

CREATE TABLE IF NOT EXISTS "scim".migration (
  -- What has been done, for migrate().
  name text PRIMARY KEY,
  applied timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE "scim".resource (
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
);

CREATE UNIQUE INDEX resource_unique_key ON "scim".resource (tenant, type, unique_key);

CREATE INDEX resource_external_key ON "scim".resource (tenant, type, external_key);

CREATE INDEX resource_name_key ON "scim".resource (tenant, type, name_key);

CREATE TABLE "scim".reference (
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
);

CREATE INDEX reference_value_key ON "scim".reference (tenant, value_key, attribute, type, id);

CREATE TABLE "scim".lookup (
  tenant text COLLATE "C" NOT NULL,
  type text COLLATE "C" NOT NULL,
  attribute text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  is_unique boolean NOT NULL,
  PRIMARY KEY (tenant, type, attribute, key, id)
);

CREATE UNIQUE INDEX lookup_unique_key ON "scim".lookup (tenant, type, attribute, key) WHERE is_unique;

CREATE INDEX lookup_id ON "scim".lookup (tenant, type, id);

INSERT INTO "scim".migration (name) VALUES ('001-resources');
