package storetest

import (
	"sync"
	"testing"
	"time"

	"usher/paywall"
)

func mailID(m paywall.Mail) string { return m.ID }

// addMail stores a queued mail that is due at the start.
func addMail(t *testing.T, s paywall.Store, change func(*paywall.Mail)) paywall.Mail {
	t.Helper()
	m := changed(paywall.Mail{
		ID: paywall.NewID(), Kind: paywall.MailSignIn, To: "ada@example.org", Sealed: []byte{0, 0xff},
		CreatedAt: stored(start), NotAfter: stored(start.Add(time.Hour)), State: paywall.MailQueued, NextAt: stored(start),
	}, change)
	must(t, s.AddMail(t.Context(), m))
	return m
}

func testMails(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	full := addMail(t, s, func(m *paywall.Mail) {
		m.UserID, m.Language, m.State, m.Attempts = "ada", "fr", paywall.MailFailed, 4
		m.NextAt, m.Answer, m.SentAt = stored(start.Add(time.Minute)), "550 no", stored(start.Add(time.Second))
	})
	other := addMail(t, s, func(m *paywall.Mail) { m.Sealed = nil })
	wantSame(t, read[paywall.Mail](t)(s.MailByID(ctx, full.ID)), full)
	wantSame(t, read[paywall.Mail](t)(s.MailByID(ctx, other.ID)), other)
	wantErr(t, s.AddMail(ctx, full), paywall.ErrExists)
	_, err := s.MailByID(ctx, "none")
	wantErr(t, err, paywall.ErrNotFound)

	full.Sealed, full.State, full.NextAt, full.Answer = nil, paywall.MailSent, stored(start.Add(2*time.Minute)), "250 ok"
	full.SentAt, full.NotAfter = stored(start.Add(3*time.Minute)), stored(start.Add(4*time.Minute))
	changed := full
	changed.To, changed.Attempts, changed.Kind = "bob@example.org", 9, paywall.MailReset // these do not change
	must(t, s.UpdateMail(ctx, changed))
	wantSame(t, read[paywall.Mail](t)(s.MailByID(ctx, full.ID)), full)
	wantSame(t, read[paywall.Mail](t)(s.MailByID(ctx, other.ID)), other)
	wantErr(t, s.UpdateMail(ctx, paywall.Mail{ID: "none"}), paywall.ErrNotFound)

	for range 2 {
		must(t, s.DeleteMail(ctx, full.ID))
		_, err = s.MailByID(ctx, full.ID)
		wantErr(t, err, paywall.ErrNotFound)
	}
	wantSame(t, read[paywall.Mail](t)(s.MailByID(ctx, other.ID)), other)
}

// testSupersedeMails ends what waits, of one kind and for one address.
func testSupersedeMails(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	waiting := addMail(t, s, nil)
	sent := addMail(t, s, func(m *paywall.Mail) { m.State = paywall.MailSent })
	other := addMail(t, s, func(m *paywall.Mail) { m.Kind = paywall.MailReset })
	foreign := addMail(t, s, func(m *paywall.Mail) { m.To = "bob@example.org" })
	must(t, s.SupersedeMails(ctx, paywall.MailSignIn, "ada@example.org", "a newer one"))
	waiting.State, waiting.Answer, waiting.Sealed = paywall.MailExpired, "a newer one", nil
	for _, want := range []paywall.Mail{waiting, sent, other, foreign} {
		wantSame(t, read[paywall.Mail](t)(s.MailByID(ctx, want.ID)), want)
	}
}

func testClaimMails(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	due := func(seconds int) paywall.Mail {
		return addMail(t, s, func(m *paywall.Mail) { m.NextAt = stored(start).Add(time.Duration(seconds) * time.Second) })
	}
	third, first, second := due(10), due(0), due(5)
	due(11)
	addMail(t, s, func(m *paywall.Mail) { m.State = paywall.MailSent })
	now := stored(start.Add(10 * time.Second))
	until := now.Add(time.Minute)
	claim := func(now time.Time, limit int, want ...paywall.Mail) {
		t.Helper()
		got := read[[]paywall.Mail](t)(s.ClaimMails(ctx, now, until, limit))
		wantSame(t, got, want)
	}

	first.Attempts, second.Attempts, third.Attempts = 1, 1, 1
	claim(now, 2, first, second)
	wantSame(t, read[paywall.Mail](t)(s.MailByID(ctx, first.ID)), first)
	claim(now, 2, third)
	claim(now, 2)

	// What became of a mail ends the claim.
	second.Answer, second.NextAt = "421 later", now.Add(-time.Second)
	must(t, s.UpdateMail(ctx, second))
	first.State = paywall.MailSent
	must(t, s.UpdateMail(ctx, first))
	second.Attempts = 2
	claim(now, 9, second)

	// A claim that nobody ended, ends by itself.
	must(t, s.DeleteMail(ctx, second.ID))
	third.Attempts = 2
	until, now = until.Add(time.Hour), until
	claim(now, 1, third)
}

