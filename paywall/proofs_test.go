package paywall_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"usher/paywall"
)

// waiting is somebody who asked for a mail, and the mail.
type waiting struct {
	*site
	ada    paywall.User
	window paywall.Caller
	mail   letter
}

// askSignIn is Ada, who waits for a mail to sign in.
func askSignIn(t testing.TB) *waiting {
	t.Helper()
	s := newSite(t)
	a := &waiting{site: s, ada: s.addUser(t, "ada", withPassword(t)), window: s.visit()}
	a.again(t)
	return a
}

func (a *waiting) again(t testing.TB) letter {
	t.Helper()
	a.clock.Pass(time.Second)
	must(t, a.auth().AskSignIn(t.Context(), a.window, " ADA@Example.org", "/listen/night"))
	a.mail = a.posted(t, paywall.MailSignIn, a.ada.Email)
	return a.mail
}

func TestProofs_Mail(t *testing.T) {
	a := askSignIn(t)
	if len(a.mail.Code) != 6 || len(a.mail.link()) != 52 || a.mail.Valid != paywall.CodeLife {
		t.Errorf("mail %+v", a.mail)
	}
	if a.mail.UserID != a.ada.ID || a.mail.Language != "fr" || !a.mail.NotAfter.Equal(a.clock.Now().Add(paywall.SignInLinkLife)) {
		t.Errorf("mail %+v", a.mail.Mail)
	}
	a.wantNowhere(t, a.mail.Code, a.mail.link(), a.window.Window)
	pending := get(a.auth().Pending(t.Context(), a.window))(t)
	if pending.Email != a.ada.Email || pending.Kind != paywall.ProofSignIn || pending.Next != "/listen/night" {
		t.Errorf("pending %+v", pending)
	}
	a.ada.Language = "de"
	must(t, a.UpdateUser(t.Context(), a.ada))
	wantSame(t, a.again(t).Language, "de") // the person's before the page's
}

// TestProofs_Once: of many uses of a code and its link at the same time one
// succeeds.
func TestProofs_Once(t *testing.T) {
	for name, use := range map[string]func(t *testing.T, a *waiting, n int) (paywall.Outcome, error){
		"code": func(t *testing.T, a *waiting, _ int) (paywall.Outcome, error) {
			return a.useCode(t, a.window, a.mail.Code)
		},
		"link": func(t *testing.T, a *waiting, n int) (paywall.Outcome, error) {
			return a.useLink(t, stranger(networkOf(n)), a.mail.link())
		},
		"both": func(t *testing.T, a *waiting, n int) (paywall.Outcome, error) {
			if n%2 == 0 {
				return a.useCode(t, a.window, a.mail.Code)
			}
			return a.useLink(t, a.window, a.mail.link())
		},
	} {
		t.Run(name, func(t *testing.T) {
			a := askSignIn(t)
			worked := atOnce(20, func(n int) error {
				o, err := use(t, a, n)
				if err == nil && o.User.ID != a.ada.ID {
					err = fmt.Errorf("outcome %+v", o)
				}
				return err
			})
			if worked != 1 {
				t.Errorf("%d of 20 uses worked", worked)
			}
			_, err := a.useLink(t, a.window, a.mail.link())
			wantDeadLink(t, err)
			_, err = a.useCode(t, a.window, a.mail.Code)
			wantWrongCode(t, err)
		})
	}
}

// TestProofs_Newer: an older code and link die with a newer one.
func TestProofs_Newer(t *testing.T) {
	a := askSignIn(t)
	old := a.mail
	for old.Code == a.again(t).Code { // once in a million
	}
	_, err := a.useCode(t, a.window, old.Code)
	wantWrongCode(t, err)
	_, err = a.useLink(t, a.window, old.link())
	wantDeadLink(t, err)
	wantSame(t, get(a.useCode(t, a.window, a.mail.Code))(t).User.ID, a.ada.ID)
	// After an outage of mail only the newest must arrive.
	waiting := get(a.ClaimMails(t.Context(), a.clock.Now().Add(time.Second), a.clock.Now(), 100))(t)
	codes := slices.DeleteFunc(waiting, func(m paywall.Mail) bool { return m.Kind != paywall.MailSignIn })
	if len(codes) != 1 || codes[0].ID != a.mail.ID {
		t.Errorf("%d mails with codes wait", len(codes))
	}
}

