-- A write that changes no look-up makes no new entries in the indexes, if the manager has a column. A row of up to half a
-- page is not compressed: that takes longer than writing it.
ALTER TABLE "scim".resource ADD COLUMN manager_key text COLLATE "C";

ALTER TABLE "scim".resource SET (toast_tuple_target = 4080);

INSERT INTO "scim".migration (component, name) VALUES ('resources', '004-room');
