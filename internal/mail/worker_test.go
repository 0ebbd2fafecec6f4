package mail_test

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"usher/internal/mail"
	"usher/internal/testkit"
	"usher/paywall"
	"usher/store/storetest"
)

// Each fault of a server ends as it should, and when the server is well again
// the mail arrives, once or with the same Message-ID.
func TestWorker_faultsOfAServer(t *testing.T) {
	for _, c := range []struct {
		mode   testkit.SMTPMode
		state  paywall.MailState
		answer string
		read   int // how often the server read the whole mail before it was well
	}{
		{testkit.SMTP421, paywall.MailQueued, "421", 0},
		{testkit.SMTPFull, paywall.MailQueued, "452", 0},
		{testkit.SMTPNeedsAuth, paywall.MailQueued, "530", 0},
		{testkit.SMTPHalfTaken, paywall.MailQueued, "", 0},
		{testkit.SMTPDrops, paywall.MailQueued, "EOF", 1},
		{testkit.SMTPSlow, paywall.MailQueued, "took too long", 1},
		{testkit.SMTPUnknown, paywall.MailFailed, "550", 0},
		{testkit.SMTPRejects, paywall.MailFailed, "554", 1},
	} {
		t.Run(string(c.mode), func(t *testing.T) {
			o, sink := newOffice(t), testkit.NewSMTP(t, testkit.SMTPStartTLS)
			w := o.worker(smtp(t, sink, mail.TLSStart, func(s *mail.SMTPConfig) {
				if c.mode == testkit.SMTPSlow {
					s.Timeout = 300 * time.Millisecond
				}
			}))
			o.put(t, letter())
			sink.Set(c.mode)
			must(t, w.Flush(t.Context()))
			m := o.only(t)
			if m.State != c.state || !contains(m.Answer, c.answer) || m.Attempts != 1 || !m.SentAt.IsZero() {
				t.Fatalf("%+v", m)
			}
			sink.Set(testkit.SMTPOK)
			if c.state == paywall.MailQueued {
				arrives(t, o, w, sink, c.read)
			}
			if n := len(sink.Mails()); c.state == paywall.MailFailed && n != c.read {
				t.Errorf("a mail that failed was read %d times", n)
			}
		})
	}
}

// arrives checks that a waiting mail is sent a minute later, and not before or
// again.
func arrives(t *testing.T, o *office, w *mail.Worker, sink *testkit.SMTP, before int) {
	t.Helper()
	must(t, w.Flush(t.Context()))
	if m := o.only(t); m.Attempts != 1 || !m.NextAt.Equal(opening.Add(time.Minute)) {
		t.Fatalf("tried again too early: %+v", m)
	}
	o.clock.Advance(time.Minute)
	must(t, w.Flush(t.Context()))
	o.clock.Advance(time.Hour)
	must(t, w.Flush(t.Context()))
	m := o.only(t)
	if m.State != paywall.MailSent || m.Attempts != 2 || !m.SentAt.Equal(opening.Add(time.Minute)) || !contains(m.Answer, "250") {
		t.Fatalf("%+v", m)
	}
	captured := sink.Mails()
	if len(captured) != before+1 {
		t.Fatalf("read %d times, want %d", len(captured), before+1)
	}
	for _, c := range captured {
		if id := c.Read(t).Header.Get("Message-Id"); id != "<"+m.ID+"@radio.example>" {
			t.Errorf("Message-ID %q", id)
		}
	}
}

func TestWorker_serverDown(t *testing.T) {
	o, sink := newOffice(t), testkit.NewSMTP(t, testkit.SMTPStartTLS)
	sink.Down()
	o.put(t, letter())
	must(t, o.worker(smtp(t, sink, mail.TLSStart)).Flush(t.Context()))
	if m := o.only(t); m.State != paywall.MailQueued || m.Answer == "" || !m.NextAt.Equal(opening.Add(time.Minute)) {
		t.Errorf("%+v", m)
	}
}

