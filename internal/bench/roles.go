package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
)

// rolePrefix marks the hidden first argument of this program's own processes.
const rolePrefix = "role:"

// role is what a process of this program does instead of measuring.
type role func(ctx context.Context, args []string) error

func roleOf(args []string) (run role, rest []string, ok bool) {
	if len(args) == 0 {
		return nil, nil, false
	}
	switch args[0] {
	case rolePrefix + "supplier":
		run = runSupplier
	case rolePrefix + "baseline":
		run = runBaseline
	case rolePrefix + "usher-profile":
		run = runUsherProfile
	}
	return run, args[1:], run != nil
}

// whileHeld ends with the standard input, which closes at the latest when the
// measuring process dies.
func whileHeld(ctx context.Context) context.Context {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		cancel()
	}()
	return ctx
}

// roleListener listens on the first of so many arguments.
func roleListener(ctx context.Context, args []string, want int) (net.Listener, error) {
	if len(args) != want {
		return nil, fmt.Errorf("the role takes %d arguments, not %d", want, len(args))
	}
	var lc net.ListenConfig
	return lc.Listen(ctx, "tcp", args[0])
}
