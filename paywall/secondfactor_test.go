package paywall_test

import (
	"encoding/base32"
	"strings"
	"testing"
	"time"

	"usher/internal/totp"
	"usher/paywall"
)

// app is somebody's authenticator app.
type app struct{ secret []byte }

// code is the code that the app shows some steps of 30 seconds from now.
func (a app) code(t testing.TB, now time.Time, steps int) string {
	t.Helper()
	return get(totp.Codes{}.Code(a.secret, now.Unix()/30+int64(steps)))(t)
}

// begin sets an app up without trying it.
func (s *site) begin(t testing.TB, v paywall.Viewer) app {
	t.Helper()
	must(t, s.auth().BeginFactor(t.Context(), v))
	e := get(s.auth().Enrolment(t.Context(), v))(t)
	return app{get(base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(e.Secret))(t)}
}

// enrol sets an app up and gives the recovery codes.
func (s *site) enrol(t testing.TB, c paywall.Caller, v paywall.Viewer) (app, []string) {
	t.Helper()
	device := s.begin(t, v)
	codes := get(s.auth().ConfirmFactor(t.Context(), c, v, device.code(t, s.clock.Now(), 0)))(t)
	s.clock.Pass(time.Minute) // the code just used is not used again
	return device, codes
}

// secured is a site with somebody who has a password and a second factor.
type secured struct {
	*site
	ada    paywall.User
	home   paywall.Caller
	viewer paywall.Viewer
	app    app
	codes  []string
}

func newSecured(t testing.TB) *secured {
	t.Helper()
	s := newSite(t)
	ada := s.addUser(t, "ada", withPassword(t))
	home, viewer := s.signIn(t, ada)
	device, codes := s.enrol(t, home, viewer)
	s.post(t)
	return &secured{s, ada, home, viewer, device, codes}
}

// first does the first step of a login in a window.
func (s *secured) first(t testing.TB, c paywall.Caller) string {
	t.Helper()
	o := get(s.auth().Login(t.Context(), c, s.ada.Email, password, "/listen/night"))(t)
	wantSame(t, o, paywall.Outcome{Ask: o.Ask, Next: "/listen/night"})
	if o.Ask == "" {
		t.Fatal("no second factor is asked for")
	}
	return o.Ask
}

func (s *secured) answer(t testing.TB, c paywall.Caller, ask, code string) (paywall.Outcome, error) {
	t.Helper()
	return s.auth().AnswerFactor(t.Context(), c, ask, code)
}

func wantWrongFactor(t testing.TB, err error) {
	t.Helper()
	wantInvalid(t, err, map[string]string{"code": "factor.error.code"})
}

func TestFactor_Enrol(t *testing.T) {
	s := newSite(t)
	ada := s.addUser(t, "ada")
	s.signIn(t, ada)
	home, viewer := s.signIn(t, ada)
	s.post(t)
	_, err := s.auth().Enrolment(t.Context(), viewer)
	wantErr(t, err, paywall.ErrNotFound)
	_, err = s.auth().ConfirmFactor(t.Context(), home, viewer, "123456")
	wantErr(t, err, paywall.ErrNotFound)
	first := s.begin(t, viewer)
	device := s.begin(t, viewer) // once more: a new secret
	if string(first.secret) == string(device.secret) || len(device.secret) != 20 {
		t.Errorf("secrets %x, %x", first.secret, device.secret)
	}
	e := get(s.auth().Enrolment(t.Context(), viewer))(t)
	want := "otpauth://totp/Radio%20Lumi%C3%A8re:ada@example.org?issuer=Radio%20Lumi%C3%A8re&secret=" + e.Secret
	wantSame(t, e.URL, want)
	for _, code := range []string{"", "000000x", first.code(t, s.clock.Now(), 0), device.code(t, s.clock.Now(), 3), device.code(t, s.clock.Now(), -3)} {
		_, err = s.auth().ConfirmFactor(t.Context(), home, viewer, code)
		wantWrongFactor(t, err)
	}
	wantSame(t, get(s.SafetyOf(t, ada))(t).Factor.Active(), false)
	code := device.code(t, s.clock.Now(), 0)
	codes := get(s.auth().ConfirmFactor(t.Context(), home, viewer, " "+code[:3]+" "+code[3:]))(t)
	if len(codes) != 10 || len(codes[0]) != 19 || codes[0] == codes[1] {
		t.Errorf("recovery codes %q", codes)
	}
	s.posted(t, paywall.MailFactorOn, ada.Email)
	wantSame(t, s.sessionIDs(t, ada.ID), []string{viewer.SessionID})
	if !s.viewer(t, viewer.SessionID).Strong {
		t.Error("the session is not strong")
	}
	safety := get(s.SafetyOf(t, ada))(t)
	if !safety.Factor.Active() || safety.RecoveryCodes != 10 {
		t.Errorf("safety %+v", safety)
	}
	s.wantNowhere(t, append(codes, e.Secret, string(device.secret), strings.ReplaceAll(codes[0], "-", ""))...)
	wantKey(t, s.auth().BeginFactor(t.Context(), viewer), paywall.KindConflict, "factor.error.active")
	_, err = s.auth().Enrolment(t.Context(), viewer)
	wantErr(t, err, paywall.ErrNotFound)
	_, err = s.auth().ConfirmFactor(t.Context(), home, viewer, code)
	wantKey(t, err, paywall.KindConflict, "factor.error.active")
}

