package paywall_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"usher/paywall"
	"usher/store"
)

// newOutbox is the outbox of a site.
func newOutbox(t testing.TB, s *site) *paywall.Outbox {
	t.Helper()
	return paywall.NewOutbox(newVault(t, "a-key-of-some-length"), s.clock.Now)
}

// put stores a letter in a transaction of its own.
func put(t testing.TB, s paywall.Store, outbox *paywall.Outbox, letter paywall.Letter) {
	t.Helper()
	must(t, s.InTx(t.Context(), func(tx paywall.Store) error { return outbox.Put(t.Context(), tx, letter) }))
}

// mails lists all mails, newest first.
func mails(t testing.TB, s paywall.Store) []paywall.Mail {
	t.Helper()
	list, _, err := s.Mails(t.Context(), "", "", 100, 0)
	must(t, err)
	return list
}

func signIn(changes ...func(l *paywall.Letter)) paywall.Letter {
	letter := paywall.Letter{
		Kind: paywall.MailSignIn, UserID: "anna-id", To: "anna@example.org", Language: "fr", Zone: "Europe/Paris",
		Params:   paywall.MailParams{Code: "918273", Path: "/sign-in/canary-link", Valid: 10 * time.Minute},
		NotAfter: opening.Add(10 * time.Minute),
	}
	for _, change := range changes {
		change(&letter)
	}
	return letter
}

func TestOutbox_keepsALetter(t *testing.T) {
	s := newSite(t)
	outbox := newOutbox(t, s)
	put(t, s, outbox, signIn())

	m := mails(t, s)[0]
	wantSame(t, get(outbox.Params(m))(t), paywall.MailParams{
		Code: "918273", Path: "/sign-in/canary-link", Valid: 10 * time.Minute, Zone: "Europe/Paris",
	})
	id := m.ID
	m.ID, m.Sealed = "", nil
	wantSame(t, m, paywall.Mail{
		Kind: paywall.MailSignIn, UserID: "anna-id", To: "anna@example.org", Language: "fr",
		CreatedAt: opening, NotAfter: opening.Add(10 * time.Minute), State: paywall.MailQueued, NextAt: opening,
	})
	if id == "" {
		t.Error("a mail without an id")
	}
}

func TestOutbox_defaults(t *testing.T) {
	s := newSite(t)
	put(t, s, newOutbox(t, s), signIn(func(l *paywall.Letter) { l.Language, l.NotAfter = "", time.Time{} }))
	m := mails(t, s)[0]
	if m.Language != "" || !m.NotAfter.Equal(opening.Add(24*time.Hour)) {
		t.Errorf("language %q, not after %v", m.Language, m.NotAfter)
	}
}

// A mail is there exactly when the change is.
func TestOutbox_isPartOfTheTransaction(t *testing.T) {
	s := newSite(t)
	outbox, undone := newOutbox(t, s), errors.New("undone")
	err := s.InTx(t.Context(), func(tx paywall.Store) error {
		must(t, outbox.Put(t.Context(), tx, signIn()))
		return undone
	})
	wantErr(t, err, undone)
	if list := mails(t, s); len(list) != 0 {
		t.Errorf("%d mails of a change that was undone", len(list))
	}
}

// No column and no page of the file tells a code or a link.
func TestOutbox_sealsWhatItSays(t *testing.T) {
	path := filepath.Join(t.TempDir(), "usher.db")
	db := get(store.Open(t.Context(), path))(t)
	outbox := paywall.NewOutbox(newVault(t, "a-key-of-some-length"), newClock().Now)
	put(t, db, outbox, signIn())
	must(t, db.Close())
	for _, name := range get(filepath.Glob(path + "*"))(t) {
		content := get(os.ReadFile(name))(t)
		for _, canary := range []string{"918273", "canary-link"} {
			if bytes.Contains(content, []byte(canary)) {
				t.Errorf("%s holds %q", filepath.Base(name), canary)
			}
		}
		if name == path && !bytes.Contains(content, []byte("anna@example.org")) {
			t.Error("the mail itself is not in the file: the test looks in the wrong place")
		}
	}
}

