// Package config reads the settings of the server: flags, else environment variables, else defaults. One file per
// section holds its fields, defaults and checks.
package config

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"

	"sonata.ai/sonata/internal/fault"
)

// prefix begins the environment variable of every setting: --listen is SONATA_LISTEN.
const prefix = "SONATA_"

// Config is every setting of `sonata serve`.
type Config struct {
	Server   Server
	Database Database
	Assets   Assets
	Limits   Limits
	Safelist Safelist
	Services Services
	Demo     Demo
	Log      Log
}

// section is one group of settings.
type section interface {
	register(f *flag.FlagSet)
	check() error
}

func (c *Config) sections() []section {
	return []section{&c.Server, &c.Database, &c.Assets, &c.Limits, &c.Safelist, &c.Services, &c.Demo, &c.Log}
}

// envOnly are the variables that have no flag, since the arguments of a process can be seen by everybody.
func envOnly() map[string]func(*Config) *string {
	return map[string]func(*Config) *string{
		"SONATA_SECRET_KEY":        func(c *Config) *string { return &c.Database.SecretKey },
		"SONATA_ASSETS_ACCESS_KEY": func(c *Config) *string { return &c.Assets.AccessKey },
		"SONATA_ASSETS_SECRET_KEY": func(c *Config) *string { return &c.Assets.SecretKey },
	}
}

// Load reads args and environ ("NAME=value" each). A flag wins over its variable. Unknown flags, unknown variables
// that begin with SONATA_ and values that make no sense are faults of kind Invalid; flag.ErrHelp means that help was
// asked for and written to usage.
func Load(args, environ []string, usage io.Writer) (*Config, error) {
	c := &Config{}
	flags := flag.NewFlagSet("sonata serve", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	for _, s := range c.sections() {
		s.register(flags)
	}
	if err := fromEnvironment(c, flags, environ); err != nil {
		return nil, err
	}
	for _, arg := range args {
		name, _, _ := strings.Cut(strings.TrimLeft(arg, "-"), "=")
		if instead, was := gone(name); was && strings.HasPrefix(arg, "-") {
			return nil, fault.Invalidf("--%s is gone: %s", name, instead)
		}
	}
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			flags.SetOutput(usage)
			writeUsage(usage, flags)
			return nil, err
		}
		return nil, fault.Invalidf("%s: run `sonata help` for the settings", err)
	}
	if flags.NArg() > 0 {
		return nil, fault.Invalidf("%q is not a setting: run `sonata help`", flags.Arg(0))
	}
	for _, s := range c.sections() {
		if err := s.check(); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// gone says what to do instead of a setting that there was.
func gone(name string) (instead string, was bool) {
	if name == "insecure" {
		return "set --public-url to the address that people use, with --tls-cert and --tls-key or behind --trusted-proxies; people then sign in, and machines send an API key", true
	}
	return "", false
}

func fromEnvironment(c *Config, flags *flag.FlagSet, environ []string) error {
	for _, pair := range environ {
		name, value, _ := strings.Cut(pair, "=")
		if !strings.HasPrefix(name, prefix) || name == "SONATA_WEB_DEV" || name == "SONATA_API_KEY" { // read by development builds of the pages, and by commands that call a server
			continue
		}
		if target, ok := envOnly()[name]; ok {
			*target(c) = value
			continue
		}
		setting := strings.ReplaceAll(strings.ToLower(strings.TrimPrefix(name, prefix)), "_", "-")
		if instead, was := gone(setting); was {
			return fault.Invalidf("the environment variable %s is gone: %s", name, instead)
		}
		if flags.Lookup(setting) == nil {
			return fault.Invalidf("the environment variable %s is not a setting: unset it, or run `sonata help` for those that are", name)
		}
		if err := flags.Set(setting, value); err != nil {
			return fault.Invalidf("the environment variable %s: %q is not a valid value", name, value)
		}
	}
	return nil
}

func writeUsage(w io.Writer, flags *flag.FlagSet) {
	fmt.Fprint(w, "Settings of `sonata serve`. Each flag has an environment variable; the flag wins.\n\n")
	flags.VisitAll(func(f *flag.Flag) {
		variable := prefix + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))
		fmt.Fprintf(w, "  --%s  (%s, default %q)\n      %s\n", f.Name, variable, f.DefValue, f.Usage)
	})
	fmt.Fprint(w, "\n  SONATA_SECRET_KEY  (no flag)\n      Installation key, base64 of 32 bytes. Default: the file secret.key beside the database, made at the first start.\n")
	fmt.Fprint(w, "  SONATA_ASSETS_ACCESS_KEY, SONATA_ASSETS_SECRET_KEY  (no flag)\n      Keys of the bucket that --assets names.\n")
}
