-- +goose Up
-- add column "public_max_age" to table: "trusted_documents"
ALTER TABLE `trusted_documents` ADD COLUMN `public_max_age` integer NULL;

-- +goose Down
-- reverse: add column "public_max_age" to table: "trusted_documents"
ALTER TABLE `trusted_documents` DROP COLUMN `public_max_age`;
