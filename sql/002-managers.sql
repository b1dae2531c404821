-- Whose manager a user is: a DELETE takes back the references to the resource.
-- On a large table: CREATE INDEX CONCURRENTLY, outside a transaction, lets others write meanwhile. migrate() does that.
CREATE INDEX resource_manager ON "scim".resource (tenant, type, (keys #>> '{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User","manager","value"}'::text[]))
  WHERE keys #>> '{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User","manager","value"}'::text[] IS NOT NULL;

INSERT INTO "scim".migration (name) VALUES ('002-managers');
