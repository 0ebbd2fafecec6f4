// Usher is a self-hosted paywall for Infomaniak radio and video.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"usher/internal/app"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := app.Run(ctx, os.Args[1:], app.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}, os.Getenv)
	stop()
	os.Exit(code)
}
