package paywall_test

import (
	"testing"
	"time"

	"usher/paywall"
)

func TestGrants_Extend(t *testing.T) {
	s := newSite(t)
	ada, item := s.addUser(t, "ada"), s.addItem(t, "concert")
	// The end of 24 October in Zurich; the night after it is one hour longer.
	autumn := time.Date(2026, 10, 24, 22, 0, 0, 0, time.UTC)
	for name, test := range map[string]struct {
		until, want time.Time
		days        int
	}{
		"by days":                {opening.AddDate(0, 0, 3), opening.AddDate(0, 0, 10), 7},
		"over the end of summer": {autumn, autumn.Add(49 * time.Hour), 2},
		"over already":           {opening.AddDate(0, 0, -3), opening.AddDate(0, 0, 1), 1},
		"at its end":             {opening, opening.AddDate(0, 0, 1), 1},
	} {
		t.Run(name, func(t *testing.T) {
			g := s.addGrant(t, ada.ID, func(g *paywall.Grant) {
				g.From, g.Until, g.Scope, g.TargetID = opening.AddDate(0, 0, -9), test.until, paywall.ScopeItem, item.ID
			})
			got := get(s.grants().Extend(t.Context(), by, g.ID, paywall.Extension{Days: test.days, Zone: zurich}))(t)
			g.Until = test.want
			wantSame(t, got, g)
			wantSame(t, get(s.GrantByID(t.Context(), g.ID))(t), g)
			s.wantAuditOf(t, paywall.AuditEntry{
				At: opening, Actor: by, Action: "grant.extend", Subject: g.ID,
				Detail: "person: ada@example.org\nitem: " + item.Title + "\nuntil: " + test.until.Format(time.RFC3339) + " → " + test.want.Format(time.RFC3339),
			})
		})
	}
	mails := get(s.MailsOf(t.Context(), ada.ID, ada.Email, 99))(t)
	if len(mails) != 4 || mails[0].Kind != paywall.MailAccess {
		t.Errorf("%d mails tell of it", len(mails))
	}
}

func TestGrants_ExtendNot(t *testing.T) {
	s := newSite(t)
	ada := s.addUser(t, "ada")
	endless := s.addGrant(t, ada.ID)
	taken := s.addGrant(t, ada.ID, func(g *paywall.Grant) { g.Until, g.RevokedAt = opening.AddDate(0, 0, 3), opening })
	by3 := paywall.Extension{Days: 3, Zone: zurich}
	for id, key := range map[string]string{endless.ID: "grant.error.endless", taken.ID: "grant.error.revoked"} {
		_, err := s.grants().Extend(t.Context(), by, id, by3)
		wantKey(t, err, paywall.KindInvalid, key)
	}
	for _, days := range []int{0, -1, paywall.MaxExtension + 1} {
		_, err := s.grants().Extend(t.Context(), by, endless.ID, paywall.Extension{Days: days, Zone: zurich})
		wantInvalid(t, err, map[string]string{"days": "grant.error.days"})
	}
	_, err := s.grants().Extend(t.Context(), by, "unknown", by3)
	wantErr(t, err, paywall.ErrNotFound)
	wantSame(t, len(s.audit(t)), 0)
}

// TestGrants_Again: what was taken back or has ended is given once more from now.
func TestGrants_Again(t *testing.T) {
	s := newSite(t)
	ada := s.addUser(t, "ada")
	item := s.addItem(t, "film")
	ended := s.addGrant(t, ada.ID, func(g *paywall.Grant) {
		g.Scope, g.TargetID, g.Until, g.Origin, g.Note = paywall.ScopeItem, item.ID, opening.Add(-time.Hour), paywall.OriginVoucher, "fair"
	})
	taken := s.addGrant(t, ada.ID, func(g *paywall.Grant) { g.RevokedAt = opening.Add(-time.Hour) })
	for _, old := range []paywall.Grant{ended, taken} {
		got := get(s.grants().Again(t.Context(), by, old.ID, paywall.Extension{Days: 3, Zone: zurich}))(t)
		want := old
		want.ID, want.From, want.CreatedAt, want.RevokedAt = got.ID, opening, opening, time.Time{}
		want.Until, want.Origin = opening.In(zurich).AddDate(0, 0, 3).UTC(), paywall.OriginOwner
		wantSame(t, get(s.GrantByID(t.Context(), got.ID))(t), want)
		wantSame(t, get(s.GrantByID(t.Context(), old.ID))(t), old)
		wantSame(t, s.audit(t)[0].Action, "grant.give")
	}
	_, err := s.grants().Again(t.Context(), by, s.addGrant(t, ada.ID).ID, paywall.Extension{Days: 3, Zone: zurich})
	wantKey(t, err, paywall.KindInvalid, "grant.error.running")
}