// TestProofs_Again mails a new one to the window that waits.
func TestProofs_Again(t *testing.T) {
	a := askSignIn(t)
	old := a.mail
	a.clock.Pass(time.Second)
	must(t, a.auth().Again(t.Context(), a.window, paywall.Viewer{}))
	a.mail = a.posted(t, paywall.MailSignIn, a.ada.Email)
	_, err := a.useLink(t, a.window, old.link())
	wantDeadLink(t, err)
	o := get(a.useCode(t, a.window, a.mail.Code))(t)
	wantSame(t, o, paywall.Outcome{User: a.ada, Method: paywall.MethodMail, Next: "/listen/night"})
	for name, c := range map[string]paywall.Caller{"another window": a.visit(), "no window": {}} {
		if err := a.auth().Again(t.Context(), c, paywall.Viewer{}); paywall.KindOf(err) != paywall.KindNotFound {
			t.Errorf("%s: %v", name, err)
		}
	}
	a.noPost(t)
}

// TestProofs_Tries: after five tries the right code is dead too; the link lives.
func TestProofs_Tries(t *testing.T) {
	for tries, want := range map[int]bool{paywall.MaxCodeTries - 1: true, paywall.MaxCodeTries: false} {
		a := askSignIn(t)
		for n := range tries {
			_, err := a.useCode(t, a.window, []string{"", "x", "1234567", a.mail.Code + "0", "-"}[n])
			wantWrongCode(t, err)
		}
		_, err := a.useCode(t, a.window, a.mail.Code)
		if want {
			must(t, err)
			continue
		}
		wantWrongCode(t, err)
		get(a.useLink(t, a.window, a.mail.link()))(t)
	}
	a := askSignIn(t) // as many at the same time as one after the other
	atOnce(20, func(int) error { _, err := a.useCode(t, a.window, "x"); return err })
	_, err := a.useCode(t, a.window, a.mail.Code)
	wantWrongCode(t, err)
}

// TestProofs_Time: code and link live as long as they say.
func TestProofs_Time(t *testing.T) {
	for after, want := range map[time.Duration][2]bool{
		paywall.CodeLife - time.Millisecond:       {true, true},
		paywall.CodeLife:                          {false, true},
		paywall.SignInLinkLife - time.Millisecond: {false, true},
		paywall.SignInLinkLife:                    {false, false},
	} {
		t.Run(after.String(), func(t *testing.T) {
			a := askSignIn(t)
			a.clock.Pass(after)
			_, err := a.useCode(t, a.window, a.mail.Code)
			if worked := err == nil; worked != want[0] {
				t.Errorf("the code works %v, want %v: %v", worked, want[0], err)
			}
			if want[0] {
				return
			}
			_, err = a.useLink(t, a.window, a.mail.link())
			if worked := err == nil; worked != want[1] {
				t.Errorf("the link works %v, want %v: %v", worked, want[1], err)
			}
		})
	}
}

