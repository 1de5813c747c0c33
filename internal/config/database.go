package config

import (
	"flag"
	"net/url"
	"path/filepath"

	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/store"
)

// Database is where things are kept.
type Database struct {
	URL         string
	Connections int    // to a PostgreSQL, of this process
	NATS        string // address of a NATS that wakes the processes on one PostgreSQL; "" for the PostgreSQL itself
	SecretKey   string // base64 of 32 bytes; "" for the file beside the database

	address store.Address
}

func (d *Database) register(f *flag.FlagSet) {
	f.StringVar(&d.URL, "database", "sqlite:data/sonata.db", "Database: sqlite: and the path of the file, or postgres://name@host:5432/database. The file and its folder are made when they are missing; a PostgreSQL can be shared by several processes.")
	f.IntVar(&d.Connections, "database-connections", 20, "Connections that this process holds to a PostgreSQL at most: 4 to 1000.")
	f.StringVar(&d.NATS, "nats", "", "Address of a NATS, nats://host:4222, by which processes on one PostgreSQL wake each other. Without one they use the PostgreSQL's notifications; either only makes it sooner.")
}

func (d *Database) check() (err error) {
	if d.address, err = store.ParseAddress(d.URL); err != nil {
		return err
	}
	if d.Connections < 4 || d.Connections > 1000 {
		return fault.Invalidf("--database-connections %d: write a number from 4 to 1000", d.Connections)
	}
	if d.NATS != "" {
		if u, err := url.Parse(d.NATS); err != nil || (u.Scheme != "nats" && u.Scheme != "tls") || u.Host == "" {
			return fault.Invalidf("--nats is no address of a NATS: write nats://host:4222, or tls:// for an encrypted connection")
		}
		if !d.address.IsPostgres() {
			return fault.Invalidf("--nats is for several processes on one PostgreSQL: leave it out with an SQLite file, which one process serves")
		}
	}
	if d.address.IsPostgres() && d.SecretKey == "" {
		return fault.Invalidf("a PostgreSQL needs the installation key in the environment variable SONATA_SECRET_KEY, the same for all processes on it: make one with `openssl rand -base64 32` and keep it")
	}
	return nil
}

// Address is where the database is.
func (d *Database) Address() store.Address { return d.address }

// Pool is how many connections to a PostgreSQL there may be.
func (d *Database) Pool() store.Pool { return store.Pool{Connections: d.Connections} }

// Dir is the folder for what is kept in files: that of the SQLite file, or data.
func (d *Database) Dir() string {
	if d.address.IsPostgres() {
		return "data"
	}
	return filepath.Dir(d.address.Path())
}