// testClaimRace lets several senders take what is due: each mail goes to one.
func testClaimRace(t *testing.T, s paywall.Store) {
	const mails, senders = 60, 8
	ctx := bounded(t)
	for range mails {
		addMail(t, s, nil)
	}
	var mu sync.Mutex
	times := map[string]int{}
	all := func() bool { mu.Lock(); defer mu.Unlock(); return len(times) == mails }
	var wg sync.WaitGroup
	for n := range senders {
		wg.Go(func() {
			for !all() {
				claimed, err := s.ClaimMails(ctx, start, start.Add(time.Hour), 1+n%4)
				if err != nil {
					t.Errorf("ClaimMails: %v", err)
					return
				}
				mu.Lock()
				for _, m := range claimed {
					times[m.ID]++
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	for id, n := range times {
		if n != 1 {
			t.Errorf("mail %s went to %d senders", id, n)
		}
	}
}

func testMailList(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	var all []paywall.Mail // newest first
	for n, to := range []string{"ada@example.org", "bob@example.org", "a_b@example.org", "a%b@example.org", "a!b@example.org", "axb@example.org"} {
		m := addMail(t, s, func(m *paywall.Mail) {
			m.To, m.CreatedAt = to, stored(start.Add(time.Duration(n)*time.Second))
			if n%2 == 0 {
				m.State = paywall.MailSent
			}
		})
		all = append([]paywall.Mail{m}, all...)
	}
	list := func(state paywall.MailState, text string, limit, offset int) ([]paywall.Mail, int) {
		t.Helper()
		mails, total, err := s.Mails(ctx, state, text, limit, offset)
		must(t, err)
		return mails, total
	}
	mails, total := list("", "", 2, 1)
	wantSame(t, mails, all[1:3])
	wantSame(t, total, 6)
	mails, total = list("", "", 9, 6)
	wantSame(t, len(mails), 0)
	wantSame(t, total, 6)
	mails, total = list(paywall.MailSent, "", 9, 0)
	wantSame(t, ids(mails, mailID), []string{all[1].ID, all[3].ID, all[5].ID})
	wantSame(t, total, 3)
	mails, total = list(paywall.MailSent, "BOB", 9, 0)
	wantSame(t, len(mails)+total, 0)
	for text, want := range map[string]string{
		"BOB": "bob@example.org", "a_b": "a_b@example.org", "a%b": "a%b@example.org", "a!b": "a!b@example.org", "_": "a_b@example.org",
	} {
		mails, total = list("", text, 9, 0)
		if total != 1 || len(mails) != 1 || mails[0].To != want {
			t.Errorf("%q finds %d: %+v", text, total, mails)
		}
	}
}

func testMailTrouble(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	mail := func(state paywall.MailState, made time.Duration, attempts int, answer string) {
		addMail(t, s, func(m *paywall.Mail) {
			m.State, m.CreatedAt, m.Attempts, m.Answer = state, stored(start.Add(made)), attempts, answer
		})
	}
	wantTrouble := func(failed, stuck int) {
		t.Helper()
		gotFailed, gotStuck, err := s.MailTrouble(ctx, start)
		must(t, err)
		wantSame(t, []int{gotFailed, gotStuck}, []int{failed, stuck})
	}
	wantTrouble(0, 0)
	mail(paywall.MailFailed, -time.Second, 5, "550 no") // long ago
	mail(paywall.MailFailed, 0, 5, "550 no")
	mail(paywall.MailFailed, time.Second, 5, "550 no")
	mail(paywall.MailSent, time.Second, 2, "250 ok")
	mail(paywall.MailExpired, time.Second, 2, "421 later")
	mail(paywall.MailQueued, -time.Hour, 1, "421 later")
	mail(paywall.MailQueued, 0, 0, "")
	mail(paywall.MailQueued, 0, 1, "") // being sent right now
	wantTrouble(2, 1)
}

func testEmptyMails(t *testing.T, s paywall.Store) {
	ctx, now := t.Context(), stored(start.Add(time.Hour))
	for _, c := range []struct {
		state paywall.MailState
		end   time.Time
		empty bool
	}{
		{paywall.MailSent, now.Add(-time.Millisecond), true},
		{paywall.MailFailed, now.Add(-time.Millisecond), true},
		{paywall.MailExpired, now.Add(-time.Millisecond), true},
		{paywall.MailSent, now, false},
		{paywall.MailQueued, now.Add(-time.Hour), false},
	} {
		m := addMail(t, s, func(m *paywall.Mail) { m.State, m.NotAfter = c.state, c.end })
		for range 2 {
			must(t, s.EmptyMails(ctx, now))
			if c.empty {
				m.Sealed = nil
			}
			wantSame(t, read[paywall.Mail](t)(s.MailByID(ctx, m.ID)), m)
		}
	}
}

func testOldMails(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	addMail(t, s, func(m *paywall.Mail) { m.CreatedAt = stored(start.Add(-time.Millisecond)) })
	kept := addMail(t, s, nil)
	must(t, s.DeleteOldMails(ctx, start))
	mails, total, err := s.Mails(ctx, "", "", 9, 0)
	must(t, err)
	wantSame(t, ids(mails, mailID), []string{kept.ID})
	wantSame(t, total, 1)
}
