// Command bench measures what Usher costs: the CPU of a player page beside that
// of a bare handler, the time to the first byte behind a slow supplier, the
// start, the memory and the weight of a page.
//
//	go run ./internal/bench            everything, about a minute and a half
//	go run ./internal/bench -quick     the same, shorter, for a smoke test
//	go run ./internal/bench -profile cpu.out [-memprofile mem.out]
//	go run ./internal/bench fill FILE  a database of a big station, see runFill
//	go run ./internal/bench lists FILE the pages of the owner area on it
//
// It builds the real program and runs it on one core; the load and the stand-in
// for the supplier share another one. All traffic stays on 127.0.0.1.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// runLimit ends a run that hangs.
const runLimit = 5 * time.Minute

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
	case errors.Is(err, errUsage):
		os.Exit(2) // the flag package has said why
	default:
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

var (
	errUsage  = errors.New("wrong use")
	errMissed = errors.New("a goal was missed")
)

func run(ctx context.Context, args []string, out, progress io.Writer) error {
	if role, rest, ok := roleOf(args); ok {
		return role(ctx, rest)
	}
	if len(args) > 0 && args[0] == "fill" {
		return runFill(ctx, args[1:], out)
	}
	if len(args) > 0 && args[0] == "lists" {
		return runLists(ctx, args[1:], out)
	}
	o, err := parseOptions(args, progress)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, runLimit)
	defer cancel()
	b, err := newBench(ctx, o, progress)
	if err != nil {
		return err
	}
	var table report
	err = errors.Join(b.measure(ctx, &table), b.close())
	table.write(out)
	if err == nil && o.strict && table.missed() {
		err = errMissed
	}
	return err
}

// options are the command line and the sizes that follow from it.
type options struct {
	strict              bool
	profile, memprofile string
	sizes
}

// sizes are how much is measured.
//
// The measured rounds of one process must end within a minute: a bigger budget
// of mints has leases of a twelfth of a minute's calls each, of which only
// twelve fit in the ledger.
type sizes struct {
	rounds, starts, bursts        int
	warmUp, round, steady, settle time.Duration
}

var (
	fullSizes = sizes{
		rounds: 5, starts: 10, bursts: 3,
		warmUp: 2 * time.Second, round: 3 * time.Second, steady: 10 * time.Second, settle: 2 * time.Second,
	}
	quickSizes = sizes{
		rounds: 2, starts: 3, bursts: 1,
		warmUp: 500 * time.Millisecond, round: 700 * time.Millisecond, steady: 2 * time.Second, settle: time.Second,
	}
)

func parseOptions(args []string, errs io.Writer) (options, error) {
	o := options{sizes: fullSizes}
	set := flag.NewFlagSet("bench", flag.ContinueOnError)
	set.SetOutput(errs)
	quick := set.Bool("quick", false, "measure everything, but shortly")
	set.BoolVar(&o.strict, "strict", false, "exit with 1 when a goal is missed")
	set.StringVar(&o.profile, "profile", "", "only write a CPU profile of the site under load to this `file`")
	set.StringVar(&o.memprofile, "memprofile", "", "only write a profile of its allocations to this `file`")
	if err := set.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return o, err
		}
		return o, fmt.Errorf("%w: %w", errUsage, err)
	}
	if set.NArg() > 0 {
		fmt.Fprintf(errs, "bench does not take %q\n", set.Arg(0))
		return o, errUsage
	}
	if *quick {
		o.sizes = quickSizes
	}
	return o, nil
}
