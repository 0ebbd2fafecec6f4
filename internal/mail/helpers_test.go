package mail_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	netmail "net/mail"
	"net/url"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"usher/internal/mail"
	"usher/internal/testkit"
	"usher/paywall"
	"usher/store"
	"usher/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// onBoth runs a test with an office on each database.
func onBoth(t *testing.T, test func(t *testing.T, o *office)) {
	t.Helper()
	t.Run("SQLite", func(t *testing.T) { test(t, newOffice(t)) })
	t.Run("PostgreSQL", func(t *testing.T) { test(t, newOfficeOn(t, storetest.PostgresURL(t))) })
}

// opening is when the tests begin.
var opening = time.Date(2026, 4, 1, 20, 0, 0, 0, time.UTC)

// office is an outbox on a real database.
type office struct {
	*store.DB
	database string
	outbox   *paywall.Outbox
	clock    *testkit.Clock
	site     mail.Site
	log      *testkit.Log
}

func newOffice(t *testing.T) *office {
	t.Helper()
	return newOfficeOn(t, filepath.Join(t.TempDir(), "usher.db"))
}

func newOfficeOn(t *testing.T, database string) *office {
	t.Helper()
	vault, err := paywall.NewVault(paywall.NewSecret("a-key-of-some-length"))
	must(t, err)
	o := &office{database: database, clock: testkit.NewClock(opening), log: &testkit.Log{}}
	o.DB = storetest.Open(t, o.database)
	o.outbox = paywall.NewOutbox(vault, o.clock.Now)
	front := paywall.NewFront(o.DB, o.clock.Now, paywall.Look{
		Name: "Radio Lumière", Language: "en", Languages: []string{"en", "fr", "de", "it", "es"}, Zone: "Europe/Zurich",
	})
	o.site = mail.Site{
		Front: front, BaseURL: &url.URL{Scheme: "https", Host: "radio.example"},
		From: netmail.Address{Address: "no-reply@radio.example"},
	}
	return o
}

// worker sends with a sender from this office's database.
func (o *office) worker(sender mail.Sender) *mail.Worker { return o.workerOn(o.DB, sender) }

func (o *office) workerOn(db paywall.Store, sender mail.Sender) *mail.Worker {
	log := slog.New(slog.NewTextHandler(o.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	return mail.NewWorker(db, o.outbox, sender, o.site, o.clock.Now, log)
}

// letter is a code mail in French that is worth something for ten minutes.
func letter(changes ...func(l *paywall.Letter)) paywall.Letter {
	l := paywall.Letter{
		Kind: paywall.MailSignIn, UserID: "anna-id", To: "anna@example.org", Language: "fr",
		Params:   paywall.MailParams{Code: "918273", Path: "/sign-in/canary-link-0123456789", Valid: 10 * time.Minute},
		NotAfter: opening.Add(10 * time.Minute),
	}
	for _, change := range changes {
		change(&l)
	}
	return l
}

// lasting makes a letter that is worth something for longer than it is tried.
func lasting(l *paywall.Letter) { l.NotAfter = opening.Add(7 * 24 * time.Hour) }

func (o *office) put(t *testing.T, letters ...paywall.Letter) {
	t.Helper()
	must(t, o.InTx(t.Context(), func(tx paywall.Store) error {
		for _, l := range letters {
			if err := o.outbox.Put(t.Context(), tx, l); err != nil {
				return err
			}
		}
		return nil
	}))
}

func (o *office) mails(t *testing.T) []paywall.Mail {
	t.Helper()
	list, _, err := o.Mails(t.Context(), "", "", 1000, 0)
	must(t, err)
	return list
}

// only is the only mail there is.
func (o *office) only(t *testing.T) paywall.Mail {
	t.Helper()
	list := o.mails(t)
	if len(list) != 1 {
		t.Fatalf("%d mails, want one", len(list))
	}
	return list[0]
}

// smtp is a sender to a server of the tests, changed at will.
func smtp(t *testing.T, sink *testkit.SMTP, protection string, changes ...func(c *mail.SMTPConfig)) *mail.SMTP {
	t.Helper()
	cfg := mail.SMTPConfig{
		Host: sink.Host, Port: sink.Port, TLS: protection, CAFile: sink.CAFile, SiteHost: "radio.example",
		Timeout: 5 * time.Second,
	}
	for _, change := range changes {
		change(&cfg)
	}
	sender, err := mail.NewSMTP(cfg)
	must(t, err)
	return sender
}

// sent keeps what it is given, and does what the test says.
type sent struct {
	mu   sync.Mutex
	list []mail.Envelope
	do   func(ctx context.Context, e mail.Envelope) (string, error)
}

func (s *sent) Send(ctx context.Context, e mail.Envelope) (string, error) {
	s.mu.Lock()
	s.list = append(s.list, e)
	do := s.do
	s.mu.Unlock()
	if do == nil {
		return "250 ok", nil
	}
	return do(ctx, e)
}

func (s *sent) all() []mail.Envelope {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]mail.Envelope(nil), s.list...)
}

var errLater = errors.New("451 later")

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func contains(text, part string) bool { return bytes.Contains([]byte(text), []byte(part)) }
