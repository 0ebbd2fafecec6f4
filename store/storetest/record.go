package storetest

import (
	"cmp"
	"fmt"
	"slices"
	"testing"
	"time"

	"usher/paywall"
)

func entryID(e paywall.AuditEntry) string { return e.ID }

// recordLines stores some lines and gives them newest first.
func recordLines(t *testing.T, s paywall.Store) []paywall.AuditEntry {
	t.Helper()
	var lines []paywall.AuditEntry
	for n, line := range []struct{ actor, name, action, subject, detail string }{
		{"ada", "ada@example.org", "item.update", "item", "title a → b"},
		{"ada", "ada@example.org", "grant.give", "grant", "bob@example.org everything"},
		{"", "command line", "user.create", "bob", "bob@example.org as member"},
		{"bob", "bob@example.org", "session.start", "bob", "password, Firefox"},
		{"ada", "ada@example.org", "item.update", "other", "100% a_b !"},
		{"bob", "bob@example.org", "session.start", "bob", "mail, Safari"},
	} {
		e := paywall.AuditEntry{
			ID: paywall.NewID(), At: stored(start.Add(time.Duration(n/2) * time.Second)), // two at the same time
			Actor: paywall.Actor{UserID: line.actor, Name: line.name}, Action: line.action, Subject: line.subject, Detail: line.detail,
		}
		must(t, s.AddAudit(t.Context(), e))
		lines = append(lines, e)
	}
	slices.SortFunc(lines, func(a, b paywall.AuditEntry) int {
		return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.ID, a.ID))
	})
	return lines
}

func testRecord(t *testing.T, s paywall.Store) {
	ctx, all := t.Context(), recordLines(t, s)
	second := stored(start.Add(time.Second))
	for name, c := range map[string]struct {
		filter paywall.RecordFilter
		keeps  func(e paywall.AuditEntry) bool
	}{
		"all":     {paywall.RecordFilter{}, func(paywall.AuditEntry) bool { return true }},
		"actor":   {paywall.RecordFilter{Actor: "ada"}, func(e paywall.AuditEntry) bool { return e.Actor.UserID == "ada" }},
		"command": {paywall.RecordFilter{Actor: paywall.ActorCommand}, func(e paywall.AuditEntry) bool { return e.Actor.UserID == "" }},
		"action":  {paywall.RecordFilter{Action: "item.update"}, func(e paywall.AuditEntry) bool { return e.Action == "item.update" }},
		"subject": {paywall.RecordFilter{Subject: "bob"}, func(e paywall.AuditEntry) bool { return e.Subject == "bob" }},
		"both": {paywall.RecordFilter{Actor: "bob", Action: "session.start", Subject: "bob"}, func(e paywall.AuditEntry) bool {
			return e.Actor.UserID == "bob"
		}},
		"from":   {paywall.RecordFilter{From: second}, func(e paywall.AuditEntry) bool { return !e.At.Before(second) }},
		"to":     {paywall.RecordFilter{To: second}, func(e paywall.AuditEntry) bool { return e.At.Before(second) }},
		"nobody": {paywall.RecordFilter{Actor: "carl"}, func(paywall.AuditEntry) bool { return false }},
		"text": {paywall.RecordFilter{Text: "BOB@example"}, func(e paywall.AuditEntry) bool {
			return e.Actor.UserID == "bob" || e.Action == "grant.give" || e.Action == "user.create"
		}},
		"percent": {paywall.RecordFilter{Text: "0% a_"}, func(e paywall.AuditEntry) bool { return e.Subject == "other" }},
		"text and action": {paywall.RecordFilter{Text: "safari", Action: "session.start"}, func(e paywall.AuditEntry) bool {
			return e.Detail == "mail, Safari"
		}},
	} {
		t.Run(name, func(t *testing.T) {
			var want []string
			for _, e := range all {
				if c.keeps(e) {
					want = append(want, e.ID)
				}
			}
			got := read[[]paywall.AuditEntry](t)(s.RecordLines(ctx, c.filter, 99, 0))
			wantSame(t, ids(got, entryID), want)
			wantSame(t, read[int](t)(s.CountRecord(ctx, c.filter, 99)), len(want))
			if len(want) > 1 {
				wantSame(t, ids(read[[]paywall.AuditEntry](t)(s.RecordLines(ctx, c.filter, 1, 1)), entryID), want[1:2])
				wantSame(t, read[int](t)(s.CountRecord(ctx, c.filter, 1)), 1)
			}
			oldest := c.filter
			oldest.Oldest = true
			turned := ids(read[[]paywall.AuditEntry](t)(s.RecordLines(ctx, oldest, 99, 0)), entryID)
			slices.Reverse(turned)
			wantSame(t, turned, want)
			if c.filter.Text == "" {
				wantSame(t, walkRecord(t, s, c.filter), want)
			}
		})
	}
	wantSame(t, read[[]paywall.AuditEntry](t)(s.RecordLines(ctx, paywall.RecordFilter{}, 2, 1)), all[1:3])
	wantSame(t, read[[]string](t)(s.Actions(ctx)), []string{"grant.give", "item.update", "session.start", "user.create"})
}

// walkRecord reads two lines at a time.
func walkRecord(t *testing.T, s paywall.Store, f paywall.RecordFilter) (walked []string) {
	t.Helper()
	mark := paywall.RecordMark{At: stored(start.Add(time.Hour))}
	for {
		lines := read[[]paywall.AuditEntry](t)(s.RecordBefore(t.Context(), f, mark, 2))
		walked = append(walked, ids(lines, entryID)...)
		if len(lines) < 2 {
			return walked
		}
		mark = paywall.RecordMark{At: lines[1].At, ID: lines[1].ID}
	}
}

func testRecordNone(t *testing.T, s paywall.Store) {
	wantSame(t, len(read[[]string](t)(s.Actions(t.Context()))), 0)
	wantSame(t, len(read[map[string]string](t)(s.NamesOf(t.Context(), nil))), 0)
}

func testNamesOf(t *testing.T, s paywall.Store) {
	ctx, ada, item := t.Context(), addUser(t, s, "ada"), addItem(t, s, NewItem("jazz"))
	gone := changed(NewUser("gone"), func(u *paywall.User) { u.DeletedAt = stored(start) })
	must(t, s.CreateUser(ctx, gone))
	collection := paywall.Collection{ID: paywall.NewID(), Title: "Festival", CreatedAt: stored(start)}
	must(t, s.CreateCollection(ctx, collection))
	grant := NewGrant(ada.ID, paywall.ScopeEverything, "")
	must(t, s.CreateGrant(ctx, grant))
	mail := addMail(t, s, nil)
	asked := []string{ada.ID, gone.ID, item.ID, collection.ID, grant.ID, mail.ID, "none", ""}
	wantSame(t, read[map[string]string](t)(s.NamesOf(ctx, asked)), map[string]string{
		ada.ID: ada.Email, item.ID: item.Title, collection.ID: "Festival", grant.ID: ada.Email, mail.ID: mail.To,
	})
	for n := range 120 {
		asked = append(asked, fmt.Sprint(n))
	}
	wantSame(t, len(read[map[string]string](t)(s.NamesOf(ctx, asked))), 5)
}
