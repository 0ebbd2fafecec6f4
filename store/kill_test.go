package store_test

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"usher/paywall"
	"usher/store"
	"usher/store/storetest"
)

// killChildEnv makes the test binary the child of TestKill; it holds the path.
const killChildEnv = "USHER_KILL_CHILD"

const killRounds = 50

// TestKill is R1: whatever was acknowledged before a kill -9 is there after it,
// and nothing is half done.
func TestKill(t *testing.T) {
	path := filepath.Join(t.TempDir(), "usher.db")
	var acked []string
	for range killRounds {
		acked = append(acked, killedRound(t, path, 1+rand.IntN(30))...)
	}
	db := storetest.Open(t, path)
	for _, id := range acked {
		if _, err := db.UserByID(t.Context(), id); err != nil {
			t.Errorf("acknowledged user is lost: %v", err)
		}
	}
	checkIntegrity(t, path)
	users, grants := count(t, db, "users"), count(t, db, "grants")
	if users != grants {
		t.Errorf("%d users and %d grants: half a transaction is there", users, grants)
	}
	if unacked := users - len(acked); unacked < 0 || unacked > killRounds {
		t.Errorf("%d rows, %d acknowledged in %d rounds", users, len(acked), killRounds)
	}
	t.Logf("%d acknowledged, %d stored", len(acked), users)
}

// killedRound lets a child write, kills it after so many acknowledgements, and
// gives back all that it acknowledged.
func killedRound(t *testing.T, path string, acks int) (acked []string) {
	t.Helper()
	child := exec.CommandContext(t.Context(), os.Args[0])
	child.Env = append(os.Environ(), killChildEnv+"="+path)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		acked = append(acked, lines.Text())
		if len(acked) == acks {
			if err := child.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	_ = child.Wait()
	if len(acked) < acks {
		t.Fatalf("the child stopped by itself after %d of %d rows", len(acked), acks)
	}
	return acked
}

// writeUntilKilled is the child: a user with a grant per transaction, and a line
// for each that was committed.
func writeUntilKilled(path string) {
	ctx := context.Background()
	db, err := store.Open(ctx, path)
	for err == nil {
		id := paywall.NewID()
		err = db.InTx(ctx, func(tx paywall.Store) error {
			u := storetest.NewUser(id)
			u.ID = id
			if err := tx.CreateUser(ctx, u); err != nil {
				return err
			}
			return tx.CreateGrant(ctx, storetest.NewGrant(id, paywall.ScopeEverything, ""))
		})
		if err == nil {
			_, err = fmt.Println(id)
		}
	}
	fmt.Fprintln(os.Stderr, "kill child:", err)
}

func checkIntegrity(t *testing.T, path string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var answer string
	if err := db.QueryRowContext(t.Context(), `PRAGMA integrity_check`).Scan(&answer); err != nil || answer != "ok" {
		t.Errorf("integrity_check = %q, %v", answer, err)
	}
}

func count(t *testing.T, db *store.DB, table string) (n int) {
	t.Helper()
	_, reader := db.Pools()
	if err := reader.QueryRowContext(t.Context(), `SELECT COUNT(*) FROM `+table).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
