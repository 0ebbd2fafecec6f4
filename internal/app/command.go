// Package app wires the program together: its commands, its life cycle and its
// background jobs. It is the only package that knows all the others.
package app

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"

	"usher/internal/config"
	"usher/paywall"
)

// Streams are where a command reads and writes.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
}

// env is what every command is given.
type env struct {
	Streams
	getenv config.Getenv
}

// command is one row of the table of commands.
type command struct {
	name string
	help string
	run  func(ctx context.Context, e env, args []string) error
}

func commands() []command {
	return []command{
		{"demo", "try Usher: a site with people, items and a stand-in for Infomaniak", runDemo},
		{"serve", "run the site; settings come from the environment, see config", runServe},
		{"sandbox", "run only the stand-in for Infomaniak", runSandbox},
		{"setup-link", "print a new address to set a site up that has no owner yet", runSetupLink},
		{"user create-admin", "make an owner's account", createUser(paywall.RoleOwner)},
		{"user create", "make a listener's account", createUser(paywall.RoleMember)},
		{"user reset-password", "set a new password and sign the person out everywhere", runResetPassword},
		{"user unlock", "let the counters of wrong tries begin anew", runUnlock},
		{"user login-link", "print a link that signs the person in once", runLoginLink},
		{"why", "say whether somebody may play an item, and why; exit code 0 or 3", runWhy},
		{"config", "list all settings with their present values", runConfig},
		{"healthcheck", "ask the running site whether it is well; exit code 0 or 1", runHealthcheck},
		{"version", "print the version", runVersion},
	}
}

// Exit codes.
const (
	exitOK      = 0
	exitError   = 1
	exitUsage   = 2
	exitRefused = 3
)

// errUsage marks a command line that does not make sense.
var errUsage = errors.New("wrong use")

// errRefused is the answer no of a command that has printed it already.
var errRefused = errors.New("refused")

// Run runs the command that args name and answers the exit code.
func Run(ctx context.Context, args []string, streams Streams, getenv config.Getenv) int {
	e := env{Streams: streams, getenv: getenv}
	run, rest, ok := find(args)
	if !ok {
		usage(e.Err)
		return exitUsage
	}
	err := run(ctx, e, rest)
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return exitOK
	case errors.Is(err, errUsage):
		fmt.Fprintln(e.Err, err)
		return exitUsage
	case errors.Is(err, errRefused):
		return exitRefused
	}
	fmt.Fprintln(e.Err, "usher:", cause(err))
	return exitError
}

// cause says what does not answer. The message for visitors, which stands in
// front of it, is no words yet.
func cause(err error) error {
	var known *paywall.Error
	if errors.As(err, &known) && known.Kind == paywall.KindUnavailable && known.Err != nil {
		return known.Err
	}
	return err
}

// find looks for the command of one or two words at the front of args.
func find(args []string) (run func(context.Context, env, []string) error, rest []string, ok bool) {
	for words := min(2, len(args)); words > 0; words-- {
		name := args[0]
		if words == 2 {
			name += " " + args[1]
		}
		for _, c := range commands() {
			if c.name == name {
				return c.run, args[words:], true
			}
		}
	}
	return nil, nil, false
}

func usage(w io.Writer) {
	fmt.Fprint(w, "Usher, a paywall for Infomaniak radio and video.\n\nusher <command> [options]\n\n")
	for _, c := range commands() {
		fmt.Fprintf(w, "  %-20s %s\n", c.name, c.help)
	}
}

// flags makes a flag set that reports mistakes as errUsage.
func (e env) flags(name string) *flag.FlagSet {
	set := flag.NewFlagSet("usher "+name, flag.ContinueOnError)
	set.SetOutput(e.Err)
	return set
}

// parse reads the flags of a command that takes no other arguments.
func parse(set *flag.FlagSet, args []string) error {
	if err := set.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return err
		}
		return fmt.Errorf("%w: %w", errUsage, err)
	}
	if set.NArg() > 0 {
		return fmt.Errorf("%w: %s does not take %q", errUsage, set.Name(), set.Arg(0))
	}
	return nil
}
