package paywall_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"usher/paywall"
	"usher/store/storetest"
)

// besieged is a secured account with every way in, and the services over a store
// that fails on purpose.
type besieged struct {
	*secured
	broken faulty
	auth   *paywall.Auth
	window paywall.Caller // waits for a mail to sign in
	mails  map[paywall.ProofKind]letter
	ask    string // the second factor, asked in the window
	second app    // of Bob, set up but not tried
	bobs   paywall.Caller
	bob    paywall.Viewer
}

func newBesieged(t testing.TB) *besieged {
	t.Helper()
	b := &besieged{secured: newSecured(t), mails: map[paywall.ProofKind]letter{}}
	b.signUpBy(t, paywall.SignUpOpen, "Be kind.")
	must(t, b.addPasskey(t, b.home, b.viewer, "key-1", "Key"))
	b.home.Known = get(b.sessions().Start(t.Context(), paywall.Arrival{User: b.ada, Strong: true}))(t).Known.Reveal()
	b.tie(t, b.ada, "ada")
	b.bobs, b.bob = b.signIn(t, b.addUser(t, "bob"))
	b.second = b.begin(t, b.bob)
	b.window = b.visit()
	b.ask = b.first(t, b.window)
	b.post(t)
	must(t, b.site.auth().AskReset(t.Context(), b.visit(), b.ada.Email, ""))
	b.mails[paywall.ProofReset] = b.posted(t, paywall.MailReset, b.ada.Email)
	must(t, b.site.auth().AskAddress(t.Context(), b.home, b.viewer, newAddress))
	b.mails[paywall.ProofAddress] = b.posted(t, paywall.MailNewAddress, newAddress)
	b.mails[paywall.ProofSignUp] = b.signUp(t, b.visit(), "new@example.org", "")
	b.clock.Pass(time.Second)
	must(t, b.site.auth().AskAct(t.Context(), b.home, b.viewer, ""))
	b.mails[paywall.ProofAct] = b.posted(t, paywall.MailProve, b.ada.Email)
	must(t, b.site.auth().AskSignIn(t.Context(), b.window, b.ada.Email, ""))
	b.mails[paywall.ProofSignIn] = b.posted(t, paywall.MailSignIn, b.ada.Email)
	return b
}

// breakable makes the services over a store that can fail.
func (b *besieged) breakable() {
	b.broken = faulty{Store: b.DB, faults: map[string]error{}, calls: &[]string{}}
	b.auth = authOf(b.broken, newHasher(), b.clock.Now, func(d *paywall.AuthDeps) {
		d.Passkeys, d.Providers = fakePasskeys{}, abroad
	})
}

func (b *besieged) link(ctx context.Context, kind paywall.ProofKind) error {
	_, _, err := b.auth.UseLink(ctx, b.visit(), b.viewer, b.mails[kind].link(), paywall.Answer{Password: newPassword})
	return err
}

