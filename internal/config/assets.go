package config

import (
	"flag"
	"net/url"
	"path/filepath"
	"strings"

	"sonata.ai/sonata/internal/fault"
)

// Assets is where pictures are kept.
type Assets struct {
	URL       string
	AccessKey string // of S3
	SecretKey string

	dir string // "" for S3
	S3  S3
}

// S3 is a bucket of a service that speaks the protocol of Amazon S3.
type S3 struct {
	Bucket, Prefix string
	Endpoint       string // host, with port when it is not the usual one
	Secure         bool   // https
	Region         string
}

// besideDatabase is the default: the folder is known once the database is.
const besideDatabase = ""

func (a *Assets) register(f *flag.FlagSet) {
	f.StringVar(&a.URL, "assets", besideDatabase, "Where pictures are kept: file: and a folder, or s3://bucket/prefix?region=…&endpoint=https://host. Default: the folder assets beside the database. The keys of S3 are SONATA_ASSETS_ACCESS_KEY and SONATA_ASSETS_SECRET_KEY.")
}

func (a *Assets) check() error {
	scheme, rest, _ := strings.Cut(a.URL, ":")
	switch {
	case a.URL == besideDatabase:
		return nil
	case scheme == "file" && strings.TrimPrefix(rest, "//") != "":
		a.dir = filepath.Clean(strings.TrimPrefix(rest, "//"))
		return nil
	case scheme == "s3":
		return a.checkS3()
	}
	return fault.Invalidf("--assets %q: write file: and a folder, or s3://bucket/prefix?region=eu-central-1", a.shown())
}

func (a *Assets) checkS3() error {
	u, err := url.Parse(a.URL)
	if err != nil || u.Host == "" || u.User != nil {
		return fault.Invalidf("--assets %q: write s3://bucket/prefix?region=eu-central-1; the keys are set by SONATA_ASSETS_ACCESS_KEY and SONATA_ASSETS_SECRET_KEY", a.shown())
	}
	a.S3 = S3{Bucket: u.Host, Prefix: strings.Trim(u.Path, "/"), Secure: true, Region: u.Query().Get("region")}
	for name := range u.Query() {
		if name != "region" && name != "endpoint" {
			return fault.Invalidf("--assets: %q is no setting of S3: there are region and endpoint", name)
		}
	}
	if a.S3.Region == "" {
		a.S3.Region = "us-east-1"
	}
	a.S3.Endpoint = "s3." + a.S3.Region + ".amazonaws.com"
	if endpoint := u.Query().Get("endpoint"); endpoint != "" {
		e, err := url.Parse(endpoint)
		if err != nil || e.Host == "" || e.Scheme != "http" && e.Scheme != "https" || strings.Trim(e.Path, "/") != "" || e.User != nil {
			return fault.Invalidf("--assets: write endpoint as scheme and host, for instance https://s3.example or http://127.0.0.1:7070")
		}
		a.S3.Endpoint, a.S3.Secure = e.Host, e.Scheme == "https"
	}
	if a.AccessKey == "" || a.SecretKey == "" {
		return fault.Invalidf("--assets %s needs the keys of the bucket: set SONATA_ASSETS_ACCESS_KEY and SONATA_ASSETS_SECRET_KEY", a.shown())
	}
	return nil
}

// shown is the setting without what somebody may have written into it by mistake.
func (a *Assets) shown() string {
	if u, err := url.Parse(a.URL); err == nil {
		return u.Redacted()
	}
	return "s3:…"
}

// AssetsDir is the folder of the pictures, or "" when they are in S3.
func (c *Config) AssetsDir() string {
	if c.Assets.URL == besideDatabase {
		return filepath.Join(c.Database.Dir(), "assets")
	}
	return c.Assets.dir
}
