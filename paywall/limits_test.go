package paywall_test

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"usher/paywall"
)

const wrong = "wrong horse battery"

// fullHasher has no free slot: a try that comes as far as the hash is told that
// the service is busy.
func fullHasher(t testing.TB) *paywall.Hasher {
	h := paywall.NewHasher(1, time.Nanosecond)
	h.Costs(time.Nanosecond)
	t.Cleanup(h.Occupy())
	return h
}

// hashed tells whether a try came as far as the hash.
func hashed(t testing.TB, err error) bool {
	t.Helper()
	switch e := asError(t, err); e.Key {
	case "login.error.busy":
		return true
	case "login.error.bad_credentials":
		return false
	}
	t.Fatalf("error %v", err)
	return false
}

func networkOf(n int) string { return fmt.Sprintf("10.%d.%d.0/24", n/256, n%256) }

// TestLimits_Account: however an address is spelled, and from wherever, no more
// passwords than the burst are hashed for it. A known and an unknown address are
// alike, and so are a parallel burst and a patient guesser.
func TestLimits_Account(t *testing.T) {
	spelled := []string{"ada@example.org", "ADA@Example.ORG", " ada@example.org\t"}
	for name, parallel := range map[string]bool{"in sequence": false, "in parallel": true} {
		for _, known := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, known %v", name, known), func(t *testing.T) {
				s := newSite(t)
				if known {
					s.addUser(t, "ada", withPassword(t))
				}
				a := authOf(s, fullHasher(t), s.clock.Now)
				var count atomic.Int64
				try := func(n int) error {
					_, err := a.Login(t.Context(), stranger(networkOf(n)), spelled[n%3], wrong, "")
					if hashed(t, err) {
						count.Add(1)
					}
					return err
				}
				if parallel {
					atOnce(200, try)
				} else {
					for n := range 200 {
						_ = try(n)
					}
				}
				limit := paywall.DefaultLimits().PasswordAccount
				if count.Load() != int64(limit.Burst) {
					t.Errorf("%d of 200 tries were hashed, want %d", count.Load(), limit.Burst)
				}
				a = authOf(s, fullHasher(t), s.clock.Now) // a restart changes nothing
				for n, want := range []bool{false, true, false} {
					if n == 1 {
						s.clock.Pass(limit.Every)
					}
					_, err := a.Login(t.Context(), stranger(networkOf(300+n)), spelled[0], wrong, "")
					if hashed(t, err) != want {
						t.Errorf("try %d: hashed %v, want %v", n, !want, want)
					}
				}
			})
		}
	}
}

// useUp types wrong passwords until the account's counter is full.
func (s *site) useUp(t testing.TB, email string) {
	t.Helper()
	a := authOf(s, fullHasher(t), s.clock.Now)
	for n := range paywall.DefaultLimits().PasswordAccount.Burst {
		_, err := a.Login(t.Context(), stranger(networkOf(n)), email, wrong, "")
		if !hashed(t, err) {
			t.Fatalf("try %d was refused", n)
		}
	}
}

// TestLimits_NoWeapon: the limit of an account keeps strangers out, in the words
// of a wrong password, but not the browser that its owner uses.
func TestLimits_NoWeapon(t *testing.T) {
	s := newSite(t)
	ada, bob := s.addUser(t, "ada", withPassword(t)), s.addUser(t, "bob", withPassword(t))
	home, viewer := s.signIn(t, ada)
	bobs, _ := s.signIn(t, bob)
	s.useUp(t, ada.Email)
	enter := func(known string) error {
		c := stranger("203.0.113.0/24")
		c.Known = known
		_, err := s.auth().Login(t.Context(), c, ada.Email, password, "")
		return err
	}
	id := home.Known[:26]
	for name, known := range map[string]string{
		"unknown browser": "", "browser of another": bobs.Known, "id alone": id, "no secret": id + ".",
		"forged secret": id + "." + strings.Repeat("a", 52),
	} {
		t.Run(name, func(t *testing.T) {
			wantKey(t, enter(known), paywall.KindInvalid, "login.error.bad_credentials")
		})
	}
	must(t, enter(home.Known))
	// A signed-in browser that is not known any more proves itself as well.
	s.useUp(t, ada.Email)
	must(t, s.DeleteDevicesOf(t.Context(), ada.ID, ""))
	must(t, s.auth().Prove(t.Context(), home, viewer, password))
}