// Rows cannot be swapped, and an emptied one says so.
func TestOutbox_paramsOfAnother(t *testing.T) {
	s := newSite(t)
	outbox := newOutbox(t, s)
	put(t, s, outbox, signIn())
	m := mails(t, s)[0]

	moved := m
	moved.ID = "another"
	if p, err := outbox.Params(moved); err == nil {
		t.Errorf("a moved row opens: %+v", p)
	}
	m.Sealed = nil
	_, err := outbox.Params(m)
	wantErr(t, err, paywall.ErrNotFound)
}

// Only an address in its stored form reaches a mail.
func TestOutbox_refusesTypedAddresses(t *testing.T) {
	s := newSite(t)
	outbox := newOutbox(t, s)
	for _, to := range []string{
		"", "Anna@example.org", " anna@example.org", "anna@example.org\r\nBcc: eve@example.org",
		"Anna <anna@example.org>", "anna@example.org,eve@example.org", `"anna"@example.org`, "anna",
	} {
		err := s.InTx(t.Context(), func(tx paywall.Store) error {
			return outbox.Put(t.Context(), tx, signIn(func(l *paywall.Letter) { l.To = to }))
		})
		if err == nil || paywall.KindOf(err) != paywall.KindInternal {
			t.Errorf("%q: error %v", to, err)
		}
	}
}

func TestNextAttempt(t *testing.T) {
	for attempts, want := range map[int]time.Duration{
		0: time.Minute, 1: time.Minute, 2: 2 * time.Minute, 3: 4 * time.Minute, 6: 32 * time.Minute,
		7: time.Hour, 8: time.Hour, 1000: time.Hour,
	} {
		if got := paywall.NextAttempt(attempts); got != want {
			t.Errorf("after %d tries: %v, want %v", attempts, got, want)
		}
	}
}

func TestGiveUpAt(t *testing.T) {
	for notAfter, want := range map[time.Duration]time.Duration{
		10 * time.Minute: 10 * time.Minute, 24 * time.Hour: 24 * time.Hour, 7 * 24 * time.Hour: 24 * time.Hour,
	} {
		m := paywall.Mail{CreatedAt: opening, NotAfter: opening.Add(notAfter)}
		if got := paywall.GiveUpAt(m); !got.Equal(opening.Add(want)) {
			t.Errorf("worth something for %v: given up after %v, want %v", notAfter, got.Sub(opening), want)
		}
	}
}

// mailLog is a site with one mail and the owner's view of it.
type mailLog struct {
	*site
	outbox *paywall.Outbox
	log    *paywall.Mails
}

func newMailLog(t testing.TB, letter paywall.Letter) mailLog {
	t.Helper()
	s := newSite(t)
	outbox := newOutbox(t, s)
	put(t, s, outbox, letter)
	return mailLog{s, outbox, paywall.NewMails(s, outbox, s.clock.Now)}
}

// end keeps what became of the newest mail and gives it.
func (l mailLog) end(t testing.TB, state paywall.MailState, changes ...func(m *paywall.Mail)) paywall.Mail {
	t.Helper()
	m := mails(t, l.site)[0]
	m.State = state
	for _, change := range changes {
		change(&m)
	}
	must(t, l.UpdateMail(t.Context(), m))
	return m
}

