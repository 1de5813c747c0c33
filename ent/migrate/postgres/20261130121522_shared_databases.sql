-- +goose Up
-- modify "ledgers" table
ALTER TABLE "ledgers" ADD COLUMN "key_check" character varying NULL COLLATE "C";
-- create index "usagecounter_series" to table: "usage_counters"
CREATE UNIQUE INDEX "usagecounter_series" ON "usage_counters" ("frontend_id", "environment", "hour", "screen", "block", "release", "build");

-- +goose Down
-- reverse: create index "usagecounter_series" to table: "usage_counters"
DROP INDEX "usagecounter_series";
-- reverse: modify "ledgers" table
ALTER TABLE "ledgers" DROP COLUMN "key_check";
