package paywall_test

import (
	"strings"
	"testing"
	"time"

	"usher/paywall"
)

const newAddress = "countess@example.org"

// moving is Ada, signed in twice, who asked for a new address.
type moving struct {
	*site
	ada    paywall.User
	home   paywall.Caller
	viewer paywall.Viewer
	mail   letter
}

func newMoving(t testing.TB) *moving {
	t.Helper()
	s := newSite(t)
	ada := s.addUser(t, "ada", withPassword(t))
	s.signIn(t, ada)
	home, viewer := s.signIn(t, ada)
	s.post(t)
	must(t, s.auth().AskAddress(t.Context(), home, viewer, " Countess@Example.org"))
	return &moving{s, ada, home, viewer, s.posted(t, paywall.MailNewAddress, newAddress)}
}

// TestAddress: confirmed at the new one, told to the old one; the own session
// goes on where it is known to be the person's.
func TestAddress(t *testing.T) {
	for name, test := range map[string]struct {
		use  func(m *moving) error
		keep bool
	}{
		"code in the own window": {func(m *moving) error {
			_, _, err := m.auth().UseCode(t.Context(), m.home, m.viewer, m.mail.Code, paywall.Answer{})
			return err
		}, true},
		"link in the own window": {func(m *moving) error {
			_, _, err := m.auth().UseLink(t.Context(), m.home, m.viewer, m.mail.link(), paywall.Answer{})
			return err
		}, true},
		"link in another browser of theirs": {func(m *moving) error {
			_, viewer := m.signIn(t, m.ada)
			m.viewer = viewer
			m.post(t) // about the new device
			_, _, err := m.auth().UseLink(t.Context(), m.visit(), viewer, m.mail.link(), paywall.Answer{})
			return err
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMoving(t)
			wantSame(t, m.mail.Address, newAddress)
			m.clock.Pass(time.Second)
			must(t, test.use(m))
			want := []string(nil)
			if test.keep {
				want = []string{m.viewer.SessionID}
			}
			wantSame(t, m.sessionIDs(t, m.ada.ID), want)
			told := m.posted(t, paywall.MailAddressChanged, m.ada.Email)
			wantSame(t, told.Address, newAddress)
			moved := m.ada
			moved.Email, moved.ConfirmedAt = newAddress, m.clock.Now()
			wantSame(t, get(m.UserByID(t.Context(), m.ada.ID))(t), moved)
			line := m.audit(t)[len(m.audit(t))-1]
			wantSame(t, []string{line.Action, line.Detail}, []string{"user.email", "person: ada@example.org → " + newAddress})
			_, err := m.useLink(t, m.visit(), m.mail.link())
			wantDeadLink(t, err)
		})
	}
}

// TestAddress_LinkNeedsTheOwnSession: an address with a slip in it hands the
// account to nobody.
func TestAddress_LinkNeedsTheOwnSession(t *testing.T) {
	m := newMoving(t)
	_, err := m.useLink(t, m.visit(), m.mail.link())
	wantSame(t, asError(t, err).Key, "link.error.own_session")
	_, stranger := m.signIn(t, m.addUser(t, "bob"))
	_, _, err = m.auth().UseLink(t.Context(), m.visit(), stranger, m.mail.link(), paywall.Answer{})
	wantSame(t, asError(t, err).Key, "link.error.own_session")
	wantSame(t, get(m.UserByID(t.Context(), m.ada.ID))(t).Email, m.ada.Email)
}

// TestAddress_Taken: the address of an account gets a mail that says so, and the
// page shows no difference.
func TestAddress_Taken(t *testing.T) {
	m := newMoving(t)
	bob := m.addUser(t, "bob")
	m.clock.Pass(time.Second)
	must(t, m.auth().AskAddress(t.Context(), m.home, m.viewer, "BOB@example.org"))
	mail := m.posted(t, paywall.MailAddressTaken, bob.Email)
	wantSame(t, []string{mail.Code, mail.Path, mail.Address}, []string{"", "/login", bob.Email})
	p := get(m.auth().Pending(t.Context(), m.home))(t)
	wantSame(t, []any{p.Kind, p.Email}, []any{paywall.ProofAddress, bob.Email})
	_, err := m.useLink(t, m.visit(), m.mail.link())
	wantDeadLink(t, err) // the newer one counts
	wantSame(t, get(m.UserByID(t.Context(), m.ada.ID))(t), m.ada)
}

func TestAddress_TakenMeanwhile(t *testing.T) {
	m := newMoving(t)
	m.addUser(t, "countess")
	_, _, err := m.auth().UseCode(t.Context(), m.home, m.viewer, m.mail.Code, paywall.Answer{})
	wantKey(t, err, paywall.KindInvalid, "account.error.address_taken")
	wantSame(t, get(m.UserByID(t.Context(), m.ada.ID))(t), m.ada)
	wantSame(t, len(m.sessionIDs(t, m.ada.ID)), 2)
	m.noPost(t)
}

