package cli

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"

	"sonata.ai/sonata/internal/canonical"
	"sonata.ai/sonata/internal/store"
)

const auditHelp = `sonata audit verify - recompute the hash chain of the audit log

  sonata audit verify                          # says how many entries hold, and the head of the chain
  sonata audit verify --head sha256:…          # also: a head that was noted earlier is still in the chain

It reads the database and changes nothing, so it may run beside the server or on a backup. It ends with exit code 1
and names the first entry that was altered, removed or added. Who can write the whole database can write the whole chain
anew: note heads at another place from time to time, and give one with --head.
`

func audit(ctx context.Context, args, environ []string, stdout io.Writer) error {
	if len(args) == 0 || args[0] != "verify" {
		if len(args) > 0 && (args[0] == "help" || args[0] == "--help" || args[0] == "-h") {
			fmt.Fprint(stdout, auditHelp)
			return nil
		}
		return usagef("say what to do with the audit log: sonata audit verify")
	}
	flags := flag.NewFlagSet("sonata audit verify", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	database := flags.String("database", databaseSetting(environ), "database, as for sonata serve")
	head := flags.String("head", "", "head that was noted earlier")
	if err := flags.Parse(args[1:]); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			fmt.Fprint(stdout, auditHelp)
			return nil
		}
		return usagef("%s: run `sonata audit help`", err)
	}
	if flags.NArg() > 0 {
		return usagef("%q is not a flag: run `sonata audit help`", flags.Arg(0))
	}
	if *head != "" && !canonical.IsHash(*head) {
		return usagef("--head is a hash as `sonata audit verify` printed it: sha256: and 64 hex digits")
	}
	return verifyAudit(ctx, *database, *head, stdout)
}

func verifyAudit(ctx context.Context, database, head string, stdout io.Writer) error {
	address, err := store.ParseAddress(database)
	if err != nil {
		return err
	}
	chain, err := store.VerifyChain(ctx, address, head)
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "the audit log holds: %d entries\n", chain.Entries)
	if chain.Head != "" {
		fmt.Fprintf(stdout, "head %s\n", chain.Head)
	}
	if head != "" {
		fmt.Fprintf(stdout, "the head that was noted is that of entry %d\n", chain.Noted)
	}
	return nil
}

// databaseSetting is where the server keeps things unless a flag says otherwise.
func databaseSetting(environ []string) string {
	return cmp.Or(variable(environ, "SONATA_DATABASE"), "sqlite:data/sonata.db")
}
