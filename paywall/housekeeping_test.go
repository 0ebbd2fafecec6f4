package paywall_test

import (
	"testing"
	"time"

	"usher/paywall"
	"usher/store/storetest"
)

const aDay = 24 * time.Hour

// TestHousekeeping removes what nobody can use any more and forgets what must not
// be kept, each after its time.
func TestHousekeeping(t *testing.T) {
	a := askSignIn(t)
	a.signUpBy(t, paywall.SignUpOpen, "")
	home, viewer := a.signIn(t, a.ada)
	c := a.visit()
	question, _, err := a.withPasskeys(fakePasskeys{}).BeginPasskeyLogin(t.Context(), c)
	must(t, err)
	keep := func(after time.Duration) {
		t.Helper()
		a.clock.Pass(after)
		must(t, paywall.Housekeeping(t.Context(), a, a.settings(), a.clock.Now))
	}
	pending := func() bool { _, err := a.auth().Pending(t.Context(), a.window); return err == nil }

	keep(aDay)
	if !pending() {
		t.Error("a code was forgotten on the day it ended")
	}
	keep(time.Hour)
	if pending() {
		t.Error("an old code is kept")
	}
	_, err = a.withPasskeys(fakePasskeys{}).FinishPasskeyLogin(t.Context(), c, question, nil, "")
	wantOver(t, err)
	if get(a.SessionsOf(t.Context(), a.ada.ID))(t)[0].Network == "" {
		t.Error("the network was forgotten too early")
	}
	keep(30 * aDay)
	wantSame(t, get(a.SessionsOf(t.Context(), a.ada.ID))(t)[0].Network, "")
	for _, line := range a.audit(t) {
		wantSame(t, line.Actor.Network, "")
	}
	_, total, err := a.Mails(t.Context(), "", "", 9, 0)
	must(t, err)
	wantSame(t, total, 1)
	keep(60 * aDay)
	_, total, err = a.Mails(t.Context(), "", "", 9, 0)
	must(t, err)
	wantSame(t, total, 0)
	if _, err := a.DeviceByID(t.Context(), home.Known[:26]); err != nil {
		t.Errorf("the browser was forgotten too early: %v", err)
	}
	keep(310 * aDay)
	_, err = a.DeviceByID(t.Context(), home.Known[:26])
	wantErr(t, err, paywall.ErrNotFound)
	wantSame(t, get(a.auth().Account(t.Context(), viewer.User.ID))(t), a.ada)
}

// TestHousekeeping_Mails: what a mail said is forgotten when it ended.
func TestHousekeeping_Mails(t *testing.T) {
	a := askSignIn(t)
	keep := func() paywall.Mail {
		t.Helper()
		must(t, paywall.Housekeeping(t.Context(), a, a.settings(), a.clock.Now))
		return get(a.MailByID(t.Context(), a.mail.Mail.ID))(t)
	}
	a.mail.Mail.State = paywall.MailSent
	must(t, a.UpdateMail(t.Context(), a.mail.Mail))
	if len(keep().Sealed) == 0 {
		t.Error("emptied too early")
	}
	a.clock.Pass(paywall.SignInLinkLife + time.Second)
	wantSame(t, len(keep().Sealed), 0)
}

// TestHousekeeping_Limits: a limit that still counts is kept.
func TestHousekeeping_Limits(t *testing.T) {
	s := newSite(t)
	s.useUp(t, "ada@example.org")
	must(t, paywall.Housekeeping(t.Context(), s, s.settings(), s.clock.Now))
	_, err := authOf(s, fullHasher(t), s.clock.Now).Login(t.Context(), stranger("203.0.113.0/24"), "ada@example.org", wrong, "")
	if hashed(t, err) {
		t.Error("housekeeping forgot a limit")
	}
}

// TestHousekeeping_Faults: one step that fails keeps no other from its work.
func TestHousekeeping_Faults(t *testing.T) {
	steps := []string{"DeleteOldProofs", "DeleteIdleLimits", "DeleteIdleDevices", "EmptyMails", "DeleteOldMails", "CutNetworks",
		"EndPlays", "DeleteOldPlays", "DeleteOldCounts"}
	for _, failing := range steps {
		s := newSite(t)
		var calls []string
		broken := faulty{Store: s.DB, faults: map[string]error{failing: errFault}, calls: &calls}
		wantErr(t, paywall.Housekeeping(t.Context(), broken, s.settings(), s.clock.Now), errFault)
		wantSame(t, calls, steps)
	}
	s := newSite(t)
	session := storetest.NewSession(s.addUser(t, "ada").ID)
	must(t, s.CreateSession(t.Context(), session))
	broken := faulty{Store: s.DB, faults: map[string]error{"SettingValues": errFault}}
	settings := paywall.NewSiteSettings(broken, s.clock.Now)
	wantErr(t, paywall.Housekeeping(t.Context(), broken, settings, s.clock.Now), errFault)
}
