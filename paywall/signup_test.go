package paywall_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"usher/paywall"
)

// openSite is a site where everybody may make an account.
func openSite(t testing.TB) *site {
	t.Helper()
	s := newSite(t)
	s.signUpBy(t, paywall.SignUpOpen, "Be kind.")
	return s
}

func (s *site) signUp(t testing.TB, c paywall.Caller, email, password string) letter {
	t.Helper()
	must(t, s.auth().SignUp(t.Context(), c, paywall.SignUpInput{Email: email, Password: password, Next: "/watch/film"}))
	letters := s.post(t)
	if len(letters) != 1 {
		t.Fatalf("post %+v", letters)
	}
	return letters[0]
}

// confirm uses a sign-up's code without a password typed beside it.
func (s *site) confirm(t testing.TB, c paywall.Caller, code string) (paywall.Outcome, error) {
	t.Helper()
	_, o, err := s.auth().UseCode(t.Context(), c, paywall.Viewer{}, code, paywall.Answer{})
	return o, err
}

func TestSignUp(t *testing.T) {
	s := openSite(t)
	c := s.visit()
	mail := s.signUp(t, c, " Ada@Example.org ", newPassword)
	wantSame(t, []any{mail.Kind, mail.To, mail.UserID}, []any{paywall.MailConfirm, "ada@example.org", ""})
	_, err := s.UserByEmail(t.Context(), "ada@example.org")
	wantErr(t, err, paywall.ErrNotFound) // not before the code
	o := get(s.confirm(t, c, mail.Code))(t)
	ada := get(s.UserByEmail(t.Context(), "ada@example.org"))(t)
	wantSame(t, o, paywall.Outcome{User: ada, Method: paywall.MethodMail, Next: "/watch/film"})
	wantSame(t, ada, paywall.User{
		ID: ada.ID, Email: "ada@example.org", Role: paywall.RoleMember, PasswordHash: ada.PasswordHash,
		ConfirmedAt: s.clock.Now(), CreatedAt: s.clock.Now(), Language: "fr",
	})
	if !s.hasPassword(t, ada, newPassword) {
		t.Error("the password does not open the account")
	}
	consents := get(s.ConsentsOf(t.Context(), ada.ID))(t)
	wantSame(t, consents, []paywall.Consent{{
		ID: consents[0].ID, UserID: ada.ID, Version: 1, Language: "fr", GivenAt: s.clock.Now(),
	}})
	last := s.audit(t)[len(s.audit(t))-1]
	wantSame(t, last, paywall.AuditEntry{
		ID: last.ID, At: s.clock.Now(), Actor: paywall.Actor{UserID: ada.ID, Name: ada.Email, Network: "192.0.2.0/24"},
		Action: "user.sign_up", Subject: ada.ID, Detail: "person: " + ada.Email,
	})
}

// TestSignUp_Window: a password counts in the window where it was typed. Whoever
// confirms elsewhere may type one there, and gets no stranger's.
func TestSignUp_Window(t *testing.T) {
	const third = "a third horse battery"
	for name, test := range map[string]struct{ typed, opens string }{
		"none typed at the link": {"", ""},
		"one typed at the link":  {third, third},
	} {
		t.Run(name, func(t *testing.T) {
			s := openSite(t)
			mail := s.signUp(t, s.visit(), "ada@example.org", newPassword)
			_, o, err := s.auth().UseLink(t.Context(), s.visit(), paywall.Viewer{}, mail.link(), paywall.Answer{Password: test.typed})
			must(t, err)
			if s.hasPassword(t, o.User, newPassword) {
				t.Error("a stranger's password opens the account")
			}
			if test.opens != "" && !s.hasPassword(t, o.User, test.opens) || test.opens == "" && o.User.PasswordHash != "" {
				t.Errorf("hash %q", o.User.PasswordHash)
			}
		})
	}
	s := openSite(t)
	c := s.visit()
	_, o, err := s.auth().UseLink(t.Context(), c, paywall.Viewer{}, s.signUp(t, c, "ada@example.org", newPassword).link(), paywall.Answer{})
	must(t, err)
	if !s.hasPassword(t, o.User, newPassword) {
		t.Error("the link in the same window forgot the password")
	}
}

// TestSignUp_Exists: an address with an account makes no second one, and the page
// tells nobody.
func TestSignUp_Exists(t *testing.T) {
	s := openSite(t)
	ada := s.addUser(t, "ada", withPassword(t))
	s.addUser(t, "off", disabled)
	c := s.visit()
	mail := s.signUp(t, c, "ADA@example.org", newPassword)
	wantSame(t, []any{mail.Kind, mail.To, mail.Code, mail.Path}, []any{paywall.MailExists, ada.Email, "", "/login"})
	wantSame(t, get(s.auth().Pending(t.Context(), c))(t).Kind, paywall.ProofSignUp)
	mail = s.signUp(t, s.visit(), "off@example.org", newPassword)
	wantSame(t, []any{mail.Kind, mail.Code, mail.Path}, []any{paywall.MailDisabled, "", ""})
	wantSame(t, get(s.UserByID(t.Context(), ada.ID))(t), ada)
}

