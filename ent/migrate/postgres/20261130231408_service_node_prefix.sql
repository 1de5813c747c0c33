-- +goose Up
-- modify "services" table
ALTER TABLE "services" ADD COLUMN "node_prefix" character varying NULL COLLATE "C";
-- create index "service_node_prefix" to table: "services"
CREATE UNIQUE INDEX "service_node_prefix" ON "services" ("node_prefix");

-- +goose Down
-- reverse: create index "service_node_prefix" to table: "services"
DROP INDEX "service_node_prefix";
-- reverse: modify "services" table
ALTER TABLE "services" DROP COLUMN "node_prefix";
