// Package ent is storage, generated from the shapes in ent/schema.
package ent

//go:generate go tool ent generate --feature sql/upsert ./schema
