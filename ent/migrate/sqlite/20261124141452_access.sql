-- +goose Up
-- disable the enforcement of foreign-keys constraints
PRAGMA foreign_keys = off;
-- create "new_audit_entries" table
CREATE TABLE `new_audit_entries` (`id` text NOT NULL, `created_at` datetime NOT NULL, `seq` integer NOT NULL, `actor` text NOT NULL, `action` text NOT NULL, `frontend_id` text NULL, `subject_id` text NULL, `subject_label` text NOT NULL, `detail` text NOT NULL, `request_id` text NULL, `previous_hash` text NOT NULL, `hash` text NOT NULL, PRIMARY KEY (`id`));
-- copy rows from old table "audit_entries" to new temporary table "new_audit_entries"
INSERT INTO `new_audit_entries` (`id`, `created_at`, `seq`, `actor`, `action`, `subject_id`, `subject_label`, `detail`, `request_id`, `previous_hash`, `hash`) SELECT `id`, `created_at`, `seq`, `actor`, `action`, `subject_id`, `subject_label`, `detail`, `request_id`, `previous_hash`, `hash` FROM `audit_entries`;
-- drop "audit_entries" table after copying rows
DROP TABLE `audit_entries`;
-- rename temporary table "new_audit_entries" to "audit_entries"
ALTER TABLE `new_audit_entries` RENAME TO `audit_entries`;
-- create index "audit_entries_seq_key" to table: "audit_entries"
CREATE UNIQUE INDEX `audit_entries_seq_key` ON `audit_entries` (`seq`);
-- create index "auditentry_subject_id" to table: "audit_entries"
CREATE INDEX `auditentry_subject_id` ON `audit_entries` (`subject_id`);
-- create index "auditentry_frontend_id" to table: "audit_entries"
CREATE INDEX `auditentry_frontend_id` ON `audit_entries` (`frontend_id`);
-- create "api_keys" table
CREATE TABLE `api_keys` (`id` text NOT NULL, `created_at` datetime NOT NULL, `name` text NOT NULL, `prefix` text NOT NULL, `secret_hash` text NOT NULL, `scopes` json NOT NULL, `environments` json NOT NULL, `services` json NOT NULL, `publishable` bool NOT NULL, `requests_per_minute` integer NULL, `created_by` text NOT NULL, `used_at` datetime NULL, `expires_at` datetime NULL, `revoked_at` datetime NULL, `frontend_id` text NULL, PRIMARY KEY (`id`), CONSTRAINT `api_keys_frontends_api_keys` FOREIGN KEY (`frontend_id`) REFERENCES `frontends` (`id`) ON DELETE SET NULL);
-- create index "api_keys_prefix_key" to table: "api_keys"
CREATE UNIQUE INDEX `api_keys_prefix_key` ON `api_keys` (`prefix`);
-- create index "api_keys_secret_hash_key" to table: "api_keys"
CREATE UNIQUE INDEX `api_keys_secret_hash_key` ON `api_keys` (`secret_hash`);
-- create "members" table
CREATE TABLE `members` (`id` text NOT NULL, `created_at` datetime NOT NULL, `email` text NOT NULL, `name` text NOT NULL, `password_hash` text NOT NULL DEFAULT (''), `grants` text NOT NULL, `last_signed_in_at` datetime NULL, PRIMARY KEY (`id`));
-- create index "members_email_key" to table: "members"
CREATE UNIQUE INDEX `members_email_key` ON `members` (`email`);
-- create "member_links" table
CREATE TABLE `member_links` (`id` text NOT NULL, `created_at` datetime NOT NULL, `token_hash` text NOT NULL, `expires_at` datetime NOT NULL, `member_id` text NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `member_links_members_links` FOREIGN KEY (`member_id`) REFERENCES `members` (`id`) ON DELETE NO ACTION);
-- create index "member_links_token_hash_key" to table: "member_links"
CREATE UNIQUE INDEX `member_links_token_hash_key` ON `member_links` (`token_hash`);
-- create "refusals" table
CREATE TABLE `refusals` (`id` text NOT NULL, `created_at` datetime NOT NULL, `minute` datetime NOT NULL, `caller` text NOT NULL, `actor` text NOT NULL, `action` text NOT NULL, `code` text NOT NULL, `count` integer NOT NULL DEFAULT (0), PRIMARY KEY (`id`));
-- create index "refusal_minute_caller_action_code" to table: "refusals"
CREATE UNIQUE INDEX `refusal_minute_caller_action_code` ON `refusals` (`minute`, `caller`, `action`, `code`);
-- create "sessions" table
CREATE TABLE `sessions` (`id` text NOT NULL, `created_at` datetime NOT NULL, `token_hash` text NOT NULL, `expires_at` datetime NOT NULL, `used_at` datetime NOT NULL, `member_id` text NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `sessions_members_sessions` FOREIGN KEY (`member_id`) REFERENCES `members` (`id`) ON DELETE NO ACTION);
-- create index "sessions_token_hash_key" to table: "sessions"
CREATE UNIQUE INDEX `sessions_token_hash_key` ON `sessions` (`token_hash`);
-- create index "session_expires_at" to table: "sessions"
CREATE INDEX `session_expires_at` ON `sessions` (`expires_at`);
-- enable back the enforcement of foreign-keys constraints
PRAGMA foreign_keys = on;

-- +goose Down
-- reverse: create index "session_expires_at" to table: "sessions"
DROP INDEX `session_expires_at`;
-- reverse: create index "sessions_token_hash_key" to table: "sessions"
DROP INDEX `sessions_token_hash_key`;
-- reverse: create "sessions" table
DROP TABLE `sessions`;
-- reverse: create index "refusal_minute_caller_action_code" to table: "refusals"
DROP INDEX `refusal_minute_caller_action_code`;
-- reverse: create "refusals" table
DROP TABLE `refusals`;
-- reverse: create index "member_links_token_hash_key" to table: "member_links"
DROP INDEX `member_links_token_hash_key`;
-- reverse: create "member_links" table
DROP TABLE `member_links`;
-- reverse: create index "members_email_key" to table: "members"
DROP INDEX `members_email_key`;
-- reverse: create "members" table
DROP TABLE `members`;
-- reverse: create index "api_keys_secret_hash_key" to table: "api_keys"
DROP INDEX `api_keys_secret_hash_key`;
-- reverse: create index "api_keys_prefix_key" to table: "api_keys"
DROP INDEX `api_keys_prefix_key`;
-- reverse: create "api_keys" table
DROP TABLE `api_keys`;
-- reverse: create index "auditentry_frontend_id" to table: "audit_entries"
DROP INDEX `auditentry_frontend_id`;
-- reverse: create index "auditentry_subject_id" to table: "audit_entries"
DROP INDEX `auditentry_subject_id`;
-- reverse: create index "audit_entries_seq_key" to table: "audit_entries"
DROP INDEX `audit_entries_seq_key`;
-- reverse: create "new_audit_entries" table
DROP TABLE `new_audit_entries`;
