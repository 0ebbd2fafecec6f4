package store_test

import (
	"context"
	"database/sql"
	"path/filepath"
	"testing"
	"time"

	"usher/paywall"
	"usher/store"
)

// TestListMembers_ManyHolders: a long list of those with access to one thing is
// asked for in another way, and holds the same people.
func TestListMembers_ManyHolders(t *testing.T) {
	path := filepath.Join(t.TempDir(), "usher.db")
	s, err := store.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	raw, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	// Of 24000 people, one of 10 is a tombstone and one of 4 still has access.
	for _, insert := range []string{
		`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 24000)
		INSERT INTO users (id, email, name, role, password_hash, confirmed_at, disabled_at, created_at, deleted_at, search)
		SELECT printf('u%05d', i), printf('u%05d@x.test', i), '', 'member', '', 1, 0, i, CASE WHEN i % 10 = 0 THEN 1 ELSE 0 END, printf('u%05d', i) FROM n`,
		`INSERT INTO grants (id, user_id, scope, target_id, from_at, until_at, origin, note, created_at, revoked_at, ends_at)
		SELECT g || id, id, 'item', 'it', 0, 0, 'owner', '', created_at, 0, CASE WHEN created_at % 4 = 0 THEN 9223372036854775807 ELSE 5 END
		FROM users, (SELECT 'a' AS g UNION SELECT 'b')`,
	} {
		if _, err := raw.ExecContext(t.Context(), insert); err != nil {
			t.Fatal(err)
		}
	}
	if err := raw.Close(); err != nil {
		t.Fatal(err)
	}
	f := paywall.MemberFilter{Target: "item:it", Access: paywall.AccessLive, Now: time.UnixMilli(1000)}
	wantHolders(t, s, f, 0, 4_800, "u23996", "u23992") // 6000 live, of them 1200 tombstones
	wantHolders(t, s, f, 2_400, 4_800, "u11996", "u11992")
	f.Text = "u239"
	wantHolders(t, s, f, 0, 20, "u23996", "u23992") // 25 live, of them 5 tombstones
	f.Access = paywall.AccessEnded
	wantHolders(t, s, f, 0, 70, "u23999", "u23998")
	f.Text = ""
	for _, f.Access = range []paywall.AccessFilter{paywall.AccessNone, paywall.AccessEnded} {
		wantHolders(t, s, f, 0, 16_800, "u23999", "u23998")
		wantHolders(t, s, f, 8_400, 16_800, "u11999", "u11998")
		wantHolders(t, s, f, 16_798, 16_800, "u00002", "u00001")
	}
}

// wantHolders asks for two lines and for how many there are.
func wantHolders(t *testing.T, s paywall.Store, f paywall.MemberFilter, offset, total int, first, second string) {
	t.Helper()
	lines, got, err := s.ListMembers(context.Background(), f, paywall.MembersNewest, 2, offset)
	if err != nil || got != total || len(lines) != 2 {
		t.Fatalf("%d lines of %d, %v; want 2 of %d", len(lines), got, err, total)
	}
	if lines[0].User.ID != first || lines[1].User.ID != second {
		t.Errorf("listed %s, %s; want %s, %s", lines[0].User.ID, lines[1].User.ID, first, second)
	}
}
