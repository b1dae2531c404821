-- What has been done for which part of the library. A process that knows no components writes of this one.
ALTER TABLE "scim".migration ADD COLUMN IF NOT EXISTS component text NOT NULL DEFAULT 'resources';

ALTER TABLE "scim".migration DROP CONSTRAINT migration_pkey, ADD PRIMARY KEY (component, name);

INSERT INTO "scim".migration (component, name) VALUES ('resources', '003-components');
