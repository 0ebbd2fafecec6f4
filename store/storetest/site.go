package storetest

import (
	"testing"
	"time"

	"usher/paywall"
)

func testSettings(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	values := func() map[string]string { t.Helper(); return read[map[string]string](t)(s.SettingValues(ctx)) }
	wantSame(t, values(), map[string]string{})
	must(t, s.PutSetting(ctx, "title", "Radio", start))
	must(t, s.PutSetting(ctx, "empty", "", start))
	wantSame(t, values(), map[string]string{"title": "Radio", "empty": ""})
	must(t, s.PutSetting(ctx, "title", "Radio Ö", start.Add(time.Hour)))
	wantSame(t, values(), map[string]string{"title": "Radio Ö", "empty": ""})
}

func testTerms(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	_, err := s.CurrentTerms(ctx)
	wantErr(t, err, paywall.ErrNotFound)
	for _, version := range []int{2, 10, 1} {
		must(t, s.CreateTerms(ctx, paywall.Terms{Version: version, Bodies: map[string]string{"en": "Be\nkind"}, CreatedAt: stored(start)}))
	}
	want := paywall.Terms{Version: 10, Bodies: map[string]string{"en": "Be\nkind"}, CreatedAt: stored(start)}
	wantSame(t, read[paywall.Terms](t)(s.CurrentTerms(ctx)), want)
	wantErr(t, s.CreateTerms(ctx, paywall.Terms{Version: 10, Bodies: map[string]string{"en": "other"}}), paywall.ErrExists)
	wantSame(t, read[paywall.Terms](t)(s.CurrentTerms(ctx)), want)
	must(t, s.AddTermsBody(ctx, 10, "fr", "Soyez"))
	must(t, s.AddTermsBody(ctx, 10, "fr", "Soyez gentils"))
	must(t, s.AddTermsBody(ctx, 2, "de", "of another version"))
	want.Bodies["fr"] = "Soyez gentils"
	wantSame(t, read[paywall.Terms](t)(s.CurrentTerms(ctx)), want)
	must(t, s.CreateTerms(ctx, paywall.Terms{Version: 11, CreatedAt: stored(start)}))
	wantSame(t, read[paywall.Terms](t)(s.CurrentTerms(ctx)), paywall.Terms{Version: 11, Bodies: map[string]string{}, CreatedAt: stored(start)})
}

func testConsents(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	ada, bob := addUser(t, s, "ada"), addUser(t, s, "bob")
	var all []paywall.Consent // ada's, newest first
	for n, u := range []paywall.User{ada, bob, ada} {
		c := paywall.Consent{
			ID: paywall.NewID(), UserID: u.ID, Version: n + 1, Language: "fr", GivenAt: stored(start.Add(time.Duration(n) * time.Second)),
		}
		must(t, s.CreateConsent(ctx, c))
		if u == ada {
			all = append([]paywall.Consent{c}, all...)
		}
	}
	wantSame(t, read[[]paywall.Consent](t)(s.ConsentsOf(ctx, ada.ID)), all)
	wantSame(t, len(read[[]paywall.Consent](t)(s.ConsentsOf(ctx, "nobody"))), 0)
	wantErr(t, s.CreateConsent(ctx, all[0]), paywall.ErrExists)
}

func testCutNetworks(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	ada := addUser(t, s, "ada")
	at := []time.Time{stored(start.Add(-time.Millisecond)), stored(start)}
	var sessions []paywall.Session
	var lines []paywall.AuditEntry
	for _, made := range at {
		sessions = append(sessions, addSession(t, s, ada.ID, func(x *paywall.Session) {
			x.CreatedAt, x.SeenAt, x.Network = made, made, "192.0.2.0/24"
		}))
		line := paywall.AuditEntry{ID: paywall.NewID(), At: made, Actor: paywall.Actor{UserID: ada.ID, Name: "a", Network: "192.0.2.0/24"}}
		must(t, s.AddAudit(ctx, line))
		lines = append(lines, line)
	}
	for range 2 {
		must(t, s.CutNetworks(ctx, start))
		sessions[0].Network, lines[0].Actor.Network = "", ""
		wantSame(t, read[[]paywall.Session](t)(s.SessionsOf(ctx, ada.ID)), []paywall.Session{sessions[1], sessions[0]})
		wantSame(t, read[[]paywall.AuditEntry](t)(s.RecentAudit(ctx, 9, 0)), []paywall.AuditEntry{lines[1], lines[0]})
	}
}
