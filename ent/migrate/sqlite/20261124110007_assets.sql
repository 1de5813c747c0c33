-- +goose Up
-- create "assets" table
CREATE TABLE `assets` (`id` text NOT NULL, `created_at` datetime NOT NULL, `hash` text NOT NULL, `name` text NOT NULL, `content_type` text NOT NULL, `width` integer NOT NULL, `height` integer NOT NULL, `size` integer NOT NULL, `placeholder` text NOT NULL, `touched_at` datetime NOT NULL, `frontend_id` text NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `assets_frontends_assets` FOREIGN KEY (`frontend_id`) REFERENCES `frontends` (`id`) ON DELETE NO ACTION);
-- create index "asset_frontend_id_hash" to table: "assets"
CREATE UNIQUE INDEX `asset_frontend_id_hash` ON `assets` (`frontend_id`, `hash`);
-- create index "asset_hash" to table: "assets"
CREATE INDEX `asset_hash` ON `assets` (`hash`);
-- create index "asset_touched_at" to table: "assets"
CREATE INDEX `asset_touched_at` ON `assets` (`touched_at`);

-- +goose Down
-- reverse: create index "asset_touched_at" to table: "assets"
DROP INDEX `asset_touched_at`;
-- reverse: create index "asset_hash" to table: "assets"
DROP INDEX `asset_hash`;
-- reverse: create index "asset_frontend_id_hash" to table: "assets"
DROP INDEX `asset_frontend_id_hash`;
-- reverse: create "assets" table
DROP TABLE `assets`;
