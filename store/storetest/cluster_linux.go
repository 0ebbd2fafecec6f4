package storetest

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Main runs the tests of a package that uses Postgres and stops the throwaway
// server afterwards. Call it from TestMain. (A package that forgets this leaves
// a folder behind, which the next run clears away.)
func Main(m *testing.M) {
	code := m.Run()
	stopCluster()
	os.Exit(code)
}

// The one server of this process, started when first needed.
var (
	clusterMu   sync.Mutex
	clusterURL  string
	clusterErr  error
	clusterStop func()
)

func theCluster() (string, error) {
	clusterMu.Lock()
	defer clusterMu.Unlock()
	if clusterURL == "" && clusterErr == nil {
		clusterURL, clusterStop, clusterErr = startCluster()
	}
	return clusterURL, clusterErr
}

func stopCluster() {
	clusterMu.Lock()
	defer clusterMu.Unlock()
	if clusterStop != nil {
		clusterStop()
	}
}

const clusterPrefix = "usher-pg-"

func startCluster() (address string, stop func(), err error) {
	bin, err := postgresBin()
	if err != nil {
		return "", nil, err
	}
	clearDeadClusters()
	dir, err := os.MkdirTemp("", fmt.Sprintf("%s%d-", clusterPrefix, os.Getpid()))
	if err != nil {
		return "", nil, err
	}
	stop = func() { _ = os.RemoveAll(dir) }
	attr, err := unprivileged(dir)
	if err == nil {
		err = initCluster(bin, dir, attr)
	}
	if err != nil {
		stop()
		return "", nil, err
	}
	kill, err := serve(bin, dir, attr)
	if err != nil {
		stop()
		return "", nil, err
	}
	stop = func() { kill(); _ = os.RemoveAll(dir) }
	u := url.URL{Scheme: "postgres", User: url.User("usher"), Path: "/postgres"}
	u.RawQuery = url.Values{"host": {dir}}.Encode()
	if err := waitReady(u.String()); err != nil {
		stop()
		return "", nil, fmt.Errorf("%w\n%s", err, readLog(dir))
	}
	return u.String(), stop, nil
}

// postgresBin finds the folder with initdb and postgres, the newest one when
// Debian installed several.
func postgresBin() (string, error) {
	var dirs []string
	if path, err := exec.LookPath("initdb"); err == nil {
		dirs = append(dirs, filepath.Dir(path))
	}
	debian, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	slices.Reverse(debian)
	for _, dir := range append(dirs, debian...) {
		if _, err := exec.LookPath(filepath.Join(dir, "postgres")); err == nil {
			return dir, nil
		}
	}
	return "", errors.New("initdb and postgres are not installed")
}

// unprivileged makes PostgreSQL run as somebody else when we are root, which it
// refuses, and gives that user the folder.
func unprivileged(dir string) (*syscall.SysProcAttr, error) {
	attr := &syscall.SysProcAttr{Pdeathsig: syscall.SIGQUIT}
	if os.Getuid() != 0 {
		return attr, nil
	}
	uid, gid, err := somebodyElse()
	if err != nil {
		return nil, err
	}
	attr.Credential = &syscall.Credential{Uid: uid, Gid: gid}
	return attr, os.Chown(dir, int(uid), int(gid))
}

func somebodyElse() (uid, gid uint32, err error) {
	for _, name := range []string{"postgres", "nobody"} {
		who, lookup := user.Lookup(name)
		if lookup != nil {
			err = lookup
			continue
		}
		u, err1 := strconv.ParseUint(who.Uid, 10, 32)
		g, err2 := strconv.ParseUint(who.Gid, 10, 32)
		return uint32(u), uint32(g), errors.Join(err1, err2)
	}
	return 0, 0, err
}

func command(bin, name, dir string, attr *syscall.SysProcAttr, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(bin, name), args...)
	cmd.Dir = dir
	cmd.Env = []string{"LC_ALL=C", "TZ=UTC", "PATH=" + os.Getenv("PATH")}
	cmd.SysProcAttr = attr
	return cmd
}

func initCluster(bin, dir string, attr *syscall.SysProcAttr) error {
	out, err := command(bin, "initdb", dir, attr, "-D", filepath.Join(dir, "data"),
		"-U", "usher", "-A", "trust", "-E", "UTF8", "--locale=C", "--lc-ctype=C.UTF-8", "--no-sync").CombinedOutput()
	if err != nil {
		return fmt.Errorf("initdb: %w: %s", err, out)
	}
	return nil
}

// serve starts the server. The goroutine keeps its thread until the end: the
// death signal goes out when the thread that started the child dies.
func serve(bin, dir string, attr *syscall.SysProcAttr) (kill func(), err error) {
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		return nil, err
	}
	cmd := command(bin, "postgres", dir, attr, "-D", filepath.Join(dir, "data"), "-k", dir,
		"-c", "listen_addresses=", "-c", "fsync=off", "-c", "synchronous_commit=off",
		"-c", "full_page_writes=off", "-c", "shared_buffers=32MB", "-c", "max_connections=100")
	cmd.Stdout, cmd.Stderr = log, log
	started, ended := make(chan error), make(chan struct{})
	go func() {
		runtime.LockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait()
		}
		_ = log.Close()
		close(ended)
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	return func() { _ = cmd.Process.Signal(syscall.SIGQUIT); <-ended }, nil
}

func waitReady(address string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	for {
		conn, err := pgx.Connect(ctx, address)
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("PostgreSQL does not start: %w", err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func readLog(dir string) string {
	text, _ := os.ReadFile(filepath.Join(dir, "log"))
	return string(text)
}

// clearDeadClusters removes the folders of test processes that were killed.
func clearDeadClusters() {
	dirs, _ := filepath.Glob(filepath.Join(os.TempDir(), clusterPrefix+"*"))
	for _, dir := range dirs {
		pid, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(dir), clusterPrefix), "-")
		n, err := strconv.Atoi(pid)
		if err == nil && errors.Is(syscall.Kill(n, 0), syscall.ESRCH) {
			_ = os.RemoveAll(dir)
		}
	}
}
