-- +goose Up
-- drop index "usagecounter_frontend_id_envir_fd057cd7016a592171784c16e357dffe" from table: "usage_counters"
DROP INDEX "usagecounter_frontend_id_envir_fd057cd7016a592171784c16e357dffe";

-- +goose Down
-- reverse: drop index "usagecounter_frontend_id_envir_fd057cd7016a592171784c16e357dffe" from table: "usage_counters"
CREATE UNIQUE INDEX "usagecounter_frontend_id_envir_fd057cd7016a592171784c16e357dffe" ON "usage_counters" ("frontend_id", "environment", "hour", "screen", "block", "release", "build");
