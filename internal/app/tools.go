package app

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"runtime"
	"runtime/debug"
	"time"

	"usher/internal/config"
)

// healthDeadline bounds the question of the healthcheck command.
const healthDeadline = 3 * time.Second

// runConfig lists all settings; secrets are hidden.
func runConfig(_ context.Context, e env, args []string) error {
	if err := parse(e.flags("config"), args); err != nil {
		return err
	}
	if err := config.Print(e.Out, e.getenv); err != nil {
		return err
	}
	_, err := config.Load(e.getenv)
	return err
}

// runHealthcheck asks the site on this machine whether it can serve.
func runHealthcheck(ctx context.Context, e env, args []string) error {
	if err := parse(e.flags("healthcheck"), args); err != nil {
		return err
	}
	c, err := config.Load(e.getenv)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, healthDeadline)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+localAddr(c.Addr)+"/readyz", nil)
	if err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("the site answers %s", answer.Status)
	}
	fmt.Fprintln(e.Out, "ready")
	return nil
}

// localAddr is the address to reach a listener on this machine.
func localAddr(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if err != nil || (host != "" && host != "0.0.0.0" && host != "::") {
		return addr
	}
	return net.JoinHostPort("127.0.0.1", port)
}

// runVersion prints the version that the build recorded.
func runVersion(_ context.Context, e env, args []string) error {
	if err := parse(e.flags("version"), args); err != nil {
		return err
	}
	fmt.Fprintf(e.Out, "usher %s %s\n", version(), runtime.Version())
	return nil
}

// version is what the build recorded.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "(unknown)"
	}
	name := info.Main.Version
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			name += " " + s.Value
		}
	}
	return name
}
