package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/pprof"
	"time"

	"usher/internal/app"
)

// profileTime is how long the site is watched.
const profileTime = 10 * time.Second

// sampleBytes is how much memory passes between two samples of a profile of the
// allocations.
const sampleBytes = 32 << 10

// measureProfile runs the site inside this program, because the real one has no
// way to be profiled, and puts it under load.
func (b *bench) measureProfile(ctx context.Context) error {
	database, err := b.database()
	if err != nil {
		return err
	}
	addr, err := freeAddr(ctx)
	if err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	p, err := b.launch(addr, b.cores.server, b.usherEnv(addr, database), self,
		rolePrefix+"usher-profile", b.profile, b.memprofile)
	if err != nil {
		return err
	}
	if p, err = p.ready(ctx); err != nil {
		return err
	}
	return errors.Join(b.loadProfile(ctx, p), p.wait())
}

func (b *bench) loadProfile(ctx context.Context, p *process) error {
	viewers, err := seat(p.addr, cpuViewers)
	if err != nil {
		return err
	}
	defer dismiss(viewers)
	a := newAudience(p.addr, b.seeded.cookies)
	if _, err := press(ctx, viewers, a, b.warmUp); err != nil {
		return err
	}
	b.say("profiling for %s", profileTime)
	if _, err := fmt.Fprintln(p.input); err != nil {
		return err
	}
	n, err := press(ctx, viewers, a, profileTime)
	b.say("%d pages were seen", n)
	return err
}

// runUsherProfile is a role: it runs the site as its program does. A line on the
// standard input starts the profile, the end of the input ends it and the site.
// args are the files for CPU and allocations, either of which may be empty.
func runUsherProfile(ctx context.Context, args []string) error {
	if len(args) != 2 {
		return errors.New("the role takes two files")
	}
	if args[1] != "" {
		runtime.MemProfileRate = sampleBytes
	}
	ctx, stop := context.WithCancel(ctx)
	done := make(chan error, 1)
	go func() {
		done <- profileBetween(args[0], args[1])
		stop()
	}()
	code := app.Run(ctx, []string{"serve"}, app.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}, os.Getenv)
	stop()
	if code != 0 {
		return fmt.Errorf("the site ended with %d", code)
	}
	return <-done
}

// profileBetween profiles from the first line of the input to its end.
func profileBetween(cpuFile, memFile string) error {
	in := bufio.NewScanner(os.Stdin)
	if !in.Scan() {
		return in.Err()
	}
	if cpuFile != "" {
		file, err := os.Create(cpuFile)
		if err != nil {
			return err
		}
		defer file.Close()
		if err := pprof.StartCPUProfile(file); err != nil {
			return err
		}
		defer pprof.StopCPUProfile()
	}
	in.Scan() // the end
	if memFile == "" {
		return nil
	}
	file, err := os.Create(memFile)
	if err != nil {
		return err
	}
	return errors.Join(pprof.Lookup("allocs").WriteTo(file, 0), file.Close())
}
