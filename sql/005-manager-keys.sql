-- Whose manager a user is, by the column. migrate() fills it; call it also after migrations by another tool.
CREATE INDEX resource_manager_key ON "scim".resource (tenant, type, manager_key) WHERE manager_key IS NOT NULL;

DROP INDEX "scim".resource_manager;

INSERT INTO "scim".migration (component, name) VALUES ('resources', '005-manager-keys');
