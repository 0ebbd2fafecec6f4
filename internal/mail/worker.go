package mail

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"time"
	"unicode"

	"usher/paywall"
)

// The worker's measures. A mail is claimed when there is a lane for it, so a
// claim outlasts the 30 seconds of a sending by far.
const (
	pollEvery = time.Second
	claimFor  = 2 * time.Minute
	lanes     = 4
	// grace is what sendings that have begun get when the program stops, and
	// noteTime is for keeping what became of them.
	grace    = 5 * time.Second
	noteTime = 5 * time.Second
	// lookAgain is how long mails wait when there is no server to take them.
	lookAgain = time.Minute
)

// noServer stands in the mail log for mails that nothing can send.
const noServer = "no mail server is set"

// Worker sends what waits in the outbox. Several may run on one database: a mail
// is claimed before it is sent. One that was claimed by a program which died is
// sent after the claim's end, with the same Message-ID.
type Worker struct {
	store  paywall.Store
	outbox *paywall.Outbox
	sender Sender
	site   Site
	clock  paywall.Clock
	log    *slog.Logger
	grace  time.Duration

	database, server trouble
}

// NewWorker makes a worker. Without a sender (nil), mails wait and end unsent;
// an owner can read them in the mail log.
func NewWorker(store paywall.Store, outbox *paywall.Outbox, sender Sender, site Site, clock paywall.Clock, log *slog.Logger) *Worker {
	return &Worker{store: store, outbox: outbox, sender: sender, site: site, clock: clock, log: log, grace: grace}
}

// Run sends what falls due until the context ends. Sendings that have begun by
// then are brought to an end.
func (w *Worker) Run(ctx context.Context) {
	var running sync.WaitGroup
	for range lanes {
		running.Go(func() { w.runLane(ctx) })
	}
	running.Wait()
}

