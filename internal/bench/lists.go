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
	"strings"
	"time"

	"usher/internal/app"
	"usher/paywall"
)

// listGoal is how fast a page of the owner area must be.
const listGoal = 150 * time.Millisecond

// ownerPages are measured when no others are named: each list as it opens, searched,
// narrowed, in its other orders, and far down. BATCH stands for the id of the first
// batch of vouchers. A page that this program does not have is told and left out.
var ownerPages = []string{
	"/admin",
	"/admin/items", "/admin/items?page=12", "/admin/items?q=number+42", "/admin/items?sort=title", "/admin/items?sort=changed", "/admin/items?state=trouble",
	"/admin/collections",
	"/admin/members", "/admin/members?page=1990", "/admin/members?page=1000", "/admin/members?q=listener-4242", "/admin/members?q=nobody-at-all",
	"/admin/members?sort=email", "/admin/members?sort=name&page=1000", "/admin/members?sort=seen", "/admin/members?state=blocked",
	"/admin/members?state=unconfirmed", "/admin/members?access=live", "/admin/members?access=ended", "/admin/members?access=none",
	"/admin/members?access=live&q=listener-9&sort=name&page=100", "/admin/members?target=everything", "/admin/members?target=everything&page=600", "/admin/members?access=none&target=everything", "/admin/members?access=ended&target=everything",
	"/admin/members?access=ended&target=everything&page=250", "/admin/members?access=none&target=everything&page=400", "/admin/members?access=live&page=500",
	"/admin/members?access=live&target=item:itm00000000000000000000007", "/admin/members?from=2026-01-01&until=2026-06-30",
	"/admin/members/usr00000000000000000000000", "/admin/members/usr00000000000000000000042",
	"/admin/grants", "/admin/grants?page=3000", "/admin/grants?page=5990", "/admin/grants?q=listener-4242", "/admin/grants?q=listener",
	"/admin/grants?state=live", "/admin/grants?state=ended&page=2000", "/admin/grants?state=later", "/admin/grants?origin=voucher",
	"/admin/grants?sort=ending", "/admin/grants?state=live&sort=ending&origin=owner",
	"/admin/vouchers", "/admin/vouchers?q=number&sort=name", "/admin/vouchers/BATCH", "/admin/vouchers/BATCH?page=100", "/admin/vouchers/BATCH?list=redeemed",
	"/admin/health", "/admin/health?page=24", "/admin/health?q=number+42", "/admin/health?state=red", "/admin/health?sort=title",
	"/admin/mails", "/admin/mails?page=1000", "/admin/mails?state=failed", "/admin/mails?q=listener-4242", "/admin/mails?q=nobody-at-all",
	"/admin/audit", "/admin/audit?page=19000", "/admin/audit?action=session.start&page=13000", "/admin/audit?actor=-&page=6000",
	"/admin/audit?q=listener-4242%40", "/admin/audit?from=2025-06-01&to=2025-06-30", "/admin/audit?subject=usr00000000000000000000042",
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
	var table report
	batch, err := firstBatch(ctx, site)
	if err == nil {
		err = checkFigures(ctx, &table, site, set.Arg(0))
	}
	cookie, failed := ownerCookie(ctx, site)
	err = errors.Join(err, failed)
	for _, path := range paths {
		if err == nil {
			err = measureList(ctx, &table, handler, strings.ReplaceAll(path, "BATCH", batch), cookie, *times)
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

// firstBatch is the id of the batch that was made first; empty without any.
func firstBatch(ctx context.Context, site *app.Site) (string, error) {
	_, total, err := site.Store.VoucherBatches(ctx, "", paywall.VoucherSortNewest, 1, 0)
	if err != nil || total == 0 {
		return "", err
	}
	lines, _, err := site.Store.VoucherBatches(ctx, "", paywall.VoucherSortNewest, 1, total-1)
	if err != nil || len(lines) == 0 {
		return "", err
	}
	return lines[0].Batch.ID, nil
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
	table.judge(p95 < listGoal, path, "p95 < "+listGoal.String(), fmt.Sprintf("fastest %s, p50 %s, p95 %s; of a core p50 %s, p95 %s",
		rounded(percentile(took, 0)), rounded(median(took)), rounded(p95), rounded(median(used)), rounded(percentile(used, 95))))
	return nil
}

func rounded(d time.Duration) time.Duration { return d.Round(100 * time.Microsecond) }
