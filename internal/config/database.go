package config

import (
	"flag"
	"path/filepath"

	"sonata.ai/sonata/internal/store"
)

// Database is where things are kept.
type Database struct {
	URL       string
	SecretKey string // base64 of 32 bytes; "" for the file beside the database

	path string
}

func (d *Database) register(f *flag.FlagSet) {
	f.StringVar(&d.URL, "database", "sqlite:data/sonata.db", "Database: sqlite: and the path of the file. The file and its folder are made when they are missing.")
}

func (d *Database) check() (err error) {
	d.path, err = store.ParseURL(d.URL)
	return err
}

// Path is the file of the database.
func (d *Database) Path() string { return d.path }

// Dir is the folder of the database file.
func (d *Database) Dir() string { return filepath.Dir(d.path) }
