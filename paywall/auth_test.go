package paywall_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"usher/paywall"
	"usher/store/storetest"
)

func (s *site) auth() *paywall.Auth { return authOf(s, newHasher(), s.clock.Now) }

// login tries a password on an unknown browser.
func (s *site) login(t testing.TB, email, password string) (paywall.Outcome, error) {
	t.Helper()
	return s.auth().Login(t.Context(), stranger("192.0.2.0/24"), email, password, "/listen/night")
}

// let is the outcome of a right password without a second factor.
func let(u paywall.User) paywall.Outcome {
	return paywall.Outcome{User: u, Method: paywall.MethodPassword, Next: "/listen/night"}
}

func withPassword(t testing.TB) func(u *paywall.User) {
	hash := get(passwordHash())(t)
	return func(u *paywall.User) { u.PasswordHash = hash }
}

// TestAuth_Login: whoever may not come in gets the very same error.
func TestAuth_Login(t *testing.T) {
	s := newSite(t)
	ada := s.addUser(t, "ada", withPassword(t))
	s.addUser(t, "off", withPassword(t), disabled)
	s.addUser(t, "none", func(u *paywall.User) { u.PasswordHash = "" })
	s.addUser(t, "garbage")
	fresh := s.addUser(t, "fresh", withPassword(t), unconfirmed)
	for name, test := range map[string]struct {
		email, password string
		want            paywall.User
	}{
		"right":                    {"ada@example.org", password, ada},
		"capitals in the address":  {" ADA@Example.Org ", password, ada},
		"not confirmed yet":        {"fresh@example.org", password, fresh}, // Decide refuses what needs more
		"wrong password":           {"ada@example.org", "wrong horse battery", paywall.User{}},
		"no password given":        {"ada@example.org", "", paywall.User{}},
		"password in capitals":     {"ada@example.org", strings.ToUpper(password), paywall.User{}},
		"password too long":        {"ada@example.org", strings.Repeat("x", paywall.MaxPassword+1), paywall.User{}},
		"unknown address":          {"eve@example.org", password, paywall.User{}},
		"no address":               {"", password, paywall.User{}},
		"no address at all":        {"ada@@example.org\x00", password, paywall.User{}},
		"twin of an address":       {"a\u0501a@example.org", password, paywall.User{}},
		"disabled, right password": {"off@example.org", password, paywall.User{}},
		"disabled, wrong password": {"off@example.org", "wrong horse battery", paywall.User{}},
		"account without password": {"none@example.org", password, paywall.User{}},
		"the same, none given":     {"none@example.org", "", paywall.User{}},
		"unreadable hash":          {"garbage@example.org", password, paywall.User{}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := s.login(t, test.email, test.password)
			if test.want.ID != "" {
				must(t, err)
				wantSame(t, got, let(test.want))
				return
			}
			wantSame(t, got, paywall.Outcome{})
			refusal := &paywall.Error{Kind: paywall.KindInvalid, Key: "login.error.bad_credentials"}
			if !reflect.DeepEqual(err, error(refusal)) {
				t.Errorf("error = %#v, want %#v", err, refusal)
			}
		})
	}
	if lines := s.audit(t); len(lines) != 0 {
		t.Errorf("logging in wrote %+v", lines)
	}
}

// TestAuth_LoginBusy: a flood is told to come back, known address or not.
func TestAuth_LoginBusy(t *testing.T) {
	s, h := newSite(t), paywall.NewHasher(1, time.Nanosecond)
	defer h.Occupy()()
	s.addUser(t, "ada", withPassword(t))
	for _, email := range []string{"ada@example.org", "eve@example.org"} {
		got, err := authOf(s, h, s.clock.Now).Login(t.Context(), paywall.Caller{}, email, password, "")
		wantBusy(t, err, "login.error.busy", 5*time.Second)
		wantSame(t, got, paywall.Outcome{})
	}
}