// A server may quote what it refuses. Code and link must not get into the log.
func TestWorker_masksAnswers(t *testing.T) {
	o, sink := newOffice(t), testkit.NewSMTP(t, testkit.SMTPStartTLS)
	sink.Set(testkit.SMTPRejects)
	o.put(t, letter())
	must(t, o.worker(smtp(t, sink, mail.TLSStart)).Flush(t.Context()))
	m := o.only(t)
	if !contains(m.Answer, "looks like spam") || contains(m.Answer, "918273") {
		t.Errorf("answer %q", m.Answer)
	}
	if got := mail.Mask("see https://radio.example/sign-in/canary-link-0123456789", letter().Params); contains(got, "canary") {
		t.Errorf("masked %q", got)
	}

	long := &sent{do: func(context.Context, mail.Envelope) (string, error) {
		return "", &mail.Permanent{Err: errors.New("no\r\n\x1b[31m " + strings.Repeat("é", 500))}
	}}
	o.put(t, letter(func(l *paywall.Letter) { l.To = "ben@example.org" }))
	must(t, o.worker(long).Flush(t.Context()))
	for _, m := range o.mails(t) {
		if strings.ContainsAny(m.Answer, "\r\n\x1b") || len([]rune(m.Answer)) > 300 {
			t.Errorf("answer %q", m.Answer)
		}
	}
}

// What is sent reads as the recipient's language and zone want it.
func TestWorker_writesForTheRecipient(t *testing.T) {
	o, sender := newOffice(t), &sent{}
	at := func(zone string) func(l *paywall.Letter) {
		return func(l *paywall.Letter) {
			l.Kind, l.Language, l.Zone = paywall.MailNewDevice, "de", zone
			l.Params = paywall.MailParams{At: opening, Device: "Firefox, Linux", Path: "/account"}
		}
	}
	o.put(t, letter(at("America/New_York")))
	must(t, o.worker(sender).Flush(t.Context()))
	o.put(t, letter(at("Mars/Olympus"), func(l *paywall.Letter) { l.Language = "xx" }))
	must(t, o.worker(sender).Flush(t.Context()))
	list := sender.all()
	for i, want := range []string{"Mittwoch, 1. April 2026, 16:00 Uhr", "Wednesday 1 April 2026, 22:00"} {
		e := list[i]
		if !contains(e.Text, want) || !contains(e.HTML, want) || !contains(e.Text, "\nhttps://radio.example/account\n") ||
			e.To != "anna@example.org" || !e.Date.Equal(opening) {
			t.Errorf("want %q in\n%s", want, e.Text)
		}
	}
}

// An address on another host never gets into a mail.
func TestWorker_foreignPath(t *testing.T) {
	for _, path := range []string{"//evil.example/x", "https://evil.example", "evil"} {
		o, sender := newOffice(t), &sent{}
		o.put(t, letter(func(l *paywall.Letter) { l.Params.Path = path }))
		must(t, o.worker(sender).Flush(t.Context()))
		if m := o.only(t); m.State != paywall.MailFailed || len(sender.all()) != 0 {
			t.Errorf("%s: %+v", path, m)
		}
	}
}

func TestWorker_neverSendsTheExpired(t *testing.T) {
	o, sender := newOffice(t), &sent{}
	o.put(t, letter())
	o.clock.Advance(10 * time.Minute)
	must(t, o.worker(sender).Flush(t.Context()))
	m := o.only(t)
	if m.State != paywall.MailExpired || len(sender.all()) != 0 || len(m.Sealed) == 0 {
		t.Errorf("%+v, %d sent", m, len(sender.all()))
	}
}