func TestMails_resendsACopy(t *testing.T) {
	l := newMailLog(t, signIn())
	sent := l.end(t, paywall.MailSent, func(m *paywall.Mail) { m.SentAt = opening })
	l.clock.Pass(time.Minute)
	must(t, l.log.Resend(t.Context(), by, sent.ID))

	list, total, err := l.log.List(t.Context(), paywall.MailQueued, "anna", 10, 0)
	must(t, err)
	if total != 1 || list[0].ID == sent.ID || list[0].NotAfter != sent.NotAfter || list[0].To != sent.To {
		t.Fatalf("%d waiting: %+v", total, list)
	}
	wantSame(t, get(l.outbox.Params(list[0]))(t), get(l.outbox.Params(sent))(t))
	wantSame(t, get(l.log.ByID(t.Context(), sent.ID))(t), sent)
	l.wantAudit(t, paywall.AuditEntry{
		At: opening.Add(time.Minute), Actor: by, Action: "mail.resend", Subject: sent.ID, Detail: "mail: sign_in\nto: anna@example.org",
	})
}

// A mail that waits for its next try is hurried; one that may be on its way at
// this moment is not touched.
func TestMails_resendOfAWaiting(t *testing.T) {
	l := newMailLog(t, signIn())
	waiting := l.end(t, paywall.MailQueued, func(m *paywall.Mail) { m.NextAt = opening.Add(4 * time.Minute) })
	must(t, l.log.Resend(t.Context(), by, waiting.ID))
	list := mails(t, l.site)
	if len(list) != 1 || !list[0].NextAt.Equal(opening) {
		t.Errorf("after the first: %+v", list)
	}

	claimed := get(l.ClaimMails(t.Context(), opening, opening.Add(2*time.Minute), 10))(t)
	must(t, l.log.Resend(t.Context(), by, waiting.ID))
	if again := get(l.ClaimMails(t.Context(), opening, opening.Add(2*time.Minute), 10))(t); len(claimed) != 1 || len(again) != 0 {
		t.Errorf("claimed %d, then %d", len(claimed), len(again))
	}
}

func TestMails_resendOfWhatIsOver(t *testing.T) {
	over := func(t *testing.T, l mailLog, id string) {
		t.Helper()
		e := asError(t, l.log.Resend(t.Context(), by, id))
		if e.Kind != paywall.KindInvalid || e.Key != "mail.error.over" || len(l.audit(t)) != 0 {
			t.Errorf("error %v, %d audit lines", e, len(l.audit(t)))
		}
	}
	t.Run("emptied", func(t *testing.T) {
		l := newMailLog(t, signIn())
		over(t, l, l.end(t, paywall.MailSent, func(m *paywall.Mail) { m.Sealed = nil }).ID)
	})
	for _, state := range []paywall.MailState{paywall.MailExpired, paywall.MailQueued} {
		t.Run(string(state), func(t *testing.T) {
			l := newMailLog(t, signIn())
			m := l.end(t, state)
			l.clock.Pass(10 * time.Minute)
			over(t, l, m.ID)
		})
	}
	l := newMailLog(t, signIn())
	wantErr(t, l.log.Resend(t.Context(), by, "unknown"), paywall.ErrNotFound)
}

func TestMails_test(t *testing.T) {
	s := newSite(t)
	outbox := newOutbox(t, s)
	olivia := s.addUser(t, "olivia", owner, func(u *paywall.User) { u.Language, u.Zone = "de", "Europe/Vienna" })
	actor := paywall.Actor{UserID: olivia.ID, Name: olivia.Email}
	log := paywall.NewMails(s, outbox, s.clock.Now)

	m := get(log.Test(t.Context(), actor, " Try@Example.org "))(t)
	wantSame(t, mails(t, s), []paywall.Mail{m})
	if m.Kind != paywall.MailTest || m.To != "try@example.org" || m.Language != "de" {
		t.Errorf("%+v", m)
	}
	wantSame(t, get(outbox.Params(m))(t), paywall.MailParams{At: opening, Zone: "Europe/Vienna"})
	s.wantAudit(t, paywall.AuditEntry{
		At: opening, Actor: actor, Action: "mail.test", Subject: m.ID, Detail: "to: try@example.org",
	})
	_, err := log.Test(t.Context(), actor, "nobody")
	wantInvalid(t, err, map[string]string{"email": "user.error.email"})
	get(log.Test(t.Context(), paywall.Actor{Name: "console"}, "try@example.org"))(t)
}