// TestLimits_Forget: who gets in, or is let in again, starts anew.
func TestLimits_Forget(t *testing.T) {
	s := newSite(t)
	ada := s.addUser(t, "ada", withPassword(t))
	s.useUp(t, ada.Email)
	wantSame(t, get(s.auth().Unlock(t.Context(), by, " ADA@example.org"))(t), ada)
	s.wantAudit(t, paywall.AuditEntry{At: s.clock.Now(), Actor: by, Action: "user.unlock", Subject: ada.ID, Detail: "person: " + ada.Email})
	get(s.login(t, ada.Email, password))(t)
	s.useUp(t, ada.Email)
	_, err := s.auth().Unlock(t.Context(), by, "eve@example.org")
	wantErr(t, err, paywall.ErrNotFound)
	_, err = s.auth().Unlock(t.Context(), by, "x")
	wantInvalid(t, err, map[string]string{"email": "user.error.email"})
}

// tries counts how many of some wrong passwords are hashed.
func tries(t testing.TB, a *paywall.Auth, times int, network, email func(n int) string) (count int) {
	t.Helper()
	for n := range times {
		if _, err := a.Login(t.Context(), stranger(network(n)), email(n), wrong, ""); hashed(t, err) {
			count++
		}
	}
	return count
}

func always(text string) func(int) string { return func(int) string { return text } }
func eachOwn(n int) string                { return fmt.Sprintf("person%d@example.org", n) }

// TestLimits_Network: one network has its bound, which uses up nothing of others:
// neither of the accounts it tried nor of the whole site.
func TestLimits_Network(t *testing.T) {
	s := newSite(t)
	limits := paywall.DefaultLimits()
	limits.PasswordNetwork = paywall.Limit{Every: time.Minute, Burst: 5}
	limits.PasswordSite = paywall.Limit{Every: time.Minute, Burst: 7}
	a := authOf(s, fullHasher(t), s.clock.Now, func(d *paywall.AuthDeps) { d.Limits = limits })
	for _, step := range []struct {
		network func(int) string
		want    int
	}{
		{always("192.0.2.0/24"), 5},
		{always("192.0.2.0/24"), 0},
		{networkOf, 2}, // what is left of the site's
		{networkOf, 0},
	} {
		if got := tries(t, a, 20, step.network, eachOwn); got != step.want {
			t.Errorf("%d tries were hashed, want %d", got, step.want)
		}
	}
	s.clock.Pass(time.Minute)
	if got := tries(t, a, 20, networkOf, eachOwn); got != 1 {
		t.Errorf("a minute later %d tries were hashed, want 1", got)
	}
}

// TestLimits_SignUpHashes: a sign-up makes a hash, so it is counted by network,
// and refused alike for any address.
func TestLimits_SignUpHashes(t *testing.T) {
	s := newSite(t)
	s.signUpBy(t, paywall.SignUpOpen, "")
	s.addUser(t, "person7")
	limits := paywall.DefaultLimits()
	limits.PasswordNetwork = paywall.Limit{Every: time.Minute, Burst: 2}
	a := authOf(s, fullHasher(t), s.clock.Now, func(d *paywall.AuthDeps) { d.Limits = limits })
	for n := range 9 {
		err := a.SignUp(t.Context(), s.visit(), paywall.SignUpInput{Email: eachOwn(n), Password: newPassword})
		kind := paywall.KindTooMany
		if n < 2 {
			kind = paywall.KindUnavailable // it came to the hash
		}
		wantKey(t, err, kind, "login.error.busy")
	}
}

