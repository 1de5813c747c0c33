-- +goose Up
-- modify "trusted_documents" table
ALTER TABLE "trusted_documents" ADD COLUMN "public_max_age" bigint NULL;

-- +goose Down
-- reverse: modify "trusted_documents" table
ALTER TABLE "trusted_documents" DROP COLUMN "public_max_age";