func TestAddress_Refused(t *testing.T) {
	m := newMoving(t)
	wantNotFresh(t, m.auth().AskAddress(t.Context(), m.home, stale(m.viewer), "x@example.org"))
	wantNotFresh(t, m.auth().AskAddress(t.Context(), m.home, paywall.Viewer{}, "x@example.org"))
	err := m.auth().AskAddress(t.Context(), m.home, m.viewer, "x")
	wantInvalid(t, err, map[string]string{"email": "user.error.email"})
	must(t, m.auth().Disable(t.Context(), by, m.ada.ID))
	_, err = m.useLink(t, m.visit(), m.mail.link())
	wantDeadLink(t, err)
	m.noPost(t)
}

// TestAddress_SignedOut: who was signed out before the new address is confirmed
// was perhaps not the person. That the session ended a moment before the request
// reached the database makes no difference.
func TestAddress_SignedOut(t *testing.T) {
	for name, test := range map[string]struct {
		end   func(m *moving) error
		again bool // the ended session asks once more
	}{
		"everywhere": {func(m *moving) error { return m.sessions().EndAll(t.Context(), by, m.ada.ID) }, false},
		"one": {func(m *moving) error {
			return m.sessions().EndOne(t.Context(), by, m.ada.ID, m.viewer.SessionID)
		}, false},
		"by a new password": {func(m *moving) error {
			return m.auth().SetPassword(t.Context(), by, m.ada.Email, newPassword, "")
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMoving(t)
			must(t, test.end(m))
			m.post(t)
			if test.again {
				must(t, m.auth().AskAddress(t.Context(), m.home, m.viewer, newAddress))
				m.mail = m.posted(t, paywall.MailNewAddress, newAddress)
			}
			own, viewer := m.signIn(t, get(m.UserByID(t.Context(), m.ada.ID))(t))
			_, _, err := m.auth().UseLink(t.Context(), own, viewer, m.mail.link(), paywall.Answer{})
			wantDeadLink(t, err)
			wantSame(t, get(m.UserByID(t.Context(), m.ada.ID))(t).Email, m.ada.Email)
		})
	}
}

// TestAddress_Again goes on for the person who asked, and nobody else.
func TestAddress_Again(t *testing.T) {
	m := newMoving(t)
	_, bob := m.signIn(t, m.addUser(t, "bob"))
	for _, other := range []paywall.Viewer{bob, {}} {
		wantErr(t, m.auth().Again(t.Context(), m.home, other), paywall.ErrNotFound)
	}
	m.noPost(t)
	m.clock.Pass(time.Second)
	must(t, m.auth().Again(t.Context(), m.home, m.viewer))
	m.posted(t, paywall.MailNewAddress, newAddress)
}

// TestAct: a mailed code renews the proof of the session in its own window.
func TestAct(t *testing.T) {
	s := newSite(t)
	ada := s.addUser(t, "ada")
	home, viewer := s.signIn(t, ada)
	_, bob := s.signIn(t, s.addUser(t, "bob"))
	s.clock.Pass(paywall.FreshFor)
	wantNotFresh(t, s.auth().AskAct(t.Context(), home, paywall.Viewer{}, ""))
	s.noPost(t)
	must(t, s.auth().AskAct(t.Context(), home, viewer, "/account/security"))
	mail := s.posted(t, paywall.MailProve, ada.Email)
	wantSame(t, mail.Path, "")
	for _, other := range []paywall.Viewer{bob, {}} {
		_, _, err := s.auth().UseCode(t.Context(), home, other, mail.Code, paywall.Answer{})
		wantDeadLink(t, err)
		wantErr(t, s.auth().Again(t.Context(), home, other), paywall.ErrNotFound)
	}
	kind, o, err := s.auth().UseCode(t.Context(), home, viewer, mail.Code, paywall.Answer{})
	must(t, err)
	wantSame(t, []any{kind, o}, []any{paywall.ProofAct, paywall.Outcome{Next: "/account/security"}})
	if v := s.viewer(t, viewer.SessionID); !v.Fresh(s.clock.Now()) || v.Strong {
		t.Errorf("viewer %+v", v)
	}
	s.clock.Pass(time.Second)
	must(t, s.auth().Again(t.Context(), home, viewer))
	s.posted(t, paywall.MailProve, ada.Email)
}

