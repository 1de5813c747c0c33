-- +goose Up
-- create "activations" table
CREATE TABLE `activations` (`id` text NOT NULL, `created_at` datetime NOT NULL, `sequence` integer NOT NULL, `kind` text NOT NULL, `actor` text NOT NULL, `reason` text NULL, `release_id` text NOT NULL, `previous_id` text NULL, `environment_id` text NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `activations_releases_release` FOREIGN KEY (`release_id`) REFERENCES `releases` (`id`) ON DELETE NO ACTION, CONSTRAINT `activations_releases_previous` FOREIGN KEY (`previous_id`) REFERENCES `releases` (`id`) ON DELETE SET NULL, CONSTRAINT `activations_environments_activations` FOREIGN KEY (`environment_id`) REFERENCES `environments` (`id`) ON DELETE NO ACTION);
-- create index "activation_environment_id_sequence" to table: "activations"
CREATE UNIQUE INDEX `activation_environment_id_sequence` ON `activations` (`environment_id`, `sequence`);
-- create "audit_entries" table
CREATE TABLE `audit_entries` (`id` text NOT NULL, `created_at` datetime NOT NULL, `seq` integer NOT NULL, `actor` text NOT NULL, `action` text NOT NULL, `subject_id` text NULL, `subject_label` text NOT NULL, `detail` text NOT NULL, `request_id` text NULL, `previous_hash` text NOT NULL, `hash` text NOT NULL, PRIMARY KEY (`id`));
-- create index "audit_entries_seq_key" to table: "audit_entries"
CREATE UNIQUE INDEX `audit_entries_seq_key` ON `audit_entries` (`seq`);
-- create index "auditentry_subject_id" to table: "audit_entries"
CREATE INDEX `auditentry_subject_id` ON `audit_entries` (`subject_id`);
-- create "blobs" table
CREATE TABLE `blobs` (`hash` text NOT NULL, `kind` text NOT NULL, `body` text NOT NULL, `size` integer NOT NULL, `created_at` datetime NOT NULL, PRIMARY KEY (`hash`));
-- create "builds" table
CREATE TABLE `builds` (`id` text NOT NULL, `created_at` datetime NOT NULL, `name` text NOT NULL, `registered_at` datetime NOT NULL, `manifest_id` text NOT NULL, `frontend_id` text NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `builds_build_manifests_builds` FOREIGN KEY (`manifest_id`) REFERENCES `build_manifests` (`id`) ON DELETE NO ACTION, CONSTRAINT `builds_frontends_builds` FOREIGN KEY (`frontend_id`) REFERENCES `frontends` (`id`) ON DELETE NO ACTION);
-- create index "build_frontend_id_name" to table: "builds"
CREATE UNIQUE INDEX `build_frontend_id_name` ON `builds` (`frontend_id`, `name`);
-- create "build_manifests" table
CREATE TABLE `build_manifests` (`id` text NOT NULL, `created_at` datetime NOT NULL, `hash` text NOT NULL, `entries` text NOT NULL, `last_seen` datetime NULL, `frontend_id` text NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `build_manifests_frontends_manifests` FOREIGN KEY (`frontend_id`) REFERENCES `frontends` (`id`) ON DELETE NO ACTION);
-- create index "buildmanifest_frontend_id_hash" to table: "build_manifests"
CREATE UNIQUE INDEX `buildmanifest_frontend_id_hash` ON `build_manifests` (`frontend_id`, `hash`);
-- create "components" table
CREATE TABLE `components` (`id` text NOT NULL, `created_at` datetime NOT NULL, `key` text NOT NULL, `title` text NOT NULL, `category` text NULL, `frontend_id` text NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `components_frontends_components` FOREIGN KEY (`frontend_id`) REFERENCES `frontends` (`id`) ON DELETE NO ACTION);
-- create index "component_frontend_id_key" to table: "components"
CREATE UNIQUE INDEX `component_frontend_id_key` ON `components` (`frontend_id`, `key`);
-- create "component_versions" table
CREATE TABLE `component_versions` (`id` text NOT NULL, `created_at` datetime NOT NULL, `major` integer NOT NULL, `minor` integer NOT NULL, `props_schema` text NOT NULL, `ui_schema` text NULL, `slots` json NOT NULL, `fallback` text NULL, `examples` text NULL, `contract_hash` text NOT NULL, `component_id` text NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `component_versions_components_versions` FOREIGN KEY (`component_id`) REFERENCES `components` (`id`) ON DELETE NO ACTION);
-- create index "componentversion_component_id_major_minor" to table: "component_versions"
CREATE UNIQUE INDEX `componentversion_component_id_major_minor` ON `component_versions` (`component_id`, `major`, `minor`);
-- create "environments" table
CREATE TABLE `environments` (`id` text NOT NULL, `created_at` datetime NOT NULL, `key` text NOT NULL, `delivery` text NOT NULL, `sequence` integer NOT NULL DEFAULT (0), `live_id` text NULL, `frontend_id` text NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `environments_releases_live` FOREIGN KEY (`live_id`) REFERENCES `releases` (`id`) ON DELETE SET NULL, CONSTRAINT `environments_frontends_environments` FOREIGN KEY (`frontend_id`) REFERENCES `frontends` (`id`) ON DELETE NO ACTION);
-- create index "environment_frontend_id_key" to table: "environments"
CREATE UNIQUE INDEX `environment_frontend_id_key` ON `environments` (`frontend_id`, `key`);
-- create "frontends" table
CREATE TABLE `frontends` (`id` text NOT NULL, `created_at` datetime NOT NULL, `slug` text NOT NULL, `name` text NOT NULL, `origins` json NOT NULL, `preview_url` text NULL, `safelist` text NOT NULL DEFAULT ('OFF'), PRIMARY KEY (`id`));
-- create index "frontends_slug_key" to table: "frontends"
CREATE UNIQUE INDEX `frontends_slug_key` ON `frontends` (`slug`);
-- create "idempotency_records" table
CREATE TABLE `idempotency_records` (`id` text NOT NULL, `created_at` datetime NOT NULL, `principal` text NOT NULL, `mutation` text NOT NULL, `key` text NOT NULL, `input_hash` text NOT NULL, `result` text NOT NULL, PRIMARY KEY (`id`));
-- create index "idempotencyrecord_principal_mutation_key" to table: "idempotency_records"
CREATE UNIQUE INDEX `idempotencyrecord_principal_mutation_key` ON `idempotency_records` (`principal`, `mutation`, `key`);
-- create index "idempotencyrecord_created_at" to table: "idempotency_records"
CREATE INDEX `idempotencyrecord_created_at` ON `idempotency_records` (`created_at`);
-- create "ledgers" table
CREATE TABLE `ledgers` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `seq` integer NOT NULL DEFAULT (0), `audit_head` text NOT NULL DEFAULT (''));
-- create "outboxes" table
CREATE TABLE `outboxes` (`seq` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `topic` text NOT NULL, `payload` text NOT NULL, `created_at` datetime NOT NULL);
-- create "releases" table
CREATE TABLE `releases` (`id` text NOT NULL, `created_at` datetime NOT NULL, `number` integer NOT NULL, `hash` text NOT NULL, `title` text NOT NULL, `notes` text NULL, `parent_id` text NULL, `author` text NOT NULL, `frontend_id` text NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `releases_frontends_releases` FOREIGN KEY (`frontend_id`) REFERENCES `frontends` (`id`) ON DELETE NO ACTION);
-- create index "release_frontend_id_number" to table: "releases"
CREATE UNIQUE INDEX `release_frontend_id_number` ON `releases` (`frontend_id`, `number`);
-- create "release_items" table
CREATE TABLE `release_items` (`id` text NOT NULL, `created_at` datetime NOT NULL, `kind` text NOT NULL, `key` text NOT NULL, `release_id` text NOT NULL, `blob_hash` text NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `release_items_releases_items` FOREIGN KEY (`release_id`) REFERENCES `releases` (`id`) ON DELETE NO ACTION, CONSTRAINT `release_items_blobs_blob` FOREIGN KEY (`blob_hash`) REFERENCES `blobs` (`hash`) ON DELETE NO ACTION);
-- create index "releaseitem_release_id_kind_key" to table: "release_items"
CREATE UNIQUE INDEX `releaseitem_release_id_kind_key` ON `release_items` (`release_id`, `kind`, `key`);
-- create "release_schedules" table
CREATE TABLE `release_schedules` (`id` text NOT NULL, `created_at` datetime NOT NULL, `base_id` text NULL, `base_sequence` integer NOT NULL, `at` datetime NOT NULL, `state` text NOT NULL DEFAULT ('PENDING'), `problem` text NULL, `actor` text NOT NULL, `environment_id` text NOT NULL, `release_id` text NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `release_schedules_environments_schedules` FOREIGN KEY (`environment_id`) REFERENCES `environments` (`id`) ON DELETE NO ACTION, CONSTRAINT `release_schedules_releases_release` FOREIGN KEY (`release_id`) REFERENCES `releases` (`id`) ON DELETE NO ACTION);
-- create index "releaseschedule_state_at" to table: "release_schedules"
CREATE INDEX `releaseschedule_state_at` ON `release_schedules` (`state`, `at`);
-- create "screens" table
CREATE TABLE `screens` (`id` text NOT NULL, `created_at` datetime NOT NULL, `key` text NOT NULL, `title` text NOT NULL, `path` text NULL, `body` text NOT NULL, `content_hash` text NOT NULL, `version` integer NOT NULL DEFAULT (1), `deleted` bool NOT NULL DEFAULT (false), `updated_at` datetime NOT NULL, `updated_by` text NULL, `frontend_id` text NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `screens_frontends_screens` FOREIGN KEY (`frontend_id`) REFERENCES `frontends` (`id`) ON DELETE NO ACTION);
-- create index "screen_frontend_id_key" to table: "screens"
CREATE UNIQUE INDEX `screen_frontend_id_key` ON `screens` (`frontend_id`, `key`);
-- create "screen_edits" table
CREATE TABLE `screen_edits` (`id` text NOT NULL, `created_at` datetime NOT NULL, `from_version` integer NOT NULL, `kind` text NOT NULL, `ops` text NOT NULL, `inverse` text NOT NULL, `actor` text NOT NULL, `screen_id` text NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `screen_edits_screens_edits` FOREIGN KEY (`screen_id`) REFERENCES `screens` (`id`) ON DELETE NO ACTION);
-- create index "screenedit_screen_id_from_version" to table: "screen_edits"
CREATE UNIQUE INDEX `screenedit_screen_id_from_version` ON `screen_edits` (`screen_id`, `from_version`);

