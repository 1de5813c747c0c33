-- +goose Up
-- disable the enforcement of foreign-keys constraints
PRAGMA foreign_keys = off;
-- create "new_frontends" table
CREATE TABLE `new_frontends` (`id` text NOT NULL, `created_at` datetime NOT NULL, `slug` text NOT NULL, `name` text NOT NULL, `origins` json NOT NULL, `preview_url` text NULL, `safelist` text NOT NULL DEFAULT ('OFF'), `usage_enabled` bool NOT NULL DEFAULT (false), PRIMARY KEY (`id`));
-- copy rows from old table "frontends" to new temporary table "new_frontends"
INSERT INTO `new_frontends` (`id`, `created_at`, `slug`, `name`, `origins`, `preview_url`, `safelist`) SELECT `id`, `created_at`, `slug`, `name`, `origins`, `preview_url`, `safelist` FROM `frontends`;
-- drop "frontends" table after copying rows
DROP TABLE `frontends`;
-- rename temporary table "new_frontends" to "frontends"
ALTER TABLE `new_frontends` RENAME TO `frontends`;
-- create index "frontends_slug_key" to table: "frontends"
CREATE UNIQUE INDEX `frontends_slug_key` ON `frontends` (`slug`);
-- create "usage_counters" table
CREATE TABLE `usage_counters` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `environment` text NOT NULL, `hour` integer NOT NULL, `screen` text NOT NULL, `block` text NOT NULL, `release` integer NOT NULL, `build` text NOT NULL, `views` integer NOT NULL DEFAULT (0), `clicks` integer NOT NULL DEFAULT (0), `render_errors` integer NOT NULL DEFAULT (0), `frontend_id` text NOT NULL, CONSTRAINT `usage_counters_frontends_usage` FOREIGN KEY (`frontend_id`) REFERENCES `frontends` (`id`) ON DELETE NO ACTION);
-- create index "usagecounter_frontend_id_enviro_036c311cfbc92d51f167260a2cf450c7" to table: "usage_counters"
CREATE UNIQUE INDEX `usagecounter_frontend_id_enviro_036c311cfbc92d51f167260a2cf450c7` ON `usage_counters` (`frontend_id`, `environment`, `hour`, `screen`, `block`, `release`, `build`);
-- create index "usagecounter_hour" to table: "usage_counters"
CREATE INDEX `usagecounter_hour` ON `usage_counters` (`hour`);
-- enable back the enforcement of foreign-keys constraints
PRAGMA foreign_keys = on;

-- +goose Down
-- reverse: create index "usagecounter_hour" to table: "usage_counters"
DROP INDEX `usagecounter_hour`;
-- reverse: create index "usagecounter_frontend_id_enviro_036c311cfbc92d51f167260a2cf450c7" to table: "usage_counters"
DROP INDEX `usagecounter_frontend_id_enviro_036c311cfbc92d51f167260a2cf450c7`;
-- reverse: create "usage_counters" table
DROP TABLE `usage_counters`;
-- reverse: create index "frontends_slug_key" to table: "frontends"
DROP INDEX `frontends_slug_key`;
-- reverse: create "new_frontends" table
DROP TABLE `new_frontends`;
