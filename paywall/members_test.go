package paywall_test

import (
	"strings"
	"testing"
	"time"

	"usher/paywall"
)

func invited(t testing.TB) (*site, letter) {
	t.Helper()
	s := newSite(t)
	s.signUpBy(t, paywall.SignUpInvitation, "Be kind.")
	s.clock.Pass(time.Second)
	must(t, s.auth().Invite(t.Context(), by, " Ada@Example.org"))
	return s, s.posted(t, paywall.MailInvite, "ada@example.org")
}

func TestInvite(t *testing.T) {
	s, mail := invited(t)
	wantSame(t, []any{mail.Code, mail.Language, mail.Valid}, []any{"", "", paywall.InviteLife})
	open := get(s.auth().Invitations(t.Context()))(t)
	if len(open) != 1 || open[0].Email != "ada@example.org" {
		t.Errorf("invitations %+v", open)
	}
	s.signUpBy(t, paywall.SignUpInvitation, "Be very kind.")
	_, o, err := s.auth().UseLink(t.Context(), s.visit(), paywall.Viewer{}, mail.link(), paywall.Answer{Password: newPassword})
	must(t, err)
	wantSame(t, []any{o.User.Email, o.User.Role, o.User.Language}, []any{"ada@example.org", paywall.RoleMember, "fr"}) // of the page
	if !o.User.Confirmed() || !s.hasPassword(t, o.User, newPassword) {
		t.Errorf("account %+v", o.User)
	}
	wantSame(t, get(s.ConsentsOf(t.Context(), o.User.ID))(t)[0].Version, 2) // those in force
	wantSame(t, len(get(s.auth().Invitations(t.Context()))(t)), 0)
	_, err = s.useLink(t, s.visit(), mail.link())
	wantDeadLink(t, err)
}

// TestInvite_Ends: by a newer one, when it is taken back, after a week, and when
// no accounts are made any more.
func TestInvite_Ends(t *testing.T) {
	s, mail := invited(t)
	s.clock.Pass(time.Second)
	must(t, s.auth().Invite(t.Context(), by, "ada@example.org"))
	newer := s.posted(t, paywall.MailInvite, "ada@example.org")
	_, err := s.useLink(t, s.visit(), mail.link())
	wantDeadLink(t, err)
	must(t, s.auth().Uninvite(t.Context(), by, "ada@example.org"))
	_, err = s.useLink(t, s.visit(), newer.link())
	wantDeadLink(t, err)
	wantSame(t, len(get(s.auth().Invitations(t.Context()))(t)), 0)

	s, mail = invited(t)
	s.clock.Pass(paywall.InviteLife)
	_, err = s.useLink(t, s.visit(), mail.link())
	wantDeadLink(t, err)

	s, mail = invited(t)
	s.signUpBy(t, paywall.SignUpClosed, "")
	_, err = s.useLink(t, s.visit(), mail.link())
	wantKey(t, err, paywall.KindForbidden, "signup.error.closed")
	err = s.auth().Invite(t.Context(), by, "bob@example.org")
	wantInvalid(t, err, map[string]string{"email": "member.error.closed"})
}

func TestInvite_Refused(t *testing.T) {
	s, _ := invited(t)
	s.addUser(t, "bob")
	for email, key := range map[string]string{"BOB@example.org": "user.error.exists", "x": "user.error.email"} {
		wantInvalid(t, s.auth().Invite(t.Context(), by, email), map[string]string{"email": key})
	}
	s.noPost(t)
}