func TestAuth_CreateConfirmed(t *testing.T) {
	s := newSite(t)
	ada := get(s.auth().CreateConfirmed(t.Context(), by, paywall.NewUser{
		Email: " Ada@Example.org", Name: " Ada Lovelace\t", Password: password, Role: paywall.RoleOwner,
	}))(t)
	if len(ada.ID) != 26 || ada.PasswordHash == "" {
		t.Errorf("id %q, hash %q", ada.ID, ada.PasswordHash)
	}
	wantSame(t, ada, paywall.User{
		ID: ada.ID, Email: "ada@example.org", Name: "Ada Lovelace", Role: paywall.RoleOwner,
		PasswordHash: ada.PasswordHash, ConfirmedAt: opening, CreatedAt: opening,
	})
	wantSame(t, get(s.UserByEmail(t.Context(), "ada@example.org"))(t), ada)
	s.wantAudit(t, paywall.AuditEntry{
		At: opening, Actor: by, Action: "user.create", Subject: ada.ID, Detail: "person: ada@example.org\nrole: owner",
	})
	wantSame(t, get(s.login(t, "ada@example.org", password))(t), let(ada))
}

func TestAuth_CreateWithoutPassword(t *testing.T) {
	s := newSite(t)
	bob := get(s.auth().CreateConfirmed(t.Context(), by, paywall.NewUser{
		Email: "bob@example.org", Role: paywall.RoleMember,
	}))(t)
	if bob.PasswordHash != "" {
		t.Errorf("hash %q", bob.PasswordHash)
	}
	_, err := s.login(t, "bob@example.org", "")
	if err == nil {
		t.Error("logged in without a password")
	}
}

func TestAuth_CreateRefused(t *testing.T) {
	s := newSite(t)
	s.addUser(t, "ada")
	valid := paywall.NewUser{Email: "new@example.org", Name: "New", Password: password, Role: paywall.RoleMember}
	for name, test := range map[string]struct {
		change     func(u *paywall.NewUser)
		field, key string
	}{
		"taken":                   {func(u *paywall.NewUser) { u.Email = "ada@example.org" }, "email", "user.error.exists"},
		"taken in capitals":       {func(u *paywall.NewUser) { u.Email = "ADA@example.ORG" }, "email", "user.error.exists"},
		"no address":              {func(u *paywall.NewUser) { u.Email = "" }, "email", "user.error.email"},
		"bad address":             {func(u *paywall.NewUser) { u.Email = "x@y" }, "email", "user.error.email"},
		"name too long":           {func(u *paywall.NewUser) { u.Name = strings.Repeat("é", paywall.MaxName+1) }, "name", "user.error.name"},
		"line break in the name":  {func(u *paywall.NewUser) { u.Name = "A\r\nBcc: x" }, "name", "user.error.name"},
		"short password":          {func(u *paywall.NewUser) { u.Password = "short" }, "password", "user.error.password_short"},
		"long password":           {func(u *paywall.NewUser) { u.Password = strings.Repeat("x", 257) }, "password", "user.error.password_long"},
		"no UTF-8 in the name":    {func(u *paywall.NewUser) { u.Name = "\xff" }, "name", "user.error.name"},
		"address before the rest": {func(u *paywall.NewUser) { *u = paywall.NewUser{Name: "\n"} }, "email", "user.error.email"},
	} {
		t.Run(name, func(t *testing.T) {
			in := valid
			test.change(&in)
			got, err := s.auth().CreateConfirmed(t.Context(), by, in)
			wantInvalid(t, err, map[string]string{test.field: test.key})
			wantSame(t, got, paywall.User{})
		})
	}
	if lines := s.audit(t); len(lines) != 0 {
		t.Errorf("refusals wrote %+v", lines)
	}
	longest := valid
	longest.Name = strings.Repeat("é", paywall.MaxName)
	get(s.auth().CreateConfirmed(t.Context(), by, longest))(t)
}

// TestAuth_CreateStrangeRole: a role that does not exist makes no account.
func TestAuth_CreateStrangeRole(t *testing.T) {
	s := newSite(t)
	_, err := s.auth().CreateConfirmed(t.Context(), by, paywall.NewUser{Email: "x@example.org", Role: "admin"})
	if err == nil {
		t.Error("an account with the role admin")
	}
	_, err = s.UserByEmail(t.Context(), "x@example.org")
	wantErr(t, err, paywall.ErrNotFound)
}

