-- +goose Up
-- add column "installation" to table: "ledgers"
ALTER TABLE `ledgers` ADD COLUMN `installation` text NULL;

-- +goose Down
-- reverse: add column "installation" to table: "ledgers"
ALTER TABLE `ledgers` DROP COLUMN `installation`;
