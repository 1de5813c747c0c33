-- +goose Up
-- create "services" table
CREATE TABLE `services` (`id` text NOT NULL, `created_at` datetime NOT NULL, `name` text NOT NULL, `url` text NOT NULL, `owner` text NULL, `description` text NULL, `contact` text NULL, `repository` text NULL, `docs_url` text NULL, `allowed_hosts` json NOT NULL, `live_id` text NULL, PRIMARY KEY (`id`), CONSTRAINT `services_subgraph_versions_live` FOREIGN KEY (`live_id`) REFERENCES `subgraph_versions` (`id`) ON DELETE SET NULL);
-- create index "services_name_key" to table: "services"
CREATE UNIQUE INDEX `services_name_key` ON `services` (`name`);
-- create "subgraph_versions" table
CREATE TABLE `subgraph_versions` (`id` text NOT NULL, `created_at` datetime NOT NULL, `number` integer NOT NULL, `hash` text NOT NULL, `sdl` text NOT NULL, `published_by` text NOT NULL, `service_id` text NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `subgraph_versions_services_versions` FOREIGN KEY (`service_id`) REFERENCES `services` (`id`) ON DELETE NO ACTION);
-- create index "subgraphversion_service_id_number" to table: "subgraph_versions"
CREATE UNIQUE INDEX `subgraphversion_service_id_number` ON `subgraph_versions` (`service_id`, `number`);
-- create "supergraph_versions" table
CREATE TABLE `supergraph_versions` (`id` text NOT NULL, `created_at` datetime NOT NULL, `number` integer NOT NULL, `hash` text NOT NULL, `sdl` text NOT NULL, `members` json NOT NULL, PRIMARY KEY (`id`));
-- create index "supergraph_versions_number_key" to table: "supergraph_versions"
CREATE UNIQUE INDEX `supergraph_versions_number_key` ON `supergraph_versions` (`number`);

-- +goose Down
-- reverse: create index "supergraph_versions_number_key" to table: "supergraph_versions"
DROP INDEX `supergraph_versions_number_key`;
-- reverse: create "supergraph_versions" table
DROP TABLE `supergraph_versions`;
-- reverse: create index "subgraphversion_service_id_number" to table: "subgraph_versions"
DROP INDEX `subgraphversion_service_id_number`;
-- reverse: create "subgraph_versions" table
DROP TABLE `subgraph_versions`;
-- reverse: create index "services_name_key" to table: "services"
DROP INDEX `services_name_key`;
-- reverse: create "services" table
DROP TABLE `services`;