// TestProofs_Windows: a code works in its own window, a link in any.
func TestProofs_Windows(t *testing.T) {
	a := askSignIn(t)
	for name, c := range map[string]paywall.Caller{"another": a.visit(), "none": {}} {
		_, err := a.useCode(t, c, a.mail.Code)
		if paywall.KindOf(err) != paywall.KindInvalid {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := a.auth().Pending(t.Context(), c); paywall.KindOf(err) != paywall.KindNotFound {
			t.Errorf("%s: %v", name, err)
		}
	}
	p := get(a.auth().Link(t.Context(), a.mail.link()))(t)
	if !a.auth().AskedBy(a.window, p) || a.auth().AskedBy(a.visit(), p) || a.auth().AskedBy(paywall.Caller{}, p) {
		t.Error("the asking window is not told from others")
	}
	get(a.useLink(t, a.visit(), a.mail.link()))(t)
}

// TestProofs_Looking: scanners of mail look at links; that uses nothing up.
func TestProofs_Looking(t *testing.T) {
	a := askSignIn(t)
	before := get(a.auth().Pending(t.Context(), a.window))(t)
	for range 30 {
		wantSame(t, get(a.auth().Link(t.Context(), a.mail.link()))(t), before)
	}
	wantSame(t, get(a.auth().Pending(t.Context(), a.window))(t), before)
	for _, secret := range []string{"", "unknown", a.mail.link() + "a", a.mail.link()[1:]} {
		_, err := a.auth().Link(t.Context(), secret)
		wantDeadLink(t, err)
	}
	get(a.useLink(t, a.window, a.mail.link()))(t)
	p, err := a.auth().Link(t.Context(), a.mail.link())
	wantDeadLink(t, err)
	wantSame(t, p, paywall.Proof{Kind: paywall.ProofSignIn}) // its page offers a new one
}

// TestProofs_Spelled: a code counts however people write it.
func TestProofs_Spelled(t *testing.T) {
	for _, format := range []string{"%s %s", " %s-%s\t", "%s\u00a0%s", "%s.%s."} {
		a := askSignIn(t)
		get(a.useCode(t, a.window, fmt.Sprintf(format, a.mail.Code[:3], a.mail.Code[3:])))(t)
	}
}

// TestProofs_Alike: known, unknown and switched-off addresses, and those past
// their limit, cost the same calls and leave the same rows; the mail alone tells.
func TestProofs_Alike(t *testing.T) {
	s := newSite(t)
	s.signUpBy(t, paywall.SignUpOpen, "")
	s.addUser(t, "known", withPassword(t))
	s.addUser(t, "off", withPassword(t), disabled)
	s.addUser(t, "fresh", withPassword(t), unconfirmed)
	var calls []string
	a := authOf(faulty{Store: s.DB, calls: &calls}, fullHasher(t), s.clock.Now, func(d *paywall.AuthDeps) {
		d.Settings = paywall.NewSiteSettings(faulty{Store: s.DB, calls: &calls}, s.clock.Now)
	})
	for name, test := range map[string]struct {
		ask   func(c paywall.Caller, email string) error
		mails [4]paywall.MailKind
	}{
		"sign in": {func(c paywall.Caller, email string) error { return a.AskSignIn(t.Context(), c, email, "") },
			[4]paywall.MailKind{paywall.MailSignIn, paywall.MailSignIn, paywall.MailDisabled, paywall.MailNoAccount}},
		"reset": {func(c paywall.Caller, email string) error { return a.AskReset(t.Context(), c, email, "") },
			[4]paywall.MailKind{paywall.MailReset, paywall.MailReset, paywall.MailDisabled, paywall.MailNoAccount}},
		"sign up": {func(c paywall.Caller, email string) error {
			return a.SignUp(t.Context(), c, paywall.SignUpInput{Email: email})
		}, [4]paywall.MailKind{paywall.MailExists, paywall.MailExists, paywall.MailDisabled, paywall.MailConfirm}},
		"password": {func(c paywall.Caller, email string) error {
			_, err := a.Login(t.Context(), c, email, wrong, "")
			if !hashed(t, err) {
				return err
			}
			return nil
		}, [4]paywall.MailKind{}},
	} {
		t.Run(name, func(t *testing.T) {
			var want []string
			for n, who := range []string{"known", "fresh", "off", "unknown"} {
				email := who + "@example.org"
				calls = nil
				c := s.visit()
				must(t, test.ask(c, email))
				if n == 0 {
					want = slices.Clone(calls)
				}
				wantSame(t, calls, want)
				if test.mails[n] == "" {
					continue
				}
				mail := s.posted(t, test.mails[n], email)
				if dead := mail.Code == ""; dead != (n > 1 && who != "unknown" || n > 1 && name != "sign up" || n < 2 && name == "sign up") {
					t.Errorf("%s: code %q", who, mail.Code)
				}
				p := get(a.Pending(t.Context(), c))(t)
				wantSame(t, []any{p.Email, p.SpentAt, p.Tries}, []any{email, time.Time{}, 0})
				calls = nil
				for range paywall.MaxCodeTries + 1 {
					_, err := s.useCode(t, c, "1")
					wantWrongCode(t, err)
				}
			}
		})
	}
}

// TestProofs_NoHash: a wrong code costs no hash, and a weak password no try.
func TestProofs_NoHash(t *testing.T) {
	s := newSite(t)
	ada := s.addUser(t, "ada", withPassword(t))
	c := s.visit()
	must(t, s.auth().AskReset(t.Context(), c, ada.Email, ""))
	mail := s.posted(t, paywall.MailReset, ada.Email)
	a := authOf(s, fullHasher(t), s.clock.Now)
	for range paywall.MaxCodeTries {
		_, _, err := a.UseCode(t.Context(), c, paywall.Viewer{}, mail.Code, paywall.Answer{Password: "short"})
		wantInvalid(t, err, map[string]string{"password": "user.error.password_short"})
	}
	_, _, err := a.UseCode(t.Context(), c, paywall.Viewer{}, "1", paywall.Answer{Password: newPassword})
	wantWrongCode(t, err)
	_, _, err = a.UseCode(t.Context(), c, paywall.Viewer{}, mail.Code, paywall.Answer{Password: newPassword})
	wantBusy(t, err, "login.error.busy", 5*time.Second)
	get(s.useCode(t, c, mail.Code))(t) // the busy moment used nothing up
}

// TestProofs_Confirm: who reads the mail of an address has confirmed it; the
// password of an account that nobody had confirmed may be a stranger's.
func TestProofs_Confirm(t *testing.T) {
	s := newSite(t)
	ada := s.addUser(t, "ada", withPassword(t), unconfirmed)
	s.addSessions(t, ada.ID, 2)
	must(t, s.auth().AskSignIn(t.Context(), s.visit(), ada.Email, ""))
	o := get(s.useLink(t, s.visit(), s.posted(t, paywall.MailSignIn, ada.Email).link()))(t)
	ada.ConfirmedAt, ada.PasswordHash = s.clock.Now(), ""
	wantSame(t, o.User, ada)
	wantSame(t, get(s.UserByID(t.Context(), ada.ID))(t), ada)
	wantSame(t, s.sessionIDs(t, ada.ID), []string(nil))
	wantSame(t, s.actions(t), []string{"user.confirm"})
}

// TestProofs_Voided: what happens to the account ends what was mailed before.
func TestProofs_Voided(t *testing.T) {
	for name, change := range map[string]func(a *waiting) error{
		"password": func(a *waiting) error {
			return a.auth().SetPassword(t.Context(), by, a.ada.Email, newPassword, "")
		},
		"disabled": func(a *waiting) error { return a.auth().Disable(t.Context(), by, a.ada.ID) },
		"switched off and on": func(a *waiting) error {
			if err := a.auth().Disable(t.Context(), by, a.ada.ID); err != nil {
				return err
			}
			return a.auth().Enable(t.Context(), by, a.ada.ID)
		},
		"address": func(a *waiting) error {
			a.ada.Email = "countess@example.org"
			return a.UpdateUser(t.Context(), a.ada)
		},
	} {
		t.Run(name, func(t *testing.T) {
			a := askSignIn(t)
			must(t, change(a))
			_, err := a.useLink(t, a.window, a.mail.link())
			wantDeadLink(t, err)
			if _, err = a.useCode(t, a.window, a.mail.Code); paywall.KindOf(err) != paywall.KindInvalid {
				t.Errorf("the code: %v", err)
			}
		})
	}
}

func FuzzAuth_UseCode(f *testing.F) {
	for _, code := range []string{"", "123456", "12 34-56", "\xff", "１２３４５６", "1234567890123456789012345"} {
		f.Add(code)
	}
	f.Fuzz(func(t *testing.T, code string) {
		a := askSignIn(t)
		kept := ""
		for _, r := range code {
			if '0' <= r && r <= '9' {
				kept += string(r)
			}
		}
		_, err := a.useCode(t, a.window, code)
		if worked := err == nil; worked != (kept == a.mail.Code) {
			t.Errorf("%q for %s: %v", code, a.mail.Code, err)
		}
	})
}
