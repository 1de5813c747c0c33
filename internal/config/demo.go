package config

import (
	"flag"

	"sonata.ai/sonata/internal/fault"
)

// Demo says whether the demo frontend `shop` is seeded.
type Demo struct{ Mode string }

func (d *Demo) register(f *flag.FlagSet) {
	f.StringVar(&d.Mode, "demo", "auto", "Seed the demo frontend `shop`: auto (into the empty database of a development server), on (unless there is one), off.")
}

func (d *Demo) check() error {
	switch d.Mode {
	case "auto", "on", "off":
		return nil
	}
	return fault.Invalidf("--demo %q: choose auto, on or off", d.Mode)
}
