// Package store keeps the products of the catalog in an SQLite database of their own.
package store

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	_ "github.com/mattn/go-sqlite3" // the driver "sqlite3"
)

// Product is something that is sold.
type Product struct {
	ID, Name    string
	Price       int // in cents
	Description string
	Image       string // path of its picture on this service
	Category    Category
}

// Category is what products are sorted by.
type Category struct{ ID, Name string }

// IsEntity says that other services may add fields to products: the generated code asks for it.
func (Product) IsEntity() {}

// IsEntity says the same of categories.
func (Category) IsEntity() {}

// Store is the database.
type Store struct{ db *sql.DB }

//go:embed schema.sql
var schema string

// Open opens the database in a file, which is made with a dozen products in it when it is not there.
func Open(ctx context.Context, file string) (*Store, error) {
	if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
		return nil, fmt.Errorf("make the folder of the database: %w", err)
	}
	db, err := sql.Open("sqlite3", "file:"+file+"?_journal_mode=WAL&_busy_timeout=5000&_foreign_keys=on")
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	if _, err := db.ExecContext(ctx, schema); err != nil {
		return nil, errors.Join(fmt.Errorf("prepare the database %s: %w", file, err), db.Close())
	}
	return &Store{db}, nil
}

// Close closes the database.
func (s *Store) Close() error { return s.db.Close() }

const selectProducts = `SELECT p.id, p.name, p.price, p.description, p.image, c.id, c.name FROM products p JOIN categories c ON c.id = p.category_id`

// Page returns products behind an id, in the order of ids, and how many there are in all. An empty category is all of them.
func (s *Store) Page(ctx context.Context, after, category string, limit int) (page []Product, total int, err error) {
	if err := s.db.QueryRowContext(ctx, `SELECT count(*) FROM products WHERE ?1 IN ('', category_id)`, category).Scan(&total); err != nil {
		return nil, 0, fmt.Errorf("count products: %w", err)
	}
	page, err = s.products(ctx, selectProducts+` WHERE p.id > ?1 AND ?2 IN ('', p.category_id) ORDER BY p.id LIMIT ?3`, after, category, limit)
	return page, total, err
}

// Products returns the products with these ids, by id; those that are not there are left out.
func (s *Store) Products(ctx context.Context, ids []string) (map[string]Product, error) {
	rows, err := s.products(ctx, selectProducts+` WHERE p.id IN (`+marks(len(ids))+`)`, values(ids)...)
	found := make(map[string]Product, len(rows))
	for _, p := range rows {
		found[p.ID] = p
	}
	return found, err
}

func (s *Store) products(ctx context.Context, query string, args ...any) (list []Product, err error) {
	rows, err := s.db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("read products: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var p Product
		if err := rows.Scan(&p.ID, &p.Name, &p.Price, &p.Description, &p.Image, &p.Category.ID, &p.Category.Name); err != nil {
			return nil, fmt.Errorf("read a product: %w", err)
		}
		list = append(list, p)
	}
	return list, rows.Err()
}

// Categories returns those with these ids, or all when no ids are given, by name.
func (s *Store) Categories(ctx context.Context, ids ...string) (list []Category, err error) {
	query := `SELECT id, name FROM categories`
	if len(ids) > 0 {
		query += ` WHERE id IN (` + marks(len(ids)) + `)`
	}
	rows, err := s.db.QueryContext(ctx, query+` ORDER BY name`, values(ids)...)
	if err != nil {
		return nil, fmt.Errorf("read categories: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var c Category
		if err := rows.Scan(&c.ID, &c.Name); err != nil {
			return nil, fmt.Errorf("read a category: %w", err)
		}
		list = append(list, c)
	}
	return list, rows.Err()
}

// marks are the places for so many values in a statement.
func marks(n int) string { return strings.TrimSuffix(strings.Repeat("?,", n), ",") }

func values(list []string) []any {
	out := make([]any, len(list))
	for i, v := range list {
		out[i] = v
	}
	return out
}
