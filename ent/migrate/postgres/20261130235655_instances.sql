-- +goose Up
-- modify "services" table
ALTER TABLE "services" ADD COLUMN "replicas" bigint NULL, ADD COLUMN "replicas_reason" character varying NOT NULL DEFAULT '' COLLATE "C", ADD COLUMN "replicas_at" timestamptz NULL, ADD COLUMN "policy_minimum" bigint NULL, ADD COLUMN "policy_maximum" bigint NULL, ADD COLUMN "policy_target" double precision NULL, ADD COLUMN "policy_calm_down" bigint NULL;
-- create "instances" table
CREATE TABLE "instances" ("id" character varying NOT NULL COLLATE "C", "created_at" timestamptz NOT NULL, "service" character varying NOT NULL COLLATE "C", "name" character varying NOT NULL COLLATE "C", "url" character varying NOT NULL COLLATE "C", "version" character varying NULL COLLATE "C", "agent" character varying NULL COLLATE "C", "weight" double precision NOT NULL DEFAULT 1, "leaving" boolean NOT NULL DEFAULT false, "drained" boolean NOT NULL DEFAULT false, "ttl" bigint NOT NULL, PRIMARY KEY ("id"));
-- create index "instance_service_name" to table: "instances"
CREATE UNIQUE INDEX "instance_service_name" ON "instances" ("service", "name");

-- +goose Down
-- reverse: create index "instance_service_name" to table: "instances"
DROP INDEX "instance_service_name";
-- reverse: create "instances" table
DROP TABLE "instances";
-- reverse: modify "services" table
ALTER TABLE "services" DROP COLUMN "policy_calm_down", DROP COLUMN "policy_target", DROP COLUMN "policy_maximum", DROP COLUMN "policy_minimum", DROP COLUMN "replicas_at", DROP COLUMN "replicas_reason", DROP COLUMN "replicas";