// SafetyOf is how an account is kept safe.
func (s *site) SafetyOf(t testing.TB, u paywall.User) (paywall.Safety, error) {
	t.Helper()
	return s.auth().SafetyOf(t.Context(), u.ID)
}

// TestFactor_EnrolTwice: of two presses of the button one makes recovery codes.
func TestFactor_EnrolTwice(t *testing.T) {
	s := newSite(t)
	home, viewer := s.signIn(t, s.addUser(t, "ada"))
	code := s.begin(t, viewer).code(t, s.clock.Now(), 0)
	worked := atOnce(8, func(int) error {
		_, err := s.auth().ConfirmFactor(t.Context(), home, viewer, code)
		return err
	})
	if worked != 1 {
		t.Errorf("%d of 8 worked", worked)
	}
}

func TestFactor_NotFresh(t *testing.T) {
	s := newSecured(t)
	old := stale(s.viewer)
	wantNotFresh(t, s.auth().BeginFactor(t.Context(), old))
	_, err := s.auth().Enrolment(t.Context(), old)
	wantNotFresh(t, err)
	_, err = s.auth().ConfirmFactor(t.Context(), s.home, old, "123456")
	wantNotFresh(t, err)
	_, err = s.auth().RenewRecoveryCodes(t.Context(), s.home, old)
	wantNotFresh(t, err)
	wantNotFresh(t, s.auth().EndFactor(t.Context(), s.home, old))
	wantNotFresh(t, s.auth().BeginFactor(t.Context(), paywall.Viewer{}))
}

// TestFactor_Answer: a code works once, and with clocks one step apart.
func TestFactor_Answer(t *testing.T) {
	for name, test := range map[string]struct {
		steps int
		want  bool
	}{"now": {0, true}, "slow clock": {-1, true}, "fast clock": {1, true}, "too slow": {-2, false}, "too fast": {2, false}} {
		t.Run(name, func(t *testing.T) {
			s := newSecured(t)
			c := s.visit()
			ask, code := s.first(t, c), s.app.code(t, s.clock.Now(), test.steps)
			o, err := s.answer(t, c, ask, code)
			if !test.want {
				wantWrongFactor(t, err)
				wantSame(t, o, paywall.Outcome{})
				return
			}
			must(t, err)
			wantSame(t, o, paywall.Outcome{User: s.ada, Method: paywall.MethodPassword, Strong: true, Next: "/listen/night"})
			_, err = s.answer(t, c, ask, s.app.code(t, s.clock.Now(), 1))
			wantOver(t, err) // the question was answered
			_, err = s.answer(t, c, s.first(t, c), code)
			wantWrongFactor(t, err) // a replay
		})
	}
}

func TestFactor_AnswerParallel(t *testing.T) {
	s := newSecured(t)
	c := s.visit()
	code := s.app.code(t, s.clock.Now(), 0)
	asks := []string{s.first(t, c), s.first(t, c), s.first(t, c), s.first(t, c)}
	worked := atOnce(8, func(n int) error {
		_, err := s.answer(t, c, asks[n%4], code)
		return err
	})
	if worked != 1 {
		t.Errorf("one code worked %d times", worked)
	}
}

