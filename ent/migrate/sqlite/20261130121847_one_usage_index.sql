-- +goose Up
-- drop index "usagecounter_frontend_id_enviro_036c311cfbc92d51f167260a2cf450c7" from table: "usage_counters"
DROP INDEX `usagecounter_frontend_id_enviro_036c311cfbc92d51f167260a2cf450c7`;

-- +goose Down
-- reverse: drop index "usagecounter_frontend_id_enviro_036c311cfbc92d51f167260a2cf450c7" from table: "usage_counters"
CREATE UNIQUE INDEX `usagecounter_frontend_id_enviro_036c311cfbc92d51f167260a2cf450c7` ON `usage_counters` (`frontend_id`, `environment`, `hour`, `screen`, `block`, `release`, `build`);