// addSessions stores sessions of a person and gives their ids, sorted.
func (s *site) addSessions(t testing.TB, userID string, n int) []string {
	t.Helper()
	var ids []string
	for range n {
		session := storetest.NewSession(userID)
		must(t, s.CreateSession(t.Context(), session))
		ids = append(ids, session.ID)
	}
	slices.Sort(ids)
	return ids
}

func (s *site) sessionIDs(t testing.TB, userID string) []string {
	t.Helper()
	var ids []string
	for _, session := range get(s.SessionsOf(t.Context(), userID))(t) {
		ids = append(ids, session.ID)
	}
	slices.Sort(ids)
	return ids
}

// TestAuth_SetPassword ends all sessions of the person but the chosen one.
func TestAuth_SetPassword(t *testing.T) {
	const next = "another horse battery"
	for name, keep := range map[string]bool{"keep one": true, "keep none": false} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			ada, bob := s.addUser(t, "ada", withPassword(t)), s.addUser(t, "bob")
			own, others := s.addSessions(t, ada.ID, 3), s.addSessions(t, bob.ID, 2)
			kept, want := "", []string(nil)
			if keep {
				kept, want = own[1], own[1:2]
			}
			must(t, s.auth().SetPassword(t.Context(), by, "ADA@example.org", next, kept))
			wantSame(t, s.sessionIDs(t, ada.ID), want)
			wantSame(t, s.sessionIDs(t, bob.ID), others)
			s.wantAudit(t, paywall.AuditEntry{
				At: opening, Actor: by, Action: "user.password", Subject: ada.ID, Detail: "person: ada@example.org",
			})
			after := get(s.login(t, ada.Email, next))(t)
			ada.PasswordHash = after.User.PasswordHash
			wantSame(t, after, let(ada))
			if _, err := s.login(t, ada.Email, password); err == nil {
				t.Error("the old password still opens")
			}
		})
	}
}

func TestAuth_SetPasswordRefused(t *testing.T) {
	s := newSite(t)
	ada := s.addUser(t, "ada", withPassword(t))
	sessions := s.addSessions(t, ada.ID, 2)
	err := s.auth().SetPassword(t.Context(), by, "x", password, "")
	wantInvalid(t, err, map[string]string{"email": "user.error.email"})
	err = s.auth().SetPassword(t.Context(), by, ada.Email, "short", "")
	wantInvalid(t, err, map[string]string{"password": "user.error.password_short"})
	err = s.auth().SetPassword(t.Context(), by, "eve@example.org", password, "")
	wantErr(t, err, paywall.ErrNotFound)
	wantSame(t, s.sessionIDs(t, ada.ID), sessions)
	wantSame(t, get(s.UserByID(t.Context(), ada.ID))(t), ada)
	if lines := s.audit(t); len(lines) != 0 {
		t.Errorf("refusals wrote %+v", lines)
	}
}

// TestAuth_Disable ends all sessions and shuts the door.
func TestAuth_Disable(t *testing.T) {
	s := newSite(t)
	ada, bob := s.addUser(t, "ada", withPassword(t)), s.addUser(t, "bob")
	s.addSessions(t, ada.ID, 3)
	others := s.addSessions(t, bob.ID, 1)
	s.clock.Pass(time.Hour)
	must(t, s.auth().Disable(t.Context(), by, ada.ID))
	ada.DisabledAt = at(60)
	wantSame(t, get(s.UserByID(t.Context(), ada.ID))(t), ada)
	wantSame(t, s.sessionIDs(t, ada.ID), []string(nil))
	wantSame(t, s.sessionIDs(t, bob.ID), others)
	s.wantAudit(t, paywall.AuditEntry{
		At: at(60), Actor: by, Action: "user.disable", Subject: ada.ID, Detail: "person: ada@example.org",
	})
	if _, err := s.login(t, ada.Email, password); err == nil {
		t.Error("a disabled account logs in")
	}
	wantErr(t, s.auth().Disable(t.Context(), by, "unknown"), paywall.ErrNotFound)
}