// TestLimits_Mail: past a limit nobody gets a mail, and the page shows no
// difference.
func TestLimits_Mail(t *testing.T) {
	d := paywall.DefaultLimits()
	for name, test := range map[string]struct {
		network, email func(int) string
		want           int
	}{
		"one address from one network":   {always("192.0.2.0/24"), always("ada@example.org"), d.MailPlace.Burst},
		"one address from many networks": {networkOf, always("ADA@example.org"), d.MailAddress.Burst},
		"unknown address":                {networkOf, always("eve@example.org"), d.MailAddress.Burst},
		"many addresses":                 {always("192.0.2.0/24"), eachOwn, d.MailNetwork.Burst},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			s.addUser(t, "ada")
			for n := range d.MailNetwork.Burst + 10 {
				c := stranger(test.network(n))
				must(t, s.auth().AskReset(t.Context(), c, test.email(n), ""))
				pending := get(s.auth().Pending(t.Context(), c))(t)
				wantSame(t, pending.Kind, paywall.ProofReset)
			}
			if got := len(s.post(t)); got != test.want {
				t.Errorf("%d mails, want %d", got, test.want)
			}
		})
	}
}

// TestLimits_MailPlace: one network cannot use up the mails of an address.
func TestLimits_MailPlace(t *testing.T) {
	s := newSite(t)
	ada := s.addUser(t, "ada")
	for range 20 {
		must(t, s.auth().AskSignIn(t.Context(), stranger("203.0.113.0/24"), ada.Email, ""))
	}
	s.post(t)
	must(t, s.auth().AskSignIn(t.Context(), s.visit(), ada.Email, ""))
	s.posted(t, paywall.MailSignIn, ada.Email)
}

// TestLimits_MailKept: past the limit an older code and its link go on working,
// also in the window that asked once more.
func TestLimits_MailKept(t *testing.T) {
	for name, use := range map[string]func(t *testing.T, s *site, c paywall.Caller, l letter) (paywall.Outcome, error){
		"code": func(t *testing.T, s *site, c paywall.Caller, l letter) (paywall.Outcome, error) {
			return s.useCode(t, c, l.Code)
		},
		"link": func(t *testing.T, s *site, c paywall.Caller, l letter) (paywall.Outcome, error) {
			return s.useLink(t, c, l.link())
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			ada := s.addUser(t, "ada")
			limits := paywall.DefaultLimits()
			limits.MailAddress.Burst = 1
			a := authOf(s, newHasher(), s.clock.Now, func(d *paywall.AuthDeps) { d.Limits = limits })
			c := s.visit()
			must(t, a.AskSignIn(t.Context(), c, ada.Email, ""))
			good := s.posted(t, paywall.MailSignIn, ada.Email)
			s.clock.Pass(time.Second)
			must(t, a.Again(t.Context(), c, paywall.Viewer{}))
			other := s.visit()
			must(t, a.AskSignIn(t.Context(), other, ada.Email, ""))
			s.noPost(t)
			_, err := s.useCode(t, other, good.Code)
			wantWrongCode(t, err)
			wantSame(t, get(use(t, s, c, good))(t).User.ID, ada.ID)
		})
	}
}

// TestLimits_MailDevice: the owner's browser has mails of its own, for the own
// address and no other.
func TestLimits_MailDevice(t *testing.T) {
	s := newSite(t)
	ada, bob := s.addUser(t, "ada"), s.addUser(t, "bob")
	home, viewer := s.signIn(t, ada)
	for n := range 40 {
		must(t, s.auth().AskSignIn(t.Context(), stranger(networkOf(n)), ada.Email, ""))
		must(t, s.auth().AskSignIn(t.Context(), stranger(networkOf(n)), bob.Email, ""))
	}
	s.post(t)
	must(t, s.auth().AskSignIn(t.Context(), home, ada.Email, ""))
	s.posted(t, paywall.MailSignIn, ada.Email)
	must(t, s.auth().AskSignIn(t.Context(), home, bob.Email, ""))
	must(t, s.auth().AskAddress(t.Context(), home, viewer, bob.Email))
	s.noPost(t)
}