// Each method of the ways in, once with every call to the store that it makes.
var waysIn = map[string]func(ctx context.Context, t *testing.T, b *besieged) error{
	"Login": func(ctx context.Context, _ *testing.T, b *besieged) error {
		_, err := b.auth.Login(ctx, b.home, b.ada.Email, password, "")
		return err
	},
	"Login from an unknown browser": func(ctx context.Context, _ *testing.T, b *besieged) error {
		_, err := b.auth.Login(ctx, b.window, b.ada.Email, password, "")
		return err
	},
	"AnswerFactor": func(ctx context.Context, t *testing.T, b *besieged) error {
		_, err := b.auth.AnswerFactor(ctx, b.window, b.ask, b.app.code(t, b.clock.Now(), 0))
		return err
	},
	"AnswerFactor with a recovery code": func(ctx context.Context, _ *testing.T, b *besieged) error {
		_, err := b.auth.AnswerFactor(ctx, b.window, b.ask, b.codes[0])
		return err
	},
	"SignUp": func(ctx context.Context, _ *testing.T, b *besieged) error {
		return b.auth.SignUp(ctx, b.window, paywall.SignUpInput{Email: "other@example.org", Password: newPassword})
	},
	"AskSignIn": func(ctx context.Context, _ *testing.T, b *besieged) error {
		return b.auth.AskSignIn(ctx, b.window, b.ada.Email, "")
	},
	"Again": func(ctx context.Context, _ *testing.T, b *besieged) error {
		return b.auth.Again(ctx, b.window, paywall.Viewer{})
	},
	"AskAddress": func(ctx context.Context, _ *testing.T, b *besieged) error {
		return b.auth.AskAddress(ctx, b.home, b.viewer, "other@example.org")
	},
	"AskAct": func(ctx context.Context, _ *testing.T, b *besieged) error {
		return b.auth.AskAct(ctx, b.home, b.viewer, "")
	},
	"UseCode": func(ctx context.Context, _ *testing.T, b *besieged) error {
		_, _, err := b.auth.UseCode(ctx, b.window, paywall.Viewer{}, b.mails[paywall.ProofSignIn].Code, paywall.Answer{})
		return err
	},
	"UseCode to go on": func(ctx context.Context, _ *testing.T, b *besieged) error {
		_, _, err := b.auth.UseCode(ctx, b.home, b.viewer, b.mails[paywall.ProofAct].Code, paywall.Answer{})
		return err
	},
	"UseLink to sign in": func(ctx context.Context, _ *testing.T, b *besieged) error { return b.link(ctx, paywall.ProofSignIn) },
	"UseLink to sign up": func(ctx context.Context, _ *testing.T, b *besieged) error { return b.link(ctx, paywall.ProofSignUp) },
	"UseLink to reset":   func(ctx context.Context, _ *testing.T, b *besieged) error { return b.link(ctx, paywall.ProofReset) },
	"UseLink to move":    func(ctx context.Context, _ *testing.T, b *besieged) error { return b.link(ctx, paywall.ProofAddress) },
	"Prove": func(ctx context.Context, _ *testing.T, b *besieged) error {
		return b.auth.Prove(ctx, b.home, b.viewer, password)
	},
	"ChangePassword": func(ctx context.Context, _ *testing.T, b *besieged) error {
		return b.auth.ChangePassword(ctx, b.home, b.viewer, password, newPassword)
	},
	"SaveProfile": func(ctx context.Context, _ *testing.T, b *besieged) error {
		return b.auth.SaveProfile(ctx, b.home, b.viewer, paywall.ProfileInput{Name: "A"})
	},
	"SetLanguage": func(ctx context.Context, _ *testing.T, b *besieged) error {
		return b.auth.SetLanguage(ctx, b.viewer, "de")
	},
	"BeginFactor": func(ctx context.Context, _ *testing.T, b *besieged) error { return b.auth.BeginFactor(ctx, b.bob) },
	"Enrolment": func(ctx context.Context, _ *testing.T, b *besieged) error {
		_, err := b.auth.Enrolment(ctx, b.bob)
		return err
	},
	"RenewRecoveryCodes": func(ctx context.Context, _ *testing.T, b *besieged) error {
		_, err := b.auth.RenewRecoveryCodes(ctx, b.home, b.viewer)
		return err
	},
	"EndFactor": func(ctx context.Context, _ *testing.T, b *besieged) error {
		return b.auth.EndFactor(ctx, b.home, b.viewer)
	},
	"RenamePasskey": func(ctx context.Context, _ *testing.T, b *besieged) error {
		return b.auth.RenamePasskey(ctx, b.viewer, "key-1", "New")
	},
	"RemovePasskey": func(ctx context.Context, _ *testing.T, b *besieged) error {
		return b.auth.RemovePasskey(ctx, b.home, b.viewer, "key-1")
	},
	"Disconnect": func(ctx context.Context, _ *testing.T, b *besieged) error {
		return b.auth.Disconnect(ctx, b.home, b.viewer, "one")
	},
	"Invite": func(ctx context.Context, _ *testing.T, b *besieged) error {
		return b.auth.Invite(ctx, by, "other@example.org")
	},
	"Uninvite": func(ctx context.Context, _ *testing.T, b *besieged) error {
		return b.auth.Uninvite(ctx, by, "other@example.org")
	},
	"LoginLink": func(ctx context.Context, _ *testing.T, b *besieged) error {
		_, _, err := b.auth.LoginLink(ctx, by, b.ada.Email)
		return err
	},
	"Unlock": func(ctx context.Context, _ *testing.T, b *besieged) error {
		_, err := b.auth.Unlock(ctx, by, b.ada.Email)
		return err
	},
	"Enable": func(ctx context.Context, _ *testing.T, b *besieged) error { return b.auth.Enable(ctx, by, b.ada.ID) },
	"SafetyOf": func(ctx context.Context, _ *testing.T, b *besieged) error {
		_, err := b.auth.SafetyOf(ctx, b.ada.ID)
		return err
	},
	"ConfirmFactor": func(ctx context.Context, t *testing.T, b *besieged) error {
		_, err := b.auth.ConfirmFactor(ctx, b.bobs, b.bob, b.second.code(t, b.clock.Now(), 0))
		return err
	},
	"a passkey's login": func(ctx context.Context, _ *testing.T, b *besieged) error {
		id, _, err := b.auth.BeginPasskeyLogin(ctx, b.window)
		if err != nil {
			return err
		}
		_, err = b.auth.FinishPasskeyLogin(ctx, b.window, id, []byte("key-1 of "+b.ada.ID), "")
		return err
	},
	"a new passkey": func(ctx context.Context, _ *testing.T, b *besieged) error {
		id, _, err := b.auth.BeginPasskey(ctx, b.home, b.viewer)
		if err != nil {
			return err
		}
		return b.auth.FinishPasskey(ctx, b.home, b.viewer, id, []byte("key-2"), "New")
	},
	"a known login elsewhere": func(ctx context.Context, _ *testing.T, b *besieged) error {
		return b.travels(ctx, b.window, paywall.Viewer{}, "ada")
	},
	"a new login elsewhere": func(ctx context.Context, _ *testing.T, b *besieged) error {
		return b.travels(ctx, b.window, paywall.Viewer{}, "eve")
	},
	"a dubious login elsewhere": func(ctx context.Context, _ *testing.T, b *besieged) error {
		return b.travels(ctx, b.window, paywall.Viewer{}, "eve-unsure")
	},
	"connecting a login": func(ctx context.Context, _ *testing.T, b *besieged) error {
		return b.travels(ctx, b.home, b.viewer, "eve")
	},
	"Sessions.Start": func(ctx context.Context, _ *testing.T, b *besieged) error {
		_, err := sessionsOf(b.broken, b.clock.Now).Start(ctx, paywall.Arrival{User: b.ada, Strong: true, Caller: b.window})
		return err
	},
	"Sessions.Start on a known browser": func(ctx context.Context, _ *testing.T, b *besieged) error {
		_, err := sessionsOf(b.broken, b.clock.Now).Start(ctx, paywall.Arrival{User: b.ada, Strong: true, Caller: b.home})
		return err
	},
	"Sessions.EndOne": func(ctx context.Context, _ *testing.T, b *besieged) error {
		return sessionsOf(b.broken, b.clock.Now).EndOne(ctx, by, b.ada.ID, b.viewer.SessionID)
	},
	"SiteSettings.Change": func(ctx context.Context, _ *testing.T, b *besieged) error {
		return paywall.NewSiteSettings(b.broken, b.clock.Now).Change(ctx, by, someSettings)
	},
}

