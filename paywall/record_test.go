package paywall_test

import (
	"errors"
	"testing"
	"time"

	"usher/paywall"
)

func TestRecord_Export(t *testing.T) {
	s := newSite(t)
	record := paywall.NewRecord(s, s.clock.Now)
	must(t, s.InTx(t.Context(), func(tx paywall.Store) error {
		for n := range 2500 {
			action := []string{"item.update", "session.start"}[n%2]
			if err := tx.AddAudit(t.Context(), paywall.AuditEntry{ID: paywall.NewID(), At: opening.Add(-time.Duration(n/3) * time.Second), Action: action}); err != nil {
				return err
			}
		}
		return nil
	}))
	exported := func(f paywall.RecordFilter) (lines []paywall.AuditEntry, parts int) {
		t.Helper()
		must(t, record.Export(t.Context(), by, f, func(part []paywall.AuditEntry) error {
			lines, parts = append(lines, part...), parts+1
			return nil
		}))
		return lines, parts
	}
	lines, parts := exported(paywall.RecordFilter{})
	if len(lines) != 2501 || parts != 3 {
		t.Errorf("%d lines in %d parts", len(lines), parts)
	}
	seen := map[string]bool{}
	for i, line := range lines {
		if seen[line.ID] || i > 0 && line.At.After(lines[i-1].At) {
			t.Fatalf("line %d stands twice or out of order", i)
		}
		seen[line.ID] = true
	}
	// The export is written down, also one of nothing.
	s.clock.Pass(time.Second)
	lines, _ = exported(paywall.RecordFilter{Action: "audit.export", Actor: by.UserID, Subject: "", From: opening, To: opening.Add(time.Hour), Text: "all"})
	if len(lines) != 2 || lines[1].Detail != "choice: all" || lines[1].Actor != by {
		t.Errorf("exports written down: %+v", lines)
	}
	newest := get(record.List(t.Context(), paywall.RecordFilter{}, 1, 0))(t)[0]
	wantSame(t, newest.Detail, "who: owner-id\nwhat: audit.export\nfirst day: 2026-04-01T20:00:00Z\nlast day: 2026-04-01T21:00:00Z\nsearch: all")
	lines, parts = exported(paywall.RecordFilter{Action: "none"})
	wantSame(t, []int{len(lines), parts}, []int{0, 1})
}

func TestRecord_ExportFaults(t *testing.T) {
	s := newSite(t)
	none := func([]paywall.AuditEntry) error { return nil }
	record := paywall.NewRecord(faulty{Store: s, faults: map[string]error{"AddAudit": errFault}}, s.clock.Now)
	wantErr(t, record.Export(t.Context(), by, paywall.RecordFilter{}, func([]paywall.AuditEntry) error {
		t.Error("lines went out without a line about it")
		return nil
	}), errFault)
	for _, f := range []paywall.RecordFilter{{}, {Text: "x"}} {
		record = paywall.NewRecord(faulty{Store: s, faults: map[string]error{"RecordBefore": errFault, "RecordLines": errFault}}, s.clock.Now)
		wantErr(t, record.Export(t.Context(), by, f, none), errFault)
		gone := errors.New("the browser is gone")
		wantErr(t, paywall.NewRecord(s, s.clock.Now).Export(t.Context(), by, f, func([]paywall.AuditEntry) error { return gone }), gone)
	}
}

func TestRecord_Names(t *testing.T) {
	s := newSite(t)
	record := paywall.NewRecord(s, s.clock.Now)
	ada, item := s.addUser(t, "ada"), s.addItem(t, "jazz")
	names := get(record.Names(t.Context(), []paywall.AuditEntry{
		{Actor: paywall.Actor{UserID: ada.ID}, Subject: item.ID}, {Subject: ada.ID}, {Subject: "sign_up"}, {},
	}))(t)
	wantSame(t, names, map[string]string{ada.ID: ada.Email, item.ID: item.Title})
	for _, text := range []string{ada.ID, "ADA@example.org"} {
		wantSame(t, get(record.Account(t.Context(), text))(t), ada)
	}
	_, err := record.Account(t.Context(), "nobody@example.org")
	wantErr(t, err, paywall.ErrNotFound)
}
