-- +goose Up
-- add columns to table: "services"
ALTER TABLE `services` ADD COLUMN `replicas` integer NULL;
ALTER TABLE `services` ADD COLUMN `replicas_reason` text NOT NULL DEFAULT '';
ALTER TABLE `services` ADD COLUMN `replicas_at` datetime NULL;
ALTER TABLE `services` ADD COLUMN `policy_minimum` integer NULL;
ALTER TABLE `services` ADD COLUMN `policy_maximum` integer NULL;
ALTER TABLE `services` ADD COLUMN `policy_target` real NULL;
ALTER TABLE `services` ADD COLUMN `policy_calm_down` integer NULL;
-- create "instances" table
CREATE TABLE `instances` (`id` text NOT NULL, `created_at` datetime NOT NULL, `service` text NOT NULL, `name` text NOT NULL, `url` text NOT NULL, `version` text NULL, `agent` text NULL, `weight` real NOT NULL DEFAULT (1), `leaving` bool NOT NULL DEFAULT (false), `drained` bool NOT NULL DEFAULT (false), `ttl` integer NOT NULL, PRIMARY KEY (`id`));
-- create index "instance_service_name" to table: "instances"
CREATE UNIQUE INDEX `instance_service_name` ON `instances` (`service`, `name`);

-- +goose Down
-- reverse: create "instances" table
DROP TABLE `instances`;
-- reverse: add columns to table: "services"
ALTER TABLE `services` DROP COLUMN `policy_calm_down`;
ALTER TABLE `services` DROP COLUMN `policy_target`;
ALTER TABLE `services` DROP COLUMN `policy_maximum`;
ALTER TABLE `services` DROP COLUMN `policy_minimum`;
ALTER TABLE `services` DROP COLUMN `replicas_at`;
ALTER TABLE `services` DROP COLUMN `replicas_reason`;
ALTER TABLE `services` DROP COLUMN `replicas`;
