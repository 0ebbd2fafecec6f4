package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"syscall"
	"time"
)

const (
	// startLimit is how long a process may take until it answers.
	startLimit = 10 * time.Second
	// stopLimit is how long it may take to end.
	stopLimit = 5 * time.Second
	// pollEvery is how often a process that starts is asked.
	pollEvery = 200 * time.Microsecond
)

// process is a running server of this run.
type process struct {
	addr  string
	cmd   *exec.Cmd
	input io.WriteCloser
	said  *bytes.Buffer // to be read after the end only
	began time.Time     // just before it was started
}

func (p *process) pid() int { return p.cmd.Process.Pid }

// startRole starts this program in a role, with a free address as the first of
// its arguments, and waits until it listens.
func (b *bench) startRole(ctx context.Context, name string, core int, env []string, args ...string) (*process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	addr, err := freeAddr(ctx)
	if err != nil {
		return nil, err
	}
	p, err := b.launch(addr, core, env, self, append([]string{rolePrefix + name, addr}, args...)...)
	if err != nil {
		return nil, err
	}
	return p.ready(ctx)
}

// startUsher starts the real program on a copy of the filled database.
func (b *bench) startUsher(ctx context.Context) (*process, error) {
	database, err := b.database()
	if err != nil {
		return nil, err
	}
	p, err := b.launchUsher(ctx, database)
	if err != nil {
		return nil, err
	}
	return p.ready(ctx)
}

func (b *bench) launchUsher(ctx context.Context, database string) (*process, error) {
	addr, err := freeAddr(ctx)
	if err != nil {
		return nil, err
	}
	return b.launch(addr, b.cores.server, b.usherEnv(addr, database), b.program, "serve")
}

// usherEnv points a site at the supplier, with a budget that nobody uses up.
func (b *bench) usherEnv(addr, database string) []string {
	supplier := b.supplier.url()
	return []string{
		"USHER_ADDR=" + addr,
		"USHER_BASE_URL=http://" + addr,
		"USHER_DATABASE_URL=sqlite:" + database,
		"USHER_SITE_NAME=Radio Lumière",
		"USHER_LOG_LEVEL=warn",
		"USHER_INFOMANIAK_TOKEN=" + apiToken,
		"USHER_INFOMANIAK_API_URL=" + supplier,
		"USHER_INFOMANIAK_VOD_URL=" + supplier,
		"USHER_INFOMANIAK_PLAYER_URL=" + supplier,
		"USHER_MEDIA_HOSTS=" + supplier,
		"USHER_MINTS_PER_MINUTE=100000000",
	}
}

// launch starts a process on a core without waiting for it. Nothing of this
// process's environment reaches it.
func (b *bench) launch(addr string, core int, env []string, program string, args ...string) (*process, error) {
	p := &process{addr: addr, cmd: exec.Command(program, args...), said: new(bytes.Buffer)}
	p.cmd.Env = append([]string{"HOME=" + b.folder}, env...)
	if b.cores.pinned {
		p.cmd.Env = append(p.cmd.Env, "GOMAXPROCS=1")
	}
	p.cmd.Stdout, p.cmd.Stderr = p.said, p.said
	var err error
	if p.input, err = p.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	p.began = time.Now()
	if err := b.cores.start(p.cmd, core); err != nil {
		return nil, err
	}
	return p, nil
}

// ready waits until the process listens.
func (p *process) ready(ctx context.Context) (*process, error) {
	err := p.poll(ctx, func() error {
		conn, err := net.Dial("tcp", p.addr)
		if err != nil {
			return err
		}
		return conn.Close()
	})
	if err != nil {
		return nil, errors.Join(err, p.stop())
	}
	return p, nil
}

// poll tries something until it works.
func (p *process) poll(ctx context.Context, try func() error) error {
	limit := time.Now().Add(startLimit)
	for {
		err := try()
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil:
			return ctx.Err()
		case time.Now().After(limit):
			return fmt.Errorf("%s does not answer: %w", p.cmd, err)
		}
		time.Sleep(pollEvery)
	}
}

// stop asks the process to end and waits for it.
func (p *process) stop() error {
	_ = p.cmd.Process.Signal(syscall.SIGTERM) // it may have ended by itself
	return p.wait()
}

// wait lets go of the process's input and waits for its end.
func (p *process) wait() error {
	late := time.AfterFunc(stopLimit, func() { _ = p.cmd.Process.Kill() })
	defer late.Stop()
	_ = p.input.Close()
	if err := p.cmd.Wait(); err != nil {
		return fmt.Errorf("%s: %w\n%s", p.cmd, err, p.said)
	}
	return nil
}

// freeAddr is an address on which nobody listens now.
func freeAddr(ctx context.Context) (string, error) {
	var lc net.ListenConfig
	listener, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return listener.Addr().String(), listener.Close()
}
