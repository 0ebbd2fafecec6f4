package storetest

import (
	"testing"
	"time"

	"usher/paywall"
)

// gone stands where an erased person was named.
const gone = "(deleted)"

// testErase looks at the account alone and at a neighbour; a test of the store
// searches the whole database.
func testErase(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	ada, bob := addUser(t, s, "ada"), addUser(t, s, "bob")
	for _, u := range []paywall.User{ada, bob} {
		addSession(t, s, u.ID, nil)
		addProof(t, s, paywall.ProofReset, func(p *paywall.Proof) { p.Email = u.Email })
		addMail(t, s, func(m *paywall.Mail) { m.To = u.Email })
		must(t, s.CreateGrant(ctx, NewGrant(u.ID, paywall.ScopeEverything, "")))
	}
	nobody := addMail(t, s, func(m *paywall.Mail) { m.To = "carl@example.org" })

	for _, u := range []paywall.User{{}, {ID: ada.ID}, {Email: ada.Email}} {
		if err := s.ErasePersonal(ctx, u, gone); err == nil {
			t.Errorf("half of a person was erased: %+v", u)
		}
		if _, err := s.ExportPersonal(ctx, u); err == nil {
			t.Errorf("half of a person was exported: %+v", u)
		}
	}
	for range 2 {
		must(t, s.ErasePersonal(ctx, ada, gone))
	}
	want := paywall.User{
		ID: ada.ID, Email: "deleted-" + ada.ID + "@deleted.invalid", Role: ada.Role, CreatedAt: ada.CreatedAt,
	}
	wantSame(t, read[paywall.User](t)(s.UserByID(ctx, ada.ID)), want)
	wantSame(t, read[paywall.User](t)(s.UserByID(ctx, bob.ID)), bob)
	wantSame(t, len(read[[]paywall.Session](t)(s.SessionsOf(ctx, ada.ID))), 0)
	wantSame(t, len(read[[]paywall.Session](t)(s.SessionsOf(ctx, bob.ID))), 1)
	wantSame(t, len(read[[]paywall.Grant](t)(s.GrantsOf(ctx, ada.ID))), 1)
	wantSame(t, len(read[[]paywall.Proof](t)(s.OpenProofs(ctx, paywall.ProofReset, start))), 1)
	_, total, err := s.Mails(ctx, "", "", 9, 0)
	must(t, err)
	wantSame(t, total, 2)
	wantSame(t, read[paywall.Mail](t)(s.MailByID(ctx, nobody.ID)), nobody)
	must(t, s.CreateUser(ctx, NewUser("ada"))) // the address is free again
}

// testEraseRolledBack: a deletion that fails half way erases nothing.
func testEraseRolledBack(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	ada := addUser(t, s, "ada")
	session := addSession(t, s, ada.ID, nil)
	err := s.InTx(ctx, func(tx paywall.Store) error {
		must(t, tx.ErasePersonal(ctx, ada, gone))
		return paywall.ErrChanged
	})
	wantErr(t, err, paywall.ErrChanged)
	wantSame(t, read[paywall.User](t)(s.UserByID(ctx, ada.ID)), ada)
	wantSame(t, read[[]paywall.Session](t)(s.SessionsOf(ctx, ada.ID)), []paywall.Session{session})
}