// TestSignUp_Parallel: many sign-ups with one address make one account.
func TestSignUp_Parallel(t *testing.T) {
	s := openSite(t)
	limits := paywall.DefaultLimits()
	limits.MailAddress.Burst, limits.CodeAccount.Burst = 99, 999
	a := authOf(s, newHasher(), s.clock.Now, func(d *paywall.AuthDeps) { d.Limits = limits })
	callers := make([]paywall.Caller, 50)
	asked := atOnce(50, func(n int) error {
		callers[n] = stranger(networkOf(n))
		return a.SignUp(t.Context(), callers[n], paywall.SignUpInput{Email: "ada@example.org"})
	})
	wantSame(t, asked, 50)
	letters := s.post(t)
	wantSame(t, len(letters), 50)
	worked := atOnce(50, func(n int) error {
		_, _, err := a.UseLink(t.Context(), callers[n], paywall.Viewer{}, letters[n].link(), paywall.Answer{})
		return err
	})
	total, err := s.CountMembers(t.Context(), paywall.MemberFilter{})
	must(t, err)
	if worked != 1 || total != 1 {
		t.Errorf("%d links worked and made %d accounts", worked, total)
	}
}

// TestSignUp_TakenMeanwhile: an account that was made before the code was typed
// is not made again.
func TestSignUp_TakenMeanwhile(t *testing.T) {
	s := openSite(t)
	c := s.visit()
	mail := s.signUp(t, c, "ada@example.org", "")
	ada := s.addUser(t, "ada")
	_, err := s.confirm(t, c, mail.Code)
	wantKey(t, err, paywall.KindInvalid, "signup.error.exists")
	wantSame(t, get(s.UserByID(t.Context(), ada.ID))(t), ada)
	wantSame(t, len(get(s.ConsentsOf(t.Context(), ada.ID))(t)), 0)
}

// TestSignUp_Closed: until the owner opens it nobody makes an account, also not
// with what was mailed before it was closed.
func TestSignUp_Closed(t *testing.T) {
	s := newSite(t)
	in := paywall.SignUpInput{Email: "ada@example.org"}
	closed := func(err error) {
		t.Helper()
		wantKey(t, err, paywall.KindForbidden, "signup.error.closed")
	}
	closed(s.auth().SignUp(t.Context(), s.visit(), in))
	for _, mode := range []paywall.SignUpMode{paywall.SignUpInvitation, paywall.SignUpClosed} {
		s.signUpBy(t, mode, "")
		closed(s.auth().SignUp(t.Context(), s.visit(), in))
		s.noPost(t)
		s.signUpBy(t, paywall.SignUpOpen, "")
		c := s.visit()
		mail := s.signUp(t, c, in.Email, "")
		s.signUpBy(t, mode, "")
		_, err := s.confirm(t, c, mail.Code)
		closed(err)
		_, err = s.useLink(t, c, mail.link())
		closed(err)
		closed(s.auth().Again(t.Context(), c, paywall.Viewer{}))
	}
	total, err := s.CountMembers(t.Context(), paywall.MemberFilter{})
	must(t, err)
	wantSame(t, total, 0)
}

// TestSignUp_Terms: people agree to the words they saw.
func TestSignUp_Terms(t *testing.T) {
	s := openSite(t)
	c := s.visit()
	s.signUp(t, c, "ada@example.org", newPassword)
	s.signUpBy(t, paywall.SignUpOpen, "Pay a lot.")
	s.clock.Pass(time.Second)
	must(t, s.auth().Again(t.Context(), c, paywall.Viewer{}))
	o := get(s.confirm(t, c, s.posted(t, paywall.MailConfirm, "ada@example.org").Code))(t)
	wantSame(t, get(s.ConsentsOf(t.Context(), o.User.ID))(t)[0].Version, 1)
	if !s.hasPassword(t, o.User, newPassword) {
		t.Error("sending again forgot the password")
	}
	s.signUpBy(t, paywall.SignUpOpen, "")
	c = s.visit()
	o = get(s.confirm(t, c, s.signUp(t, c, "bob@example.org", "").Code))(t)
	wantSame(t, len(get(s.ConsentsOf(t.Context(), o.User.ID))(t)), 0) // there were none
}

