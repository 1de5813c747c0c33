-- +goose Up
-- create "asset_removals" table
CREATE TABLE `asset_removals` (`id` text NOT NULL, `created_at` datetime NOT NULL, `hash` text NOT NULL, `done` bool NOT NULL DEFAULT (false), PRIMARY KEY (`id`));
-- create index "asset_removals_hash_key" to table: "asset_removals"
CREATE UNIQUE INDEX `asset_removals_hash_key` ON `asset_removals` (`hash`);
-- create "presences" table
CREATE TABLE `presences` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `screen_id` text NOT NULL, `person` text NOT NULL, `process` text NOT NULL, `name` text NOT NULL, `block_key` text NOT NULL DEFAULT (''), `since` datetime NOT NULL, `moved_at` datetime NOT NULL, `expires_at` datetime NOT NULL);
-- create index "presence_screen_id_person_process" to table: "presences"
CREATE UNIQUE INDEX `presence_screen_id_person_process` ON `presences` (`screen_id`, `person`, `process`);
-- create index "presence_process" to table: "presences"
CREATE INDEX `presence_process` ON `presences` (`process`);

-- +goose Down
-- reverse: create index "presence_process" to table: "presences"
DROP INDEX `presence_process`;
-- reverse: create index "presence_screen_id_person_process" to table: "presences"
DROP INDEX `presence_screen_id_person_process`;
-- reverse: create "presences" table
DROP TABLE `presences`;
-- reverse: create index "asset_removals_hash_key" to table: "asset_removals"
DROP INDEX `asset_removals_hash_key`;
-- reverse: create "asset_removals" table
DROP TABLE `asset_removals`;
