-- +goose Up
-- add column "node_prefix" to table: "services"
ALTER TABLE `services` ADD COLUMN `node_prefix` text NULL;
-- create index "service_node_prefix" to table: "services"
CREATE UNIQUE INDEX `service_node_prefix` ON `services` (`node_prefix`);

-- +goose Down
-- reverse: create index "service_node_prefix" to table: "services"
DROP INDEX `service_node_prefix`;
-- reverse: add column "node_prefix" to table: "services"
ALTER TABLE `services` DROP COLUMN `node_prefix`;
