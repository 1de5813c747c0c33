-- +goose Up
-- add column "key_check" to table: "ledgers"
ALTER TABLE `ledgers` ADD COLUMN `key_check` text NULL;
-- create index "usagecounter_series" to table: "usage_counters"
CREATE UNIQUE INDEX `usagecounter_series` ON `usage_counters` (`frontend_id`, `environment`, `hour`, `screen`, `block`, `release`, `build`);

-- +goose Down
-- reverse: create index "usagecounter_series" to table: "usage_counters"
DROP INDEX `usagecounter_series`;
-- reverse: add column "key_check" to table: "ledgers"
ALTER TABLE `ledgers` DROP COLUMN `key_check`;
