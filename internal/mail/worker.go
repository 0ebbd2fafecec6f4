package mail

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"usher/paywall"
)

// The worker's measures. A batch must be done before its claim ends, also when
// each sending takes its whole 30 seconds: 12 mails, 4 at once, are 90 seconds.
const (
	pollEvery = time.Second
	claimFor  = 2 * time.Minute
	batchSize = 12
	atOnce    = 4
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
}

// NewWorker makes a worker. Without a sender (nil), mails wait and end unsent;
// an owner can read them in the mail log.
func NewWorker(store paywall.Store, outbox *paywall.Outbox, sender Sender, site Site, clock paywall.Clock, log *slog.Logger) *Worker {
	return &Worker{store: store, outbox: outbox, sender: sender, site: site, clock: clock, log: log, grace: grace}
}

// Run sends what falls due until the context ends. Sendings that have begun by
// then are brought to an end.
func (w *Worker) Run(ctx context.Context) {
	ticker := time.NewTicker(pollEvery)
	defer ticker.Stop()
	failing := ""
	for {
		err := w.Flush(ctx)
		// A database that is down would fill the log each second.
		if text := errorText(err); text != failing && ctx.Err() == nil {
			failing = text
			if err != nil {
				w.log.Error("the outbox does not move", "error", err)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// Flush sends everything that is due now. Its errors are the database's; what a
// mail server says ends in the mail log.
func (w *Worker) Flush(ctx context.Context) error {
	for {
		now := w.clock()
		batch, err := w.store.ClaimMails(ctx, now, now.Add(claimFor), batchSize)
		if err != nil || len(batch) == 0 {
			return err
		}
		if err := w.sendAll(ctx, batch); err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
}

// sendAll sends a batch, a few at once.
func (w *Worker) sendAll(ctx context.Context, batch []paywall.Mail) error {
	sending, cancel := outlive(ctx, w.grace)
	defer cancel()
	var running sync.WaitGroup
	slots := make(chan struct{}, atOnce)
	failures := make([]error, len(batch))
	for i, m := range batch {
		slots <- struct{}{}
		running.Go(func() {
			defer func() { <-slots }()
			if ctx.Err() == nil {
				m = w.process(sending, m)
			}
			// What was not begun when the program stopped is let go as it was.
			failures[i] = w.keep(ctx, m)
		})
	}
	running.Wait()
	return errors.Join(failures...)
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
		ID: m.ID, From: w.site.From, To: m.To, Date: m.CreatedAt,
		Subject: message.Subject, Text: message.Text, HTML: message.HTML,
	})
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