-- +goose Down
-- reverse: create index "screenedit_screen_id_from_version" to table: "screen_edits"
DROP INDEX `screenedit_screen_id_from_version`;
-- reverse: create "screen_edits" table
DROP TABLE `screen_edits`;
-- reverse: create index "screen_frontend_id_key" to table: "screens"
DROP INDEX `screen_frontend_id_key`;
-- reverse: create "screens" table
DROP TABLE `screens`;
-- reverse: create index "releaseschedule_state_at" to table: "release_schedules"
DROP INDEX `releaseschedule_state_at`;
-- reverse: create "release_schedules" table
DROP TABLE `release_schedules`;
-- reverse: create index "releaseitem_release_id_kind_key" to table: "release_items"
DROP INDEX `releaseitem_release_id_kind_key`;
-- reverse: create "release_items" table
DROP TABLE `release_items`;
-- reverse: create index "release_frontend_id_number" to table: "releases"
DROP INDEX `release_frontend_id_number`;
-- reverse: create "releases" table
DROP TABLE `releases`;
-- reverse: create "outboxes" table
DROP TABLE `outboxes`;
-- reverse: create "ledgers" table
DROP TABLE `ledgers`;
-- reverse: create index "idempotencyrecord_created_at" to table: "idempotency_records"
DROP INDEX `idempotencyrecord_created_at`;
-- reverse: create index "idempotencyrecord_principal_mutation_key" to table: "idempotency_records"
DROP INDEX `idempotencyrecord_principal_mutation_key`;
-- reverse: create "idempotency_records" table
DROP TABLE `idempotency_records`;
-- reverse: create index "frontends_slug_key" to table: "frontends"
DROP INDEX `frontends_slug_key`;
-- reverse: create "frontends" table
DROP TABLE `frontends`;
-- reverse: create index "environment_frontend_id_key" to table: "environments"
DROP INDEX `environment_frontend_id_key`;
-- reverse: create "environments" table
DROP TABLE `environments`;
-- reverse: create index "componentversion_component_id_major_minor" to table: "component_versions"
DROP INDEX `componentversion_component_id_major_minor`;
-- reverse: create "component_versions" table
DROP TABLE `component_versions`;
-- reverse: create index "component_frontend_id_key" to table: "components"
DROP INDEX `component_frontend_id_key`;
-- reverse: create "components" table
DROP TABLE `components`;
-- reverse: create index "buildmanifest_frontend_id_hash" to table: "build_manifests"
DROP INDEX `buildmanifest_frontend_id_hash`;
-- reverse: create "build_manifests" table
DROP TABLE `build_manifests`;
-- reverse: create index "build_frontend_id_name" to table: "builds"
DROP INDEX `build_frontend_id_name`;
-- reverse: create "builds" table
DROP TABLE `builds`;
-- reverse: create "blobs" table
DROP TABLE `blobs`;
-- reverse: create index "auditentry_subject_id" to table: "audit_entries"
DROP INDEX `auditentry_subject_id`;
-- reverse: create index "audit_entries_seq_key" to table: "audit_entries"
DROP INDEX `audit_entries_seq_key`;
-- reverse: create "audit_entries" table
DROP TABLE `audit_entries`;
-- reverse: create index "activation_environment_id_sequence" to table: "activations"
DROP INDEX `activation_environment_id_sequence`;
-- reverse: create "activations" table
DROP TABLE `activations`;