// A server that never takes a mail is asked ever more rarely, for a day; a mail
// that ends earlier is asked for until then.
func TestWorker_givesUp(t *testing.T) {
	for name, c := range map[string]struct {
		letter paywall.Letter
		state  paywall.MailState
		after  time.Duration
	}{
		"lasting": {letter(lasting), paywall.MailFailed, 24 * time.Hour},
		"short":   {letter(), paywall.MailExpired, 10 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			o, sender := newOffice(t), &sent{do: func(context.Context, mail.Envelope) (string, error) { return "", errLater }}
			o.put(t, c.letter)
			w := o.worker(sender)
			for range 60 {
				must(t, w.Flush(t.Context()))
				m := o.only(t)
				if m.State != paywall.MailQueued {
					break
				}
				o.clock.Advance(m.NextAt.Sub(o.clock.Now()))
			}
			m := o.only(t)
			if m.State != c.state || o.clock.Now().Sub(opening) != c.after || m.Answer != errLater.Error() {
				t.Errorf("after %v and %d tries: %+v", o.clock.Now().Sub(opening), len(sender.all()), m)
			}
		})
	}
}

// Two programs on one database send each mail once, also when a third one dies
// in the middle: what it had claimed is sent when the claims have ended.
func TestWorker_twoWorkers(t *testing.T) {
	onBoth(t, func(t *testing.T, o *office) {
		const many, dead = 200, 8
		sender := &sent{}
		for i := range many {
			o.put(t, letter(func(l *paywall.Letter) { l.To = "listener" + strconv.Itoa(i) + "@example.org" }))
		}
		claimed, err := o.ClaimMails(t.Context(), opening, opening.Add(mail.ClaimFor), dead)
		must(t, err)
		o.flushWithTwo(t, sender)
		if got := o.arrived(t, sender); len(claimed) != dead || got != many-dead {
			t.Errorf("%d arrived beside %d claimed by the dead", got, len(claimed))
		}
		o.clock.Advance(mail.ClaimFor)
		o.flushWithTwo(t, sender)
		if got := o.arrived(t, sender); got != many {
			t.Errorf("%d of %d arrived", got, many)
		}
		for _, m := range o.mails(t) {
			if m.State != paywall.MailSent {
				t.Errorf("%s: %s", m.To, m.State)
			}
		}
	})
}

