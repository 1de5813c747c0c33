-- +goose Up
-- create "document_usages" table
CREATE TABLE `document_usages` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `build` text NOT NULL, `bucket` integer NOT NULL, `calls` integer NOT NULL DEFAULT (0), `errors` integer NOT NULL DEFAULT (0), `document_id` text NOT NULL, CONSTRAINT `document_usages_trusted_documents_usage` FOREIGN KEY (`document_id`) REFERENCES `trusted_documents` (`id`) ON DELETE NO ACTION);
-- create index "documentusage_document_id_build_bucket" to table: "document_usages"
CREATE UNIQUE INDEX `documentusage_document_id_build_bucket` ON `document_usages` (`document_id`, `build`, `bucket`);
-- create "trusted_documents" table
CREATE TABLE `trusted_documents` (`id` text NOT NULL, `created_at` datetime NOT NULL, `hash` text NOT NULL, `alias` text NOT NULL DEFAULT (''), `name` text NOT NULL, `kind` text NOT NULL, `body` text NOT NULL, `registered_at` datetime NOT NULL, `last_used_at` datetime NULL, `retired_at` datetime NULL, `frontend_id` text NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `trusted_documents_frontends_documents` FOREIGN KEY (`frontend_id`) REFERENCES `frontends` (`id`) ON DELETE NO ACTION);
-- create index "trusteddocument_frontend_id_hash" to table: "trusted_documents"
CREATE UNIQUE INDEX `trusteddocument_frontend_id_hash` ON `trusted_documents` (`frontend_id`, `hash`);
-- create "unknown_documents" table
CREATE TABLE `unknown_documents` (`id` text NOT NULL, `created_at` datetime NOT NULL, `hash` text NOT NULL, `name` text NOT NULL DEFAULT (''), `body` text NOT NULL, `calls` integer NOT NULL DEFAULT (0), `last_seen_at` datetime NOT NULL, `frontend_id` text NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `unknown_documents_frontends_unknown_documents` FOREIGN KEY (`frontend_id`) REFERENCES `frontends` (`id`) ON DELETE NO ACTION);
-- create index "unknowndocument_frontend_id_hash" to table: "unknown_documents"
CREATE UNIQUE INDEX `unknowndocument_frontend_id_hash` ON `unknown_documents` (`frontend_id`, `hash`);
-- create index "unknowndocument_last_seen_at" to table: "unknown_documents"
CREATE INDEX `unknowndocument_last_seen_at` ON `unknown_documents` (`last_seen_at`);

-- +goose Down
-- reverse: create index "unknowndocument_last_seen_at" to table: "unknown_documents"
DROP INDEX `unknowndocument_last_seen_at`;
-- reverse: create index "unknowndocument_frontend_id_hash" to table: "unknown_documents"
DROP INDEX `unknowndocument_frontend_id_hash`;
-- reverse: create "unknown_documents" table
DROP TABLE `unknown_documents`;
-- reverse: create index "trusteddocument_frontend_id_hash" to table: "trusted_documents"
DROP INDEX `trusteddocument_frontend_id_hash`;
-- reverse: create "trusted_documents" table
DROP TABLE `trusted_documents`;
-- reverse: create index "documentusage_document_id_build_bucket" to table: "document_usages"
DROP INDEX `documentusage_document_id_build_bucket`;
-- reverse: create "document_usages" table
DROP TABLE `document_usages`;