// TestSignUp_Addresses: an address has one form, and what has none gets no mail.
func TestSignUp_Addresses(t *testing.T) {
	s := openSite(t)
	for typed, want := range map[string]string{
		"ADA+radio@Example.ORG":                  "ada+radio@example.org",
		" bob@bücher.example\t":                  "bob@xn--bcher-kva.example",
		"eve@BÜCHER.example":                     "eve@xn--bcher-kva.example",
		"o'neil@example.org":                     "o'neil@example.org",
		"\u212aate@example.org":                  "", // the Kelvin sign is no k
		"kate@example.org\r\nBcc: x@y.z":         "",
		"Ada <ada@example.org>":                  "",
		"\"ada\"@example.org":                    "",
		"ada@example.org,bob@example.org":        "",
		"ada@localhost":                          "",
		"ada@[192.0.2.1]":                        "",
		"ada@192.0.2.1":                          "",
		"a..b@example.org":                       "",
		"ada@example.org\x00":                    "",
		"ad\u0430@example.org":                   "",
		strings.Repeat("a", 65) + "@example.org": "",
		"":                                       "",
	} {
		ask := []func() error{
			func() error { return s.auth().SignUp(t.Context(), s.visit(), paywall.SignUpInput{Email: typed}) },
			func() error { return s.auth().AskReset(t.Context(), s.visit(), typed, "") },
			func() error { return s.auth().AskSignIn(t.Context(), s.visit(), typed, "") },
		}
		for _, err := range []error{ask[0](), ask[1](), ask[2]()} {
			if want != "" {
				must(t, err)
				continue
			}
			wantInvalid(t, err, map[string]string{"email": "user.error.email"})
		}
		letters := s.post(t)
		if want == "" && len(letters) > 0 || slices.ContainsFunc(letters, func(l letter) bool { return l.To != want }) {
			t.Errorf("%q: mails %+v", typed, letters)
		}
	}
}

func TestSignUp_PasswordRefused(t *testing.T) {
	s := openSite(t)
	for password, key := range map[string]string{
		"short": "user.error.password_short", strings.Repeat("x", 257): "user.error.password_long",
		"password1234": "user.error.password_weak", "ada.lovelace1": "user.error.password_weak",
	} {
		err := s.auth().SignUp(t.Context(), s.visit(), paywall.SignUpInput{Email: "ada.lovelace@example.org", Password: password})
		wantInvalid(t, err, map[string]string{"password": key})
	}
	s.noPost(t)
}

// reset is Ada with everything that a stranger could hold of her account, and the
// mail to choose a new password.
func reset(t testing.TB) (*secured, paywall.Caller, letter) {
	t.Helper()
	s := newSecured(t)
	s.addSessions(t, s.ada.ID, 2)
	c := s.visit()
	must(t, s.auth().AskReset(t.Context(), c, "ADA@example.org", "/listen/night"))
	return s, c, s.posted(t, paywall.MailReset, s.ada.Email)
}

// TestReset: all sessions and known browsers end, the person is told, nobody is
// signed in by it and the second factor stays.
func TestReset(t *testing.T) {
	for name, use := range map[string]func(s *secured, c paywall.Caller, l letter) (paywall.Outcome, error){
		"code": func(s *secured, c paywall.Caller, l letter) (paywall.Outcome, error) { return s.useCode(t, c, l.Code) },
		"link": func(s *secured, _ paywall.Caller, l letter) (paywall.Outcome, error) {
			return s.useLink(t, s.visit(), l.link())
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, c, mail := reset(t)
			o := get(use(s, c, mail))(t)
			wantSame(t, o, paywall.Outcome{Next: "/listen/night"})
			wantSame(t, s.sessionIDs(t, s.ada.ID), []string(nil))
			wantSame(t, get(s.CountDevices(t.Context(), s.ada.ID))(t), 0)
			s.posted(t, paywall.MailPassword, s.ada.Email)
			if s.hasPassword(t, s.ada, password) || !s.hasPassword(t, s.ada, newPassword) {
				t.Error("the password did not change")
			}
			if o := get(s.login(t, s.ada.Email, newPassword))(t); o.Ask == "" {
				t.Errorf("no second factor: %+v", o)
			}
			_, err := s.useLink(t, c, mail.link())
			wantDeadLink(t, err)
			_, err = s.useCode(t, c, mail.Code)
			wantWrongCode(t, err)
		})
	}
}

func TestReset_Refused(t *testing.T) {
	for name, between := range map[string]func(s *secured) error{
		"address changed": func(s *secured) error {
			s.ada.Email = "countess@example.org"
			return s.UpdateUser(t.Context(), s.ada)
		},
		"disabled": func(s *secured) error { return s.auth().Disable(t.Context(), by, s.ada.ID) },
		"too late": func(s *secured) error { s.clock.Pass(paywall.LinkLife); return nil },
		"newer one": func(s *secured) error {
			return s.auth().AskReset(t.Context(), s.visit(), s.ada.Email, "")
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, _, mail := reset(t)
			must(t, between(s))
			_, err := s.useLink(t, s.visit(), mail.link())
			wantDeadLink(t, err)
			if !s.hasPassword(t, s.ada, password) {
				t.Error("the password changed")
			}
		})
	}
	s, c, mail := reset(t)
	for _, password := range []string{"", "short"} {
		_, _, err := s.auth().UseLink(t.Context(), c, paywall.Viewer{}, mail.link(), paywall.Answer{Password: password})
		wantInvalid(t, err, map[string]string{"password": "user.error.password_short"})
	}
	get(s.useLink(t, c, mail.link()))(t) // a refused password uses nothing up
}