// flushWithTwo lets two programs send at the same time.
func (o *office) flushWithTwo(t *testing.T, sender mail.Sender) {
	t.Helper()
	var running sync.WaitGroup
	for _, db := range []paywall.Store{o.DB, storetest.Open(t, o.database)} {
		w := o.workerOn(db, sender)
		running.Go(func() {
			if err := w.Flush(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	running.Wait()
}

// arrived counts the recipients, each of whom must have got one mail.
func (o *office) arrived(t *testing.T, sender *sent) int {
	t.Helper()
	seen := map[string]bool{}
	for _, e := range sender.all() {
		if seen[e.To] {
			t.Errorf("%s got it twice", e.To)
		}
		seen[e.To] = true
	}
	return len(seen)
}

// Recipients whose servers are slow hold nobody else's mail up.
func TestWorker_slowRecipients(t *testing.T) {
	const slow, many = 3, 20
	o := newOffice(t)
	release, arrived := make(chan struct{}), make(chan struct{}, many)
	sender := &sent{do: func(_ context.Context, e mail.Envelope) (string, error) {
		if strings.HasPrefix(e.To, "slow") {
			<-release
		} else {
			arrived <- struct{}{}
		}
		return "250 ok", nil
	}}
	for i := range slow + many {
		name := "quick"
		if i < slow {
			name = "slow"
		}
		o.put(t, letter(func(l *paywall.Letter) { l.To = name + strconv.Itoa(i) + "@example.org" }))
	}
	var running sync.WaitGroup
	defer running.Wait()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	defer close(release)
	running.Go(func() { o.worker(sender).Run(ctx) })
	patience := time.After(10 * time.Second)
	for n := range many {
		select {
		case <-arrived:
		case <-patience:
			t.Fatalf("%d of %d arrived while others were slow", n, many)
		}
	}
}

// A program that died between claim and outcome loses nothing: the mail is sent
// when the claim has ended.
func TestWorker_restartAfterAClaim(t *testing.T) {
	o, sender := newOffice(t), &sent{}
	o.put(t, letter())
	claimed, err := o.ClaimMails(t.Context(), opening, opening.Add(mail.ClaimFor), 10)
	must(t, err)
	w := o.worker(sender)
	must(t, w.Flush(t.Context()))
	if n := len(sender.all()); n != 0 {
		t.Fatalf("%d sent although somebody else has the claim", n)
	}
	o.clock.Advance(mail.ClaimFor)
	must(t, w.Flush(t.Context()))
	if list := sender.all(); len(list) != 1 || list[0].ID != claimed[0].ID || o.only(t).State != paywall.MailSent {
		t.Errorf("%d sent, %+v", len(list), o.only(t))
	}
}

// A sending that has begun when the program stops is brought to its end.
func TestWorker_stopLetsSendingsEnd(t *testing.T) {
	o := newOffice(t)
	ctx, stop := context.WithCancel(t.Context())
	sender := &sent{do: func(sending context.Context, _ mail.Envelope) (string, error) {
		stop()
		<-ctx.Done()
		return "250 ok", sending.Err()
	}}
	o.put(t, letter())
	o.worker(sender).Run(ctx)
	if m := o.only(t); m.State != paywall.MailSent {
		t.Errorf("%+v", m)
	}
}

// One that does not end is cut off, and no mail is lost: not the one that was on
// its way, nor those that were claimed with it.
func TestWorker_stopCutsOff(t *testing.T) {
	o := newOffice(t)
	ctx, stop := context.WithCancel(t.Context())
	sender := &sent{do: func(sending context.Context, _ mail.Envelope) (string, error) {
		stop()
		<-sending.Done()
		return "", sending.Err()
	}}
	const many = 8
	for range many {
		o.put(t, letter(lasting))
	}
	w := o.worker(sender)
	w.SetGrace(20 * time.Millisecond)
	w.Run(ctx)

	after := &sent{}
	o.clock.Advance(time.Minute)
	must(t, o.worker(after).Flush(t.Context()))
	if n := len(after.all()); n != many {
		t.Errorf("%d of %d arrived after the next start", n, many)
	}
}

// Without a mail server mails wait, can be read, and end unsent.
func TestWorker_withoutAServer(t *testing.T) {
	o := newOffice(t)
	o.put(t, letter(lasting))
	w := o.worker(nil)
	must(t, w.Flush(t.Context()))
	m := o.only(t)
	if m.State != paywall.MailQueued || m.Answer != mail.NoServer {
		t.Fatalf("%+v", m)
	}
	message, err := w.Message(t.Context(), m)
	must(t, err)
	if !contains(message.Text, "918273") || !contains(message.Subject, "Radio Lumière") {
		t.Errorf("%+v", message)
	}
	// A server that is set later takes it.
	o.clock.Advance(time.Minute)
	sender := &sent{}
	must(t, o.worker(sender).Flush(t.Context()))
	if len(sender.all()) != 1 {
		t.Error("a server that is set later does not get the mail")
	}

	o.put(t, letter(lasting)) // a minute younger, so it is the first in the list
	o.clock.Advance(24 * time.Hour)
	must(t, w.Flush(t.Context()))
	if m := o.mails(t)[0]; m.State != paywall.MailExpired || m.Answer != mail.NoServer {
		t.Errorf("%+v", m)
	}
}

// Nothing of a deleted account stays once it was told.
func TestWorker_forgetsTheDeleted(t *testing.T) {
	o := newOffice(t)
	farewell := letter(func(l *paywall.Letter) { l.Kind, l.Params = paywall.MailDeleted, paywall.MailParams{} })
	o.put(t, farewell)
	w := o.worker(&sent{do: func(context.Context, mail.Envelope) (string, error) { return "", errLater }})
	must(t, w.Flush(t.Context()))
	o.only(t) // it waits
	o.clock.Advance(time.Minute)
	must(t, o.worker(&sent{}).Flush(t.Context()))
	if list := o.mails(t); len(list) != 0 {
		t.Errorf("%+v", list)
	}
}

// A mail that cannot be opened or written is given up at once and said so.
func TestWorker_unreadable(t *testing.T) {
	o := newOffice(t)
	o.put(t, letter())
	m := o.only(t)
	m.Sealed = []byte("damaged")
	must(t, o.UpdateMail(t.Context(), m))
	o.put(t, letter(func(l *paywall.Letter) { l.Kind = "unknown" }))
	sender := &sent{}
	must(t, o.worker(sender).Flush(t.Context()))
	for _, m := range o.mails(t) {
		if m.State != paywall.MailFailed || !contains(m.Answer, "cannot be") {
			t.Errorf("%+v", m)
		}
	}
	if n := len(sender.all()); n != 0 {
		t.Errorf("%d sent", n)
	}
}

func TestWorker_logs(t *testing.T) {
	o := newOffice(t)
	o.put(t, letter(), letter(func(l *paywall.Letter) { l.Params.Path = "bad" })) // the second is not sent
	n := 0
	w := o.worker(&sent{do: func(context.Context, mail.Envelope) (string, error) {
		if n++; n == 1 {
			return "", errors.New("451 anna@example.org 918273 canary-link-0123456789")
		}
		return "250 anna@example.org 918273", nil
	}})
	must(t, w.Flush(t.Context()))
	o.clock.Advance(time.Minute)
	must(t, w.Flush(t.Context()))
	log := o.log.String()
	for _, outcome := range []string{"outcome=queued", "outcome=sent", "outcome=failed", "kind=sign_in"} {
		if !contains(log, outcome) {
			t.Errorf("no %q in\n%s", outcome, log)
		}
	}
	for _, secret := range []string{"anna@", "918273", "canary"} {
		if contains(log, secret) {
			t.Errorf("the log tells %q:\n%s", secret, log)
		}
	}
}

// The operator reads once in the log why no mail leaves, and when it does again.
func TestWorker_tellsTheOperator(t *testing.T) {
	o := newOffice(t)
	sink := testkit.NewSMTP(t, testkit.SMTPStartTLS)
	stranger := testkit.NewSMTP(t, testkit.SMTPStartTLS) // its authority is not that of the sink
	for range 3 {
		o.put(t, letter(lasting))
	}
	distrustful := smtp(t, sink, mail.TLSStart, func(c *mail.SMTPConfig) { c.CAFile = stranger.CAFile })
	sender := &sent{do: distrustful.Send}
	w := o.worker(sender)
	must(t, w.Flush(t.Context()))
	sender.do = smtp(t, sink, mail.TLSStart).Send
	o.clock.Advance(time.Minute)
	must(t, w.Flush(t.Context()))
	for part, want := range map[string]int{"cannot be used": 1, "unknown authority": 1, "can be used again": 1, "anna@": 0} {
		if got := strings.Count(o.log.String(), part); got != want {
			t.Errorf("the log says %q %d times, want %d:\n%s", part, got, want, o.log.String())
		}
	}
}

// A connection that breaks names another port each time, and is one trouble.
func TestWorker_tellsABrokenServerOnce(t *testing.T) {
	o, port := newOffice(t), 50000
	for range 5 {
		o.put(t, letter(lasting))
	}
	var mu sync.Mutex
	must(t, o.worker(&sent{do: func(context.Context, mail.Envelope) (string, error) {
		mu.Lock()
		defer mu.Unlock()
		port++
		return "", &mail.Unusable{Err: errors.New("read tcp 127.0.0.1:" + strconv.Itoa(port) + ": connection reset")}
	}}).Flush(t.Context()))
	if got := strings.Count(o.log.String(), "cannot be used"); got != 1 {
		t.Errorf("the log says it %d times:\n%s", got, o.log.String())
	}
}
