-- +goose Up
-- create "services" table
CREATE TABLE "services" ("id" character varying NOT NULL COLLATE "C", "created_at" timestamptz NOT NULL, "name" character varying NOT NULL COLLATE "C", "url" character varying NOT NULL COLLATE "C", "owner" character varying NULL COLLATE "C", "description" text NULL COLLATE "C", "contact" character varying NULL COLLATE "C", "repository" character varying NULL COLLATE "C", "docs_url" character varying NULL COLLATE "C", "allowed_hosts" jsonb NOT NULL, "live_id" character varying NULL COLLATE "C", PRIMARY KEY ("id"));
-- create index "services_name_key" to table: "services"
CREATE UNIQUE INDEX "services_name_key" ON "services" ("name");
-- create "subgraph_versions" table
CREATE TABLE "subgraph_versions" ("id" character varying NOT NULL COLLATE "C", "created_at" timestamptz NOT NULL, "number" bigint NOT NULL, "hash" character varying NOT NULL COLLATE "C", "sdl" text NOT NULL COLLATE "C", "published_by" text NOT NULL COLLATE "C", "service_id" character varying NOT NULL COLLATE "C", PRIMARY KEY ("id"));
-- create index "subgraphversion_service_id_number" to table: "subgraph_versions"
CREATE UNIQUE INDEX "subgraphversion_service_id_number" ON "subgraph_versions" ("service_id", "number");
-- create "supergraph_versions" table
CREATE TABLE "supergraph_versions" ("id" character varying NOT NULL COLLATE "C", "created_at" timestamptz NOT NULL, "number" bigint NOT NULL, "hash" character varying NOT NULL COLLATE "C", "sdl" text NOT NULL COLLATE "C", "members" jsonb NOT NULL, PRIMARY KEY ("id"));
-- create index "supergraph_versions_number_key" to table: "supergraph_versions"
CREATE UNIQUE INDEX "supergraph_versions_number_key" ON "supergraph_versions" ("number");
-- modify "services" table
ALTER TABLE "services" ADD CONSTRAINT "services_subgraph_versions_live" FOREIGN KEY ("live_id") REFERENCES "subgraph_versions" ("id") ON UPDATE NO ACTION ON DELETE SET NULL;
-- modify "subgraph_versions" table
ALTER TABLE "subgraph_versions" ADD CONSTRAINT "subgraph_versions_services_versions" FOREIGN KEY ("service_id") REFERENCES "services" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION;

-- +goose Down
-- reverse: modify "subgraph_versions" table
ALTER TABLE "subgraph_versions" DROP CONSTRAINT "subgraph_versions_services_versions";
-- reverse: modify "services" table
ALTER TABLE "services" DROP CONSTRAINT "services_subgraph_versions_live";
-- reverse: create index "supergraph_versions_number_key" to table: "supergraph_versions"
DROP INDEX "supergraph_versions_number_key";
-- reverse: create "supergraph_versions" table
DROP TABLE "supergraph_versions";
-- reverse: create index "subgraphversion_service_id_number" to table: "subgraph_versions"
DROP INDEX "subgraphversion_service_id_number";
-- reverse: create "subgraph_versions" table
DROP TABLE "subgraph_versions";
-- reverse: create index "services_name_key" to table: "services"
DROP INDEX "services_name_key";
-- reverse: create "services" table
DROP TABLE "services";