// TestFactor_Over: what happened between the steps ends the login.
func TestFactor_Over(t *testing.T) {
	elsewhere := func(*testing.T, *secured) {}
	for name, test := range map[string]struct {
		between func(t *testing.T, s *secured)
		foreign bool
	}{
		"password changed": {between: func(t *testing.T, s *secured) {
			must(t, s.auth().SetPassword(t.Context(), by, s.ada.Email, newPassword, ""))
		}},
		"disabled": {between: func(t *testing.T, s *secured) { must(t, s.auth().Disable(t.Context(), by, s.ada.ID)) }},
		"address changed": {between: func(t *testing.T, s *secured) {
			s.ada.Email = "countess@example.org"
			must(t, s.UpdateUser(t.Context(), s.ada))
		}},
		"factor removed": {between: func(t *testing.T, s *secured) { must(t, s.auth().RemoveFactor(t.Context(), by, s.ada.ID)) }},
		"too late":       {between: func(_ *testing.T, s *secured) { s.clock.Pass(paywall.ChallengeLife) }},
		"another window": {between: elsewhere, foreign: true},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSecured(t)
			c := s.visit()
			ask := s.first(t, c)
			test.between(t, s)
			if test.foreign {
				_, err := s.answer(t, paywall.Caller{}, ask, s.app.code(t, s.clock.Now(), 0))
				wantOver(t, err)
				c = s.visit()
			}
			_, err := s.answer(t, c, ask, s.app.code(t, s.clock.Now(), 0))
			wantOver(t, err)
		})
	}
	s := newSecured(t)
	_, err := s.answer(t, s.visit(), "unknown", "123456")
	wantOver(t, err)
}

// TestFactor_Recovery: a recovery code opens once, also when used by many at the
// same time, and the person is told.
func TestFactor_Recovery(t *testing.T) {
	s := newSecured(t)
	c := s.visit()
	var asks []string
	for range 8 {
		asks = append(asks, s.first(t, c))
	}
	spelled := []string{s.codes[0], strings.ToUpper(s.codes[0]), " " + strings.ReplaceAll(s.codes[0], "-", " "), strings.ReplaceAll(s.codes[0], "-", "")}
	worked := atOnce(8, func(n int) error {
		_, err := s.answer(t, c, asks[n], spelled[n%4])
		return err
	})
	if worked != 1 {
		t.Errorf("one code worked %d times", worked)
	}
	s.posted(t, paywall.MailRecoveryUsed, s.ada.Email)
	wantSame(t, get(s.SafetyOf(t, s.ada))(t).RecoveryCodes, 9)
	get(s.answer(t, c, s.first(t, c), s.codes[1]))(t)
	renewed := get(s.auth().RenewRecoveryCodes(t.Context(), s.home, s.viewer))(t)
	_, err := s.answer(t, c, s.first(t, c), s.codes[2])
	wantWrongFactor(t, err)
	get(s.answer(t, c, s.first(t, c), renewed[0]))(t)
}

// TestFactor_RecoveryOfAnother: codes belong to one account.
func TestFactor_RecoveryOfAnother(t *testing.T) {
	s := newSecured(t)
	bob := s.addUser(t, "bob")
	bobs, bobViewer := s.signIn(t, bob)
	_, codes := s.enrol(t, bobs, bobViewer)
	c := s.visit()
	_, err := s.answer(t, c, s.first(t, c), codes[0])
	wantWrongFactor(t, err)
	wantSame(t, get(s.SafetyOf(t, bob))(t).RecoveryCodes, 10)
	_, err = s.auth().RenewRecoveryCodes(t.Context(), s.home, paywall.Viewer{User: s.addUser(t, "eve"), ProvedAt: s.clock.Now()})
	wantErr(t, err, paywall.ErrNotFound)
}

// TestFactor_Limit: whoever knows the password guesses a few times and no more;
// the owner's browser goes on.
func TestFactor_Limit(t *testing.T) {
	s := newSecured(t)
	home, c := s.visit(), s.visit()
	started := get(s.sessions().Start(t.Context(), paywall.Arrival{User: s.ada, Strong: true, Caller: home}))(t)
	home.Known = started.Known.Reveal()
	ask := s.first(t, c)
	for range paywall.DefaultLimits().FactorAccount.Burst {
		_, err := s.answer(t, c, ask, "abcd-efgh-abcd-efgh")
		wantWrongFactor(t, err)
	}
	_, err := s.answer(t, c, ask, s.app.code(t, s.clock.Now(), 0))
	wantWrongFactor(t, err) // the right one, in the same words
	_, err = s.answer(t, c, ask, s.codes[0])
	wantWrongFactor(t, err)
	get(s.answer(t, home, s.first(t, home), s.app.code(t, s.clock.Now(), 0)))(t)
	s.clock.Pass(time.Minute)
	get(s.answer(t, c, ask, s.app.code(t, s.clock.Now(), 0)))(t) // it began anew: the owner got in
}