func TestProve(t *testing.T) {
	s := newSite(t)
	home, viewer := s.signIn(t, s.addUser(t, "ada", withPassword(t)))
	s.clock.Pass(paywall.FreshFor)
	refused := map[string]string{"password": "account.error.password"}
	wantInvalid(t, s.auth().Prove(t.Context(), home, viewer, wrong), refused)
	if s.viewer(t, viewer.SessionID).Fresh(s.clock.Now()) {
		t.Error("proved by a wrong password")
	}
	must(t, s.auth().Prove(t.Context(), home, viewer, password))
	if !s.viewer(t, viewer.SessionID).Fresh(s.clock.Now()) {
		t.Error("not proved")
	}
	for range paywall.DefaultLimits().Device.Burst {
		err := authOf(s, fullHasher(t), s.clock.Now).Prove(t.Context(), home, viewer, wrong)
		if paywall.KindOf(err) == paywall.KindInvalid {
			break
		}
	}
	wantInvalid(t, s.auth().Prove(t.Context(), home, viewer, password), refused)
	home, viewer = s.signIn(t, s.addUser(t, "mail", func(u *paywall.User) { u.PasswordHash = "" }))
	wantInvalid(t, s.auth().Prove(t.Context(), home, viewer, ""), refused)
}

func TestChangePassword(t *testing.T) {
	s := newSite(t)
	ada := s.addUser(t, "ada", withPassword(t))
	s.signIn(t, ada)
	home, viewer := s.signIn(t, ada)
	s.post(t)
	s.clock.Pass(paywall.FreshFor)
	change := func(current, next string) error {
		return s.auth().ChangePassword(t.Context(), home, viewer, current, next)
	}
	wantInvalid(t, change(wrong, newPassword), map[string]string{"current": "account.error.password"})
	wantInvalid(t, change("", newPassword), map[string]string{"current": "account.error.password"})
	wantInvalid(t, change(password, "short"), map[string]string{"password": "user.error.password_short"})
	must(t, change(password, newPassword))
	if s.hasPassword(t, ada, password) || !s.hasPassword(t, ada, newPassword) {
		t.Error("the password did not change")
	}
	wantSame(t, s.sessionIDs(t, ada.ID), []string{viewer.SessionID})
	s.posted(t, paywall.MailPassword, ada.Email)
}

// TestChangePassword_First: who has none proves who they are another way.
func TestChangePassword_First(t *testing.T) {
	s := newSite(t)
	ada := s.addUser(t, "ada", func(u *paywall.User) { u.PasswordHash = "" })
	home, viewer := s.signIn(t, ada)
	wantNotFresh(t, s.auth().ChangePassword(t.Context(), home, stale(viewer), "", newPassword))
	must(t, s.auth().ChangePassword(t.Context(), home, viewer, "", newPassword))
	if !s.hasPassword(t, ada, newPassword) {
		t.Error("the password does not open the account")
	}
}

func TestProfile(t *testing.T) {
	s := newSite(t)
	ada := s.addUser(t, "ada", withPassword(t))
	home, viewer := s.signIn(t, ada)
	in := paywall.ProfileInput{Name: " Ada L. ", Language: "de", Zone: "Europe/Zurich", QuietDevices: true, QuietAccess: true}
	must(t, s.auth().SaveProfile(t.Context(), home, viewer, in))
	ada.Name, ada.Language, ada.Zone, ada.QuietDevices, ada.QuietAccess = "Ada L.", "de", "Europe/Zurich", true, true
	wantSame(t, get(s.auth().Account(t.Context(), ada.ID))(t), ada)
	must(t, s.auth().SetLanguage(t.Context(), viewer, "it"))
	ada.Language = "it"
	wantSame(t, get(s.auth().Account(t.Context(), ada.ID))(t), ada)
	for field, test := range map[string]struct {
		in  paywall.ProfileInput
		key string
	}{
		"name": {paywall.ProfileInput{Name: "a\nb"}, "user.error.name"},
		"zone": {paywall.ProfileInput{Zone: "Europe/Atlantis"}, "account.error.zone"},
	} {
		err := s.auth().SaveProfile(t.Context(), home, viewer, test.in)
		wantInvalid(t, err, map[string]string{field: test.key})
	}
	for _, zone := range []string{"Local", "../../etc/passwd", "/etc/localtime", strings.Repeat("x", 65)} {
		err := s.auth().SaveProfile(t.Context(), home, viewer, paywall.ProfileInput{Zone: zone})
		wantInvalid(t, err, map[string]string{"zone": "account.error.zone"})
	}
	wantSame(t, get(s.auth().Account(t.Context(), ada.ID))(t), ada)
	must(t, s.auth().SaveProfile(t.Context(), home, viewer, paywall.ProfileInput{}))
}

// TestChangePassword_SignedOut: while the new password is hashed, the session may
// end because the person has just taken the account back.
func TestChangePassword_SignedOut(t *testing.T) {
	s := newSite(t)
	ada := s.addUser(t, "ada", withPassword(t))
	_, viewer := s.signIn(t, ada)
	must(t, s.auth().SetPassword(t.Context(), by, ada.Email, newPassword, ""))
	err := s.auth().SetPassword(t.Context(), by, ada.Email, "the password of a thief", viewer.SessionID)
	wantKey(t, err, paywall.KindUnauthenticated, "error.sign_in")
	wantSame(t, s.hasPassword(t, ada, newPassword), true)
}