// testEraseMentions: what the record of changes keeps of an erased person.
func testEraseMentions(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	ada, bob := NewUser("ada"), addUser(t, s, "bob")
	ada.Name = "Item"
	must(t, s.CreateUser(ctx, ada))
	grant := NewGrant(ada.ID, paywall.ScopeEverything, "")
	must(t, s.CreateGrant(ctx, grant))
	const net = "192.0.2.0/24"
	her := paywall.Actor{UserID: ada.ID, Name: ada.Email, Network: net}
	before := paywall.Actor{UserID: ada.ID, Name: "byron@example.org", Network: net} // before she married
	him := paywall.Actor{UserID: bob.ID, Name: bob.Email, Network: net}
	visitor := paywall.Actor{Network: net}
	erased := paywall.Actor{UserID: ada.ID, Name: gone}

	lines := []struct {
		actor     paywall.Actor
		subject   string
		detail    string
		wantActor paywall.Actor
		want      string
	}{
		{her, ada.ID, "Item of ada@example.org", erased, gone + " of " + gone},
		{before, "other", "byron@example.org to ada@example.org", erased, gone + " to " + gone},
		{him, ada.ID, `"byron@example.org", Item.`, him, `"` + gone + `", ` + gone + "."},
		{him, grant.ID, "Item <byron@example.org>", him, gone + " <" + gone + ">"},
		{visitor, ada.ID, "wrong password", paywall.Actor{}, "wrong password"},
		{paywall.Actor{Name: ada.Email, Network: net}, "", "x", paywall.Actor{Name: gone}, "x"},
		// Lines about others: the whole present address goes, and nothing else.
		{him, "other", "to ada@example.org.", him, "to " + gone + "."},
		{him, "other", "to ada@example.org, bob@example.org", him, "to " + gone + ", bob@example.org"},
		{him, "other", "nada@example.org and ada@example.org.uk", him, "nada@example.org and ada@example.org.uk"},
		{him, "other", "x.ada@example.org and ada@example.org", him, "x.ada@example.org and " + gone},
		{him, "other", "Item by byron@example.org", him, "Item by byron@example.org"},
		{visitor, "other", "x", visitor, "x"},
	}
	var want []paywall.AuditEntry
	for n, line := range lines {
		e := paywall.AuditEntry{
			ID: paywall.NewID(), At: stored(start.Add(time.Duration(n) * time.Second)),
			Actor: line.actor, Action: "test", Subject: line.subject, Detail: line.detail,
		}
		must(t, s.AddAudit(ctx, e))
		e.Actor, e.Detail = line.wantActor, line.want
		want = append([]paywall.AuditEntry{e}, want...)
	}
	must(t, s.ErasePersonal(ctx, ada, gone))
	for n, got := range read[[]paywall.AuditEntry](t)(s.RecentAudit(ctx, 99, 0)) {
		wantSame(t, got, want[n])
	}
}

// testExport looks at the shape; a test of the store looks at every column.
func testExport(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	ada, bob := addUser(t, s, "ada"), addUser(t, s, "bob")
	young := addSession(t, s, ada.ID, func(x *paywall.Session) { x.CreatedAt = stored(start.Add(time.Hour)) })
	old := addSession(t, s, ada.ID, func(x *paywall.Session) { x.Strong = true })
	must(t, s.AddAudit(ctx, paywall.AuditEntry{
		ID: "line", At: stored(start), Subject: ada.ID, Action: "test",
		Actor: paywall.Actor{UserID: bob.ID, Name: bob.Email, Network: "192.0.2.0/24"},
	}))
	values := map[string][]map[string]any{}
	for _, table := range read[[]paywall.PersonalRows](t)(s.ExportPersonal(ctx, ada)) {
		for _, row := range table.Rows {
			fields := map[string]any{}
			for _, v := range row {
				fields[v.Column] = v.Value
			}
			values[table.Table] = append(values[table.Table], fields)
		}
	}
	wantSame(t, len(values["users"]), 1)
	wantSame(t, values["users"][0]["email"], any(ada.Email))
	wantSame(t, values["users"][0]["disabled_at"], any(time.Time{}))
	wantSame(t, len(values["sessions"]), 2)
	wantSame(t, values["sessions"][0]["created_at"], any(old.CreatedAt))
	wantSame(t, values["sessions"][0]["strong"], any(true))
	wantSame(t, values["sessions"][1]["created_at"], any(young.CreatedAt))
	wantSame(t, values["audit_entries"], []map[string]any{{ // what an owner did tells nothing of the owner
		"entered_at": stored(start), "action": "test", "subject": ada.ID, "detail": "", "actor_name": "", "network": "",
	}})
}
