-- +goose Up
-- create "allowances" table
CREATE TABLE `allowances` (`id` text NOT NULL, `last` integer NOT NULL DEFAULT (0), `counts` blob NULL, PRIMARY KEY (`id`));
-- create "sign_in_failures" table
CREATE TABLE `sign_in_failures` (`id` text NOT NULL, `began` datetime NOT NULL, `count` integer NOT NULL DEFAULT (0), PRIMARY KEY (`id`));
-- create index "signinfailure_began" to table: "sign_in_failures"
CREATE INDEX `signinfailure_began` ON `sign_in_failures` (`began`);

-- +goose Down
-- reverse: create index "signinfailure_began" to table: "sign_in_failures"
DROP INDEX `signinfailure_began`;
-- reverse: create "sign_in_failures" table
DROP TABLE `sign_in_failures`;
-- reverse: create "allowances" table
DROP TABLE `allowances`;