// TestLimits_Act: strangers who ask and guess without end do not keep somebody
// who is signed in from proving who they are, although a new password has made
// the browser forgotten.
func TestLimits_Act(t *testing.T) {
	s := newSite(t)
	ada := s.addUser(t, "ada", withPassword(t))
	home, viewer := s.signIn(t, ada)
	must(t, s.auth().ChangePassword(t.Context(), home, viewer, password, newPassword))
	for n := range 40 {
		c := stranger(networkOf(n))
		must(t, s.auth().AskSignIn(t.Context(), c, ada.Email, ""))
		_, err := s.useCode(t, c, "x")
		wantWrongCode(t, err)
	}
	s.post(t)
	viewer = s.viewer(t, viewer.SessionID)
	must(t, s.auth().AskAct(t.Context(), home, viewer, ""))
	mail := s.posted(t, paywall.MailProve, ada.Email)
	_, _, err := s.auth().UseCode(t.Context(), home, viewer, mail.Code, paywall.Answer{})
	must(t, err)
}

// TestLimits_Codes: many windows do not make many tries.
func TestLimits_Codes(t *testing.T) {
	s := newSite(t)
	ada := s.addUser(t, "ada")
	limits := paywall.DefaultLimits()
	limits.CodeAccount.Burst = 7
	a := authOf(s, newHasher(), s.clock.Now, func(d *paywall.AuthDeps) { d.Limits = limits })
	code := func(c paywall.Caller, code string) error {
		_, _, err := a.UseCode(t.Context(), c, paywall.Viewer{}, code, paywall.Answer{})
		return err
	}
	for n := range 7 {
		c := stranger(networkOf(n))
		must(t, a.AskSignIn(t.Context(), c, ada.Email, ""))
		wantWrongCode(t, code(c, "x"))
	}
	s.post(t)
	c := s.visit()
	must(t, a.AskSignIn(t.Context(), c, ada.Email, ""))
	mail := s.posted(t, paywall.MailSignIn, ada.Email)
	wantWrongCode(t, code(c, mail.Code)) // the right one, refused in the same words
	get(s.useLink(t, c, mail.link()))(t)
}

// TestLimits_Questions: passkeys and other services are asked so often and no
// more from one network.
func TestLimits_Questions(t *testing.T) {
	s := newSite(t)
	a := s.withPasskeys(fakePasskeys{})
	for range paywall.DefaultLimits().AskNetwork.Burst {
		_, _, err := a.BeginPasskeyLogin(t.Context(), stranger("192.0.2.0/24"))
		must(t, err)
	}
	_, _, err := a.BeginPasskeyLogin(t.Context(), stranger("192.0.2.0/24"))
	e := asError(t, err)
	if e.Kind != paywall.KindTooMany || e.RetryAfter != paywall.DefaultLimits().AskNetwork.Every {
		t.Errorf("error %v, retry after %v", e, e.RetryAfter)
	}
	_, viewer := s.signIn(t, s.addUser(t, "ada"))
	_, _, err = a.BeginPasskey(t.Context(), stranger("192.0.2.0/24"), viewer)
	wantKey(t, err, paywall.KindTooMany, "login.error.busy")
	_, _, err = a.BeginPasskeyLogin(t.Context(), stranger("203.0.113.0/24"))
	must(t, err)
}

// TestLimits_Rows: who asks for mails without end leaves no row for each request.
// The refusal tells nothing of the address.
func TestLimits_Rows(t *testing.T) {
	s := newSite(t)
	ada := s.addUser(t, "ada")
	limits := paywall.DefaultLimits()
	limits.FormNetwork.Burst = 60 // of a thousand
	a := authOf(s, newHasher(), s.clock.Now, func(d *paywall.AuthDeps) { d.Limits = limits })
	for _, email := range []string{ada.Email, "eve@example.org"} {
		made, refused := 0, 0
		for range 300 {
			c := stranger("192.0.2.0/24")
			err := a.AskSignIn(t.Context(), c, email, "")
			if err != nil {
				wantKey(t, err, paywall.KindTooMany, "login.error.busy")
				refused++
			}
			if _, err := s.auth().Pending(t.Context(), c); err == nil {
				made++
			}
		}
		if most := limits.MailPlace.Burst + limits.FormNetwork.Burst; made > most || made+refused != 300 {
			t.Errorf("%s: %d rows, %d refused, want at most %d rows", email, made, refused, most)
		}
		s.clock.Pass(time.Hour)
	}
}