// runLane sends one mail after the other. The lanes do not wait for each other:
// a recipient whose server is slow must not hold everybody's codes up.
func (w *Worker) runLane(ctx context.Context) {
	ticker := time.NewTicker(pollEvery)
	defer ticker.Stop()
	for {
		err := w.drain(ctx)
		// A database that is down would fill the log each second.
		if ctx.Err() == nil && w.database.changed(err) && err != nil {
			w.log.Error("the outbox does not move", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// trouble is what is wrong with something that is asked again and again.
type trouble struct {
	mu   sync.Mutex
	text string
}

// changed tells whether this is another trouble than before, or its end. Numbers
// do not count: a broken connection names another port each time.
func (t *trouble) changed(err error) bool {
	text := ""
	if err != nil {
		text = strings.Map(withoutDigits, err.Error())
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if text == t.text {
		return false
	}
	t.text = text
	return true
}

func withoutDigits(r rune) rune {
	if unicode.IsDigit(r) {
		return -1
	}
	return r
}

// Flush sends everything that is due now. Its errors are the database's; what a
// mail server says ends in the mail log.
func (w *Worker) Flush(ctx context.Context) error {
	var running sync.WaitGroup
	failures := make([]error, lanes)
	for i := range failures {
		running.Go(func() { failures[i] = w.drain(ctx) })
	}
	running.Wait()
	return errors.Join(failures...)
}

// drain sends what is due, one mail after the other.
func (w *Worker) drain(ctx context.Context) error {
	for {
		now := w.clock()
		claimed, err := w.store.ClaimMails(ctx, now, now.Add(claimFor), 1)
		if err != nil || len(claimed) == 0 {
			return err
		}
		if err := w.send(ctx, claimed[0]); err != nil {
			return err
		}
	}
}

// send processes a claimed mail and keeps what became of it. When the program
// stops before it begins, the mail is let go as it was.
func (w *Worker) send(ctx context.Context, m paywall.Mail) error {
	sending, cancel := outlive(ctx, w.grace)
	defer cancel()
	if ctx.Err() == nil {
		m = w.process(sending, m)
	}
	return errors.Join(w.keep(ctx, m), ctx.Err())
}

// outlive is a context that ends a while after its parent.
func outlive(parent context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(parent))
	forget := context.AfterFunc(parent, func() { time.AfterFunc(d, cancel) })
	return ctx, func() { forget(); cancel() }
}

// process sends a mail if it is still worth it, and gives it with what became of
// it.
func (w *Worker) process(ctx context.Context, m paywall.Mail) paywall.Mail {
	switch now := w.clock(); {
	case !paywall.GiveUpAt(m).After(now):
		return w.over(m, now)
	case w.sender == nil:
		return waits(m, now, lookAgain, noServer)
	}
	p, err := w.outbox.Params(m)
	if err != nil {
		return failed(m, "the mail cannot be read: "+err.Error())
	}
	message, err := w.write(ctx, m, p)
	if err != nil {
		return failed(m, "the mail cannot be written: "+err.Error())
	}
	answer, err := w.sender.Send(ctx, Envelope{
		ID: m.ID, From: w.site.from(), To: m.To, Date: m.CreatedAt,
		Subject: message.Subject, Text: message.Text, HTML: message.HTML,
	})
	if ctx.Err() == nil { // our own stop is no trouble
		w.watch(err)
	}
	now := w.clock()
	if err == nil {
		m.State, m.SentAt, m.Answer = paywall.MailSent, now, tidy(mask(answer, p))
		return m
	}
	answer = tidy(mask(err.Error(), p))
	if isPermanent(err) {
		return failed(m, answer)
	}
	return waits(m, now, paywall.NextAttempt(m.Attempts), answer)
}

// over ends a mail whose time has passed.
func (w *Worker) over(m paywall.Mail, now time.Time) paywall.Mail {
	if w.sender == nil {
		m.State, m.Answer = paywall.MailExpired, noServer
		return m
	}
	m.State = paywall.MailFailed
	if !m.NotAfter.After(now) {
		m.State = paywall.MailExpired
	}
	return m
}

func failed(m paywall.Mail, answer string) paywall.Mail {
	m.State, m.Answer = paywall.MailFailed, tidy(answer)
	return m
}

// waits lets a mail wait for its next try, or for its end when that comes first.
func waits(m paywall.Mail, now time.Time, wait time.Duration, answer string) paywall.Mail {
	m.NextAt, m.Answer = now.Add(wait), answer
	if end := paywall.GiveUpAt(m); end.Before(m.NextAt) {
		m.NextAt = end
	}
	return m
}

// keep stores what became of a mail, also when the program is stopping.
func (w *Worker) keep(ctx context.Context, m paywall.Mail) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), noteTime)
	defer cancel()
	w.note(m)
	// Nothing of a deleted account stays, not even its address in the log.
	if m.Kind == paywall.MailDeleted && m.State == paywall.MailSent {
		return w.store.DeleteMail(ctx, m.ID)
	}
	err := w.store.UpdateMail(ctx, m)
	if errors.Is(err, paywall.ErrNotFound) {
		return nil // removed meanwhile
	}
	return err
}

// watch tells the operator when the mail server cannot be used, and when it can
// again. What it says about a mail stands in the mail log only.
func (w *Worker) watch(err error) {
	var unusable *Unusable
	switch {
	case errors.As(err, &unusable):
		if w.server.changed(err) {
			w.log.Error("the mail server cannot be used", "error", tidy(err.Error()))
		}
	case err == nil && w.server.changed(nil):
		w.log.Info("the mail server can be used again")
	}
}

// note logs the outcome, without recipient and contents. Answers stand in the
// mail log only, because they may name the recipient.
func (w *Worker) note(m paywall.Mail) {
	level := slog.LevelWarn
	switch {
	case m.State == paywall.MailSent:
		level = slog.LevelInfo
	case m.State == paywall.MailQueued && w.sender == nil:
		level = slog.LevelDebug // said each minute of each mail
	}
	w.log.Log(context.Background(), level, "mail", "kind", m.Kind, "id", m.ID, "outcome", m.State, "attempts", m.Attempts)
}
