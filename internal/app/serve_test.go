package app_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"usher/internal/app"
	"usher/internal/config"
	"usher/paywall"
	"usher/store"
)

// startLog starts a site, stops it, and answers what it logged.
func startLog(t *testing.T, getenv config.Getenv) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	var out, log output
	ended := make(chan int, 1)
	go func() {
		ended <- app.Run(ctx, []string{"serve"}, app.Streams{In: strings.NewReader(""), Out: &out, Err: &log}, getenv)
	}()
	for ctx.Err() == nil && !strings.Contains(out.String(), "listens on") {
		time.Sleep(5 * time.Millisecond)
	}
	cancel()
	if code := <-ended; code != 0 {
		t.Errorf("exit code %d: %s", code, log.String())
	}
	return log.String()
}

// TestServe_tellsGaps: the log tells of a missing token when there is none at all,
// and of a key that is not the one of the database.
func TestServe_tellsGaps(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "usher.db")
	values := map[string]string{"USHER_ADDR": "127.0.0.1:0", "USHER_DATABASE_URL": file}
	const noToken, foreign = "no Infomaniak token", "secret key is not the one"
	told := func(when string, wantToken, wantForeign bool) string {
		t.Helper()
		log := startLog(t, func(name string) string { return values[name] })
		if strings.Contains(log, noToken) != wantToken || strings.Contains(log, foreign) != wantForeign {
			t.Errorf("%s, the log says %s", when, log)
		}
		return log
	}
	told("an empty site", true, false)

	key, err := os.ReadFile(filepath.Join(folder, "usher.key")) //nolint:gosec // of this test
	must(t, err)
	vault, err := paywall.NewVault(paywall.NewSecret(strings.TrimSpace(string(key))))
	must(t, err)
	db, err := store.Open(t.Context(), file)
	must(t, err)
	connection := paywall.NewConnection(db, vault, paywall.Credentials{}, time.Now)
	must(t, connection.Change(t.Context(), paywall.Actor{Name: "test"}, paywall.ConnectionInput{
		Token: paywall.NewSecret("a-token-0123456789-0123456789"), VODStyle: paywall.VODStyleV1,
	}))
	must(t, db.Close())
	told("with the owner's token", false, false)

	values["USHER_SECRET_KEY"] = "another-key-0123456789"
	if log := told("with another key", false, true); !strings.Contains(log, string(paywall.SealedToken)) {
		t.Errorf("what cannot be read is not named: %s", log)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
