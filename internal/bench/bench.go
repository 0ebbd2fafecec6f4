package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

// bench is one run: a folder that is thrown away, the built program, the
// supplier and a database that each measured process gets a copy of.
type bench struct {
	options
	progress io.Writer
	folder   string
	program  string // the built usher
	cores    cores
	supplier *supplierProcess
	seeded   seeded
	copies   int
}

// newBench builds, starts the supplier and fills the database. It ends by
// moving this process to the load's core.
func newBench(ctx context.Context, o options, progress io.Writer) (*bench, error) {
	folder, err := os.MkdirTemp("", "usher-bench-")
	if err != nil {
		return nil, err
	}
	b := &bench{options: o, progress: progress, folder: folder, program: filepath.Join(folder, "usher")}
	if err := b.prepare(ctx); err != nil {
		return nil, errors.Join(err, b.close())
	}
	return b, nil
}

func (b *bench) prepare(ctx context.Context) (err error) {
	if b.cores, err = chooseCores(); err != nil {
		return err
	}
	b.say("%s", b.cores)
	b.say("building the program")
	build := exec.CommandContext(ctx, "go", "build", "-o", b.program, "usher")
	if text, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("go build, which needs the source around it: %w\n%s", err, text)
	}
	if b.supplier, err = b.startSupplier(ctx); err != nil {
		return err
	}
	b.say("filling the database: %d people, %d sessions", seedUsers, seedSessions)
	if b.seeded, err = seed(ctx, filepath.Join(b.folder, "seeded.db"), b.supplier.url()); err != nil {
		return err
	}
	return b.cores.takeLoadCore()
}

// close ends the supplier and removes everything.
func (b *bench) close() error {
	var err error
	if b.supplier != nil {
		err = b.supplier.stop()
	}
	return errors.Join(err, os.RemoveAll(b.folder))
}

// measure fills the table, or only writes the profiles if some were asked for.
func (b *bench) measure(ctx context.Context, table *report) error {
	if b.profile != "" || b.memprofile != "" {
		return b.measureProfile(ctx)
	}
	for _, part := range []struct {
		name string
		run  func(context.Context, *report) error
	}{
		{"CPU per request", b.measureCPU},
		{"time to first byte", b.measureLatency},
		{"cold start", b.measureStart},
		{"idle memory and page weight", b.measureRest},
	} {
		b.say("%s", part.name)
		if err := part.run(ctx, table); err != nil {
			return fmt.Errorf("%s: %w", part.name, err)
		}
	}
	return nil
}

func (b *bench) say(format string, args ...any) {
	fmt.Fprintf(b.progress, format+" …\n", args...)
}

// database is a fresh copy of the filled database.
func (b *bench) database() (string, error) {
	content, err := os.ReadFile(b.seeded.path)
	if err != nil {
		return "", err
	}
	b.copies++
	path := filepath.Join(b.folder, fmt.Sprintf("usher-%d.db", b.copies))
	return path, os.WriteFile(path, content, 0o600)
}
