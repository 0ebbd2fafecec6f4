package journey

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// envRequireAll makes a failure of every skipped test.
const envRequireAll = "USHER_TEST_REQUIRE_ALL"

// process is the one browser of all tests; each visitor has cookies of its own.
type process struct {
	ctx  context.Context
	stop func()
	err  error
}

var browser = sync.OnceValue(startBrowser)

// started tells whether there is a browser to stop.
var started bool

// together is how many journeys go on at the same time, each in windows of its
// own: they mostly wait for sound.
const together = "3"

func TestMain(m *testing.M) {
	flag.Parse()
	if err := flag.Set("test.parallel", together); err != nil {
		panic(err)
	}
	code := m.Run()
	if started {
		browser().stop()
	}
	os.Exit(code)
}

// startBrowser starts Chromium with an empty profile.
func startBrowser() process {
	path, err := findBrowser()
	if err != nil {
		return process{err: err}
	}
	profile, err := os.MkdirTemp("", "usher-journey-")
	if err != nil {
		return process{err: err}
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.UserDataDir(profile), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("lang", "en"),
		chromedp.WindowSize(1280, 900),
	)
	allocator, end := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, cancel := chromedp.NewContext(allocator)
	started = true
	return process{ctx: ctx, err: chromedp.Do(ctx), stop: func() {
		_ = chromedp.Cancel(ctx) // asks the browser to close; end kills it otherwise
		cancel()
		end()
		_ = os.RemoveAll(profile)
	}}
}

var errNoBrowser = errors.New("no Chromium on this machine: on Debian, apt-get install chromium")

func findBrowser() (string, error) {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errNoBrowser
}

// needBrowser skips a test, loudly, when there is no browser.
func needBrowser(t *testing.T) context.Context {
	t.Helper()
	p := browser()
	if p.err != nil {
		missing(t, p.err.Error())
	}
	return p.ctx
}

// missing skips a test that lacks something, or fails it where nothing may lack.
func missing(t *testing.T, what string) {
	t.Helper()
	if os.Getenv(envRequireAll) == "1" {
		t.Fatal(what)
	}
	fmt.Fprintf(os.Stderr, "\n*** SKIPPED %s: %s ***\n\n", t.Name(), what)
	t.Skip(what)
}

// poll asks again and again until the answer is true, and says whether it ever
// was within the limit.
func poll(ctx context.Context, limit time.Duration, ask func() bool) bool {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		if ask() {
			return true
		}
		select {
		case <-ctx.Done():
			return false
		case <-tick.C:
		}
	}
}