// TestLoginLink is handed over by an owner: it works once, for a day, and a new
// one ends it.
func TestLoginLink(t *testing.T) {
	s := newSite(t)
	ada := s.addUser(t, "ada", withPassword(t))
	link := func() string {
		t.Helper()
		path, until, err := s.auth().LoginLink(t.Context(), by, " ADA@example.org")
		must(t, err)
		wantSame(t, until, s.clock.Now().Add(24*time.Hour))
		return strings.TrimPrefix(path, "/link/")
	}
	first := link()
	s.noPost(t)
	s.wantNowhere(t, first)
	s.wantAudit(t, paywall.AuditEntry{At: opening, Actor: by, Action: "user.login_link", Subject: ada.ID, Detail: "person: " + ada.Email})
	second := link()
	_, err := s.useLink(t, s.visit(), first)
	wantDeadLink(t, err)
	worked := atOnce(10, func(n int) error {
		o, err := s.useLink(t, stranger(networkOf(n)), second)
		if err == nil && o.Method != paywall.MethodLink {
			t.Errorf("outcome %+v", o)
		}
		return err
	})
	wantSame(t, worked, 1)
	third := link()
	s.clock.Pass(paywall.LoginLinkLife)
	_, err = s.useLink(t, s.visit(), third)
	wantDeadLink(t, err)
	s.addUser(t, "off", disabled)
	for email, kind := range map[string]paywall.Kind{
		"off@example.org": paywall.KindInvalid, "x": paywall.KindInvalid, "eve@example.org": paywall.KindNotFound,
	} {
		path, _, err := s.auth().LoginLink(t.Context(), by, email)
		if paywall.KindOf(err) != kind || path != "" {
			t.Errorf("%s: %q, %v", email, path, err)
		}
	}
}

// TestLoginLink_Strangers cannot end it by asking for a mail; a new password can.
func TestLoginLink_Strangers(t *testing.T) {
	s := newSite(t)
	ada := s.addUser(t, "ada")
	link := func() string {
		path, _, err := s.auth().LoginLink(t.Context(), by, ada.Email)
		must(t, err)
		return strings.TrimPrefix(path, "/link/")
	}
	handed := link()
	must(t, s.auth().AskSignIn(t.Context(), s.visit(), ada.Email, ""))
	wantSame(t, get(s.useLink(t, s.visit(), handed))(t).User.ID, ada.ID)
	handed = link()
	must(t, s.auth().SetPassword(t.Context(), by, ada.Email, newPassword, ""))
	_, err := s.useLink(t, s.visit(), handed)
	wantDeadLink(t, err)
}

func TestEnable(t *testing.T) {
	s := newSite(t)
	ada := s.addUser(t, "ada", withPassword(t), disabled)
	must(t, s.auth().Enable(t.Context(), by, ada.ID))
	ada.DisabledAt = time.Time{}
	wantSame(t, get(s.login(t, ada.Email, password))(t), let(ada))
	wantSame(t, s.actions(t), []string{"user.enable"})
	gone := s.addUser(t, "gone", func(u *paywall.User) { u.DeletedAt = opening })
	wantErr(t, s.auth().Enable(t.Context(), by, gone.ID), paywall.ErrNotFound)
	wantErr(t, s.auth().Disable(t.Context(), by, gone.ID), paywall.ErrNotFound)
}

// TestDisable_LastOwner: a site without an owner would be nobody's.
func TestDisable_LastOwner(t *testing.T) {
	s := newSite(t)
	ada, bob := s.addUser(t, "ada", owner), s.addUser(t, "bob", owner)
	must(t, s.auth().Disable(t.Context(), by, ada.ID))
	must(t, s.auth().Disable(t.Context(), by, ada.ID)) // once more changes nothing
	wantKey(t, s.auth().Disable(t.Context(), by, bob.ID), paywall.KindInvalid, "data.error.last_owner")
	wantSame(t, get(s.CountOwners(t.Context()))(t), 1)
}

func TestSafetyOf(t *testing.T) {
	s := newSecured(t)
	s.tie(t, s.ada, "ada")
	must(t, s.addPasskey(t, s.home, s.viewer, "key-1", "Key"))
	got := get(s.SafetyOf(t, s.ada))(t)
	wantSame(t, []any{got.HasPassword, len(got.Passkeys), got.Factor.Active(), got.RecoveryCodes, len(got.Identities)},
		[]any{true, 1, true, 10, 1})
	bob := s.addUser(t, "bob", func(u *paywall.User) { u.PasswordHash = "" })
	got = get(s.SafetyOf(t, bob))(t)
	wantSame(t, []any{got.HasPassword, len(got.Passkeys), got.Factor.Active(), got.RecoveryCodes, len(got.Identities)},
		[]any{false, 0, false, 0, 0})
	_, err := s.auth().SafetyOf(t.Context(), "unknown")
	wantErr(t, err, paywall.ErrNotFound)
}