// TestLimits_LinkHashes: a link that cannot be used up makes no hash for each
// press of its button.
func TestLimits_LinkHashes(t *testing.T) {
	s := newSite(t)
	s.signUpBy(t, paywall.SignUpOpen, "")
	c := s.visit()
	must(t, s.auth().SignUp(t.Context(), c, paywall.SignUpInput{Email: "eve@example.org"}))
	link := s.posted(t, paywall.MailConfirm, "eve@example.org").link()
	s.addUser(t, "eve") // taken meanwhile: the link stays unused
	a := authOf(s, fullHasher(t), s.clock.Now)
	made := 0
	for range 200 {
		_, _, err := a.UseLink(t.Context(), c, nobody, link, paywall.Answer{Password: newPassword})
		if asError(t, err).Kind == paywall.KindUnavailable {
			made++ // it came to the hash
		}
	}
	if most := paywall.DefaultLimits().PasswordNetwork.Burst; made > most {
		t.Errorf("%d hashes, want at most %d", made, most)
	}
}

// TestLimits_SignUpSite: networks are cheap, so hashes for strangers are counted
// for the whole site as well.
func TestLimits_SignUpSite(t *testing.T) {
	s := newSite(t)
	s.signUpBy(t, paywall.SignUpOpen, "")
	a := authOf(s, fullHasher(t), s.clock.Now)
	made, most := 0, paywall.DefaultLimits().PasswordSite.Burst
	for n := range most + 50 {
		err := a.SignUp(t.Context(), stranger(networkOf(n)), paywall.SignUpInput{Email: eachOwn(n), Password: newPassword})
		if asError(t, err).Kind == paywall.KindUnavailable {
			made++
		}
	}
	if made > most {
		t.Errorf("%d hashes, want at most %d", made, most)
	}
}

// TestLimits_MailPlaceLong: nor can it by asking for a day. (Mails of some
// kinds hold nothing that opens anything.)
func TestLimits_MailPlaceLong(t *testing.T) {
	s := newSite(t)
	s.signUpBy(t, paywall.SignUpOpen, "")
	ada := s.addUser(t, "ada")
	for minute := range 24 * 60 {
		c := stranger("203.0.113.0/24")
		_ = s.auth().SignUp(t.Context(), c, paywall.SignUpInput{Email: ada.Email})
		s.clock.Pass(time.Minute)
		if minute%61 != 60 {
			continue
		}
		s.post(t)
		must(t, s.auth().AskSignIn(t.Context(), s.visit(), ada.Email, ""))
		s.posted(t, paywall.MailSignIn, ada.Email)
	}
}

// TestLimits_Wide: the many networks of one IPv6 customer are counted together,
// wider than one alone; IPv4 networks have no second counter.
func TestLimits_Wide(t *testing.T) {
	s := newSite(t)
	a := s.withPasskeys(fakePasskeys{})
	burst := paywall.DefaultLimits().AskNetwork.Burst
	asked := 0
	for i := range 10 * burst {
		c := stranger(fmt.Sprintf("2001:db8:1:%x::/64", i))
		c.Wide = "2001:db8:1::/48"
		if _, _, err := a.BeginPasskeyLogin(t.Context(), c); err != nil {
			wantKey(t, err, paywall.KindTooMany, "login.error.busy")
			break
		}
		asked++
	}
	if asked != 4*burst {
		t.Errorf("a /48 asked %d times, want %d", asked, 4*burst)
	}
	other := stranger("2001:db8:2:1::/64")
	other.Wide = "2001:db8:2::/48"
	_, _, err := a.BeginPasskeyLogin(t.Context(), other)
	must(t, err)
	for range burst {
		c := stranger("203.0.113.0/24")
		c.Wide = c.Network
		_, _, err := a.BeginPasskeyLogin(t.Context(), c)
		must(t, err)
	}
}