func (b *besieged) travels(ctx context.Context, c paywall.Caller, v paywall.Viewer, person string) error {
	address, err := b.auth.GoToProvider(ctx, c, v, "one", "")
	if err != nil {
		return err
	}
	_, err = b.auth.ReturnFromProvider(ctx, c, v, "one", stateIn(address), person)
	return err
}

// state is what a call may change, in comparable words. Counters and used-up
// questions are left out: the person tries again.
type state struct {
	User                                                    paywall.User
	Actions, Passkeys                                       string
	Sessions, Devices, Mails, Recovery, Identities, Members int
	Invitations, Terms                                      int
	Factor                                                  bool
	SignUp                                                  paywall.Settings
}

func (b *besieged) state(t testing.TB) state {
	t.Helper()
	r := (&troupe{site: b.site, ada: b.ada}).rows(t)
	if r.User.PasswordHash != b.ada.PasswordHash {
		r.User.PasswordHash = "new"
	}
	actions := b.actions(t)
	slices.Sort(actions)
	var passkeys []string
	for _, p := range r.Safety.Passkeys {
		passkeys = append(passkeys, p.Name)
	}
	return state{
		User: r.User, Actions: strings.Join(actions, " "), Passkeys: strings.Join(passkeys, " "),
		Sessions: len(r.Sessions), Devices: r.Devices, Mails: r.Mails, Recovery: r.Safety.RecoveryCodes,
		Identities: len(r.Safety.Identities), Members: r.Members, Invitations: len(r.Invitations), Terms: r.Terms.Version,
		Factor: r.Safety.Factor.Active(), SignUp: get(b.settings().Get(t.Context()))(t),
	}
}

// copied is the same scene over a database of its own.
func (b besieged) copied(t testing.TB, content []byte) *besieged {
	t.Helper()
	path := filepath.Join(t.TempDir(), "usher.db")
	must(t, os.WriteFile(path, content, 0o600))
	twin := *b.secured
	twin.site = &site{DB: storetest.Open(t, path), clock: &clock{now: b.clock.Now()}, path: path, read: map[string]bool{}}
	b.secured = &twin
	b.breakable()
	return &b
}

// TestFaults_WaysIn lets each call to the store fail that a method makes. The
// failure comes out, and what was done is all or nothing: no change without its
// audit line, no mail about what did not happen.
func TestFaults_WaysIn(t *testing.T) {
	scene := newBesieged(t)
	must(t, scene.Close())
	content := get(os.ReadFile(scene.path))(t)
	for name, call := range waysIn {
		t.Run(name, func(t *testing.T) {
			b := scene.copied(t, content)
			before := b.state(t)
			must(t, call(t.Context(), t, b))
			after, methods := b.state(t), slices.Clone(*b.broken.calls)
			slices.Sort(methods)
			for _, method := range slices.Compact(methods) {
				b := scene.copied(t, content)
				b.broken.faults[method] = errFault
				if err := call(t.Context(), t, b); !errors.Is(err, errFault) {
					t.Errorf("%s fails: error %v", method, err)
				}
				if got := b.state(t); got != before && got != after {
					t.Errorf("%s fails: half is done\ngot    %+v\nbefore %+v\nafter  %+v", method, got, before, after)
				}
			}
		})
	}
}