func TestFactor_Remove(t *testing.T) {
	for name, remove := range map[string]func(s *secured) error{
		"by the person":   func(s *secured) error { return s.auth().EndFactor(t.Context(), s.home, s.viewer) },
		"by a site owner": func(s *secured) error { return s.auth().RemoveFactor(t.Context(), by, s.ada.ID) },
	} {
		t.Run(name, func(t *testing.T) {
			s := newSecured(t)
			s.addSessions(t, s.ada.ID, 2)
			must(t, remove(s))
			s.posted(t, paywall.MailFactorOff, s.ada.Email)
			if left := len(s.sessionIDs(t, s.ada.ID)); left > 1 {
				t.Errorf("%d sessions go on", left)
			}
			o := get(s.login(t, s.ada.Email, password))(t)
			if o.Ask != "" || o.User.ID != s.ada.ID {
				t.Errorf("outcome %+v", o)
			}
			wantSame(t, get(s.SafetyOf(t, s.ada))(t).RecoveryCodes, 0)
			wantErr(t, remove(s), paywall.ErrNotFound)
		})
	}
}

// TestFactor_Asked: every way in but a passkey asks for it, and a factor that
// was never tried is not asked for.
func TestFactor_Asked(t *testing.T) {
	s := newSecured(t)
	c := s.visit()
	must(t, s.auth().AskSignIn(t.Context(), c, s.ada.Email, "/x"))
	byCode := get(s.useCode(t, c, s.posted(t, paywall.MailSignIn, s.ada.Email).Code))(t)
	path, _, err := s.auth().LoginLink(t.Context(), by, s.ada.Email)
	must(t, err)
	byLink := get(s.useLink(t, c, strings.TrimPrefix(path, "/link/")))(t)
	for _, test := range []struct {
		got    paywall.Outcome
		method paywall.Method
	}{{byCode, paywall.MethodMail}, {byLink, paywall.MethodLink}} {
		if test.got.Ask == "" || test.got.User.ID != "" {
			t.Errorf("%s: %+v", test.method, test.got)
		}
		s.clock.Pass(time.Minute)
		o := get(s.answer(t, c, test.got.Ask, s.app.code(t, s.clock.Now(), 0)))(t)
		if o.Method != test.method || !o.Strong {
			t.Errorf("%s: %+v", test.method, o)
		}
	}
	bob := s.addUser(t, "bob", withPassword(t))
	_, viewer := s.signIn(t, bob)
	s.begin(t, viewer)
	wantSame(t, get(s.login(t, bob.Email, password))(t), let(bob))
}

// TestFactor_Strong: a session counts as strong as long as there is something
// that makes it so; else owners who switch it off keep their pages for months.
func TestFactor_Strong(t *testing.T) {
	s := newSecured(t)
	strong := func() bool { return s.site.viewer(t, s.viewer.SessionID).Strong }
	must(t, s.addPasskey(t, s.home, s.viewer, "key-1", "Key"))
	must(t, s.auth().EndFactor(t.Context(), s.home, s.viewer))
	wantSame(t, strong(), true)
	must(t, s.withPasskeys(fakePasskeys{}).RemovePasskey(t.Context(), s.home, s.viewer, "key-1"))
	wantSame(t, strong(), false)
	s.enrol(t, s.home, s.viewer)
	wantSame(t, strong(), true)
	must(t, s.auth().EndFactor(t.Context(), s.home, s.viewer))
	wantSame(t, strong(), false)
}

// TestFactor_OnMeanwhile: a login that began before the factor was switched on
// ends without a session.
func TestFactor_OnMeanwhile(t *testing.T) {
	s := newSite(t)
	ada := s.addUser(t, "ada", withPassword(t))
	home, viewer := s.signIn(t, ada)
	o := get(s.login(t, ada.Email, password))(t)
	s.enrol(t, home, viewer)
	_, err := s.sessions().Start(t.Context(), paywall.Arrival{User: o.User, Method: o.Method, Caller: s.visit()})
	wantKey(t, err, paywall.KindInvalid, "login.error.bad_credentials")
	wantSame(t, s.sessionIDs(t, ada.ID), []string{viewer.SessionID})
}
