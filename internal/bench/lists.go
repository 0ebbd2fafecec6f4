package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"time"

	"usher/internal/app"
	"usher/paywall"
)

// listGoal is how fast a page of the owner area must be.
const listGoal = 150 * time.Millisecond

// ownerPages are measured when no others are named. A page that this program does
// not have is told and left out.
var ownerPages = []string{
	"/admin", "/admin/items", "/admin/items?page=2", "/admin/members", "/admin/members?page=1500", "/admin/members?q=listener-4242",
	"/admin/grants", "/admin/grants?page=5000", "/admin/mails", "/admin/vouchers", "/admin/health",
	"/admin/audit", "/admin/audit?page=19000", "/admin/audit?action=session.start&page=13000", "/admin/audit?actor=-&page=6000",
	"/admin/audit?q=listener-4242%40", "/admin/audit?from=2025-06-01&to=2025-06-30",
}

// runLists measures pages of the owner area on a database that "fill" made:
//
//	go run ./internal/bench lists [-n 40] FILE [PATH …]
//
// The site runs in this process. How long a page was on a core is told too, which
// other programs on the machine do not change much. A session is added to the file, nothing else.
func runLists(ctx context.Context, args []string, out io.Writer) error {
	set := flag.NewFlagSet("bench lists", flag.ContinueOnError)
	set.SetOutput(out)
	times := set.Int("n", 40, "how often each page is asked for")
	if err := set.Parse(args); err != nil {
		return err
	}
	if set.NArg() == 0 || *times < 1 {
		return fmt.Errorf("%w: bench lists takes a file, and pages", errUsage)
	}
	if _, err := os.Stat(set.Arg(0)); err != nil {
		return err
	}
	paths := set.Args()[1:]
	if len(paths) == 0 {
		paths = ownerPages
	}
	site, handler, err := listSite(ctx, set.Arg(0))
	if err != nil {
		return err
	}
	cookie, err := ownerCookie(ctx, site)
	var table report
	for _, path := range paths {
		if err == nil {
			err = measureList(ctx, &table, handler, path, cookie, *times)
		}
	}
	table.write(out)
	return errors.Join(err, site.Close())
}

func listSite(ctx context.Context, path string) (*app.Site, http.Handler, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, nil, err
	}
	addr := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 80}
	c, err := app.DemoConfig(addr, addr, path, paywall.NewID())
	if err != nil {
		return nil, nil, err
	}
	clock := func() time.Time { return time.Now().UTC() }
	site, handler, _, err := app.NewDemoSite(ctx, c, clock, slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})))
	return site, handler, err
}

// ownerCookie signs the demo's owner in.
func ownerCookie(ctx context.Context, site *app.Site) (string, error) {
	user, err := site.Store.UserByEmail(ctx, "owner@demo.test")
	if err != nil {
		return "", err
	}
	started, err := site.Sessions.Start(ctx, paywall.Arrival{User: user, Caller: paywall.Caller{Device: "bench"}})
	return "usher=" + started.Session.ID + "." + started.Secret.Reveal(), err
}

func measureList(ctx context.Context, table *report, handler http.Handler, path, cookie string, times int) error {
	var took, used []time.Duration
	for range times {
		request := httptest.NewRequestWithContext(ctx, http.MethodGet, "http://localhost:80"+path, nil)
		request.Header.Set("Cookie", cookie)
		answer := httptest.NewRecorder()
		before, err := coreTimeOf(os.Getpid())
		if err != nil {
			return err
		}
		began := time.Now()
		handler.ServeHTTP(answer, request)
		took = append(took, time.Since(began))
		after, err := coreTimeOf(os.Getpid())
		if err != nil {
			return err
		}
		used = append(used, after.since(before).used)
		if answer.Code == http.StatusNotFound {
			table.tell(path, "not there")
			return nil
		}
		if answer.Code != http.StatusOK {
			return fmt.Errorf("%s answers %d", path, answer.Code)
		}
	}
	p95 := percentile(took, 95)
	table.judge(p95 < listGoal, path, "p95 < "+listGoal.String(), fmt.Sprintf("fastest %s, p50 %s, p95 %s, slowest %s; %s of a core",
		rounded(percentile(took, 0)), rounded(median(took)), rounded(p95), rounded(percentile(took, 100)), rounded(median(used))))
	return nil
}

func rounded(d time.Duration) time.Duration { return d.Round(100 * time.Microsecond) }
