package paywall_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"usher/paywall"
)

// oldParams are the costs of another time.
const oldParams = "$argon2id$v=19$m=19456,t=1,p=1$"

// TestLogin_Rehash: a password that was hashed at other costs is hashed anew
// when it proves right, and only then.
func TestLogin_Rehash(t *testing.T) {
	s := newSite(t)
	old := get(paywall.OldHash(password))(t)
	if !strings.HasPrefix(old, oldParams) {
		t.Fatalf("hash %q", old)
	}
	ada := s.addUser(t, "ada", func(u *paywall.User) { u.PasswordHash = old })
	sessions := s.addSessions(t, ada.ID, 2)
	if _, err := s.login(t, ada.Email, wrong); err == nil {
		t.Error("a wrong password opens")
	}
	wantSame(t, get(s.UserByID(t.Context(), ada.ID))(t), ada)
	o := get(s.login(t, ada.Email, password))(t)
	if strings.HasPrefix(o.User.PasswordHash, oldParams) || !s.hasPassword(t, ada, password) {
		t.Errorf("hash %q", o.User.PasswordHash)
	}
	wantSame(t, s.sessionIDs(t, ada.ID), sessions)
	get(s.sessions().Start(t.Context(), arrival(o.User, "")))(t) // the session sees the new hash
	wantSame(t, get(s.login(t, ada.Email, password))(t), o)
}

// TestLogin_Challenge: what waits for a second factor is sealed.
func TestLogin_Challenge(t *testing.T) {
	s := newSecured(t)
	c := s.visit()
	ask := s.first(t, c)
	s.wantNowhere(t, c.Window, "/listen/night")
	if len(ask) != 26 {
		t.Errorf("id %q", ask)
	}
}

// TestLogin_Next goes on to where it was wanted.
func TestLogin_Next(t *testing.T) {
	s := newSite(t)
	s.addUser(t, "ada", withPassword(t))
	o := get(s.auth().Login(t.Context(), s.visit(), "ada@example.org", password, "/watch/film"))(t)
	wantSame(t, o.Next, "/watch/film")
}

// TestLogin_NothingKept: trying passwords leaves counters, and nothing that names
// an address or a network.
func TestLogin_NothingKept(t *testing.T) {
	s := newSite(t)
	a := authOf(s, fullHasher(t), s.clock.Now)
	for n := range 5 {
		_, err := a.Login(t.Context(), stranger("203.0.113.0/24"), "nobody@example.com", wrong, "")
		if !hashed(t, err) {
			t.Errorf("try %d was refused", n)
		}
	}
	s.wantNowhere(t, "nobody@example.com", "203.0.113.0", wrong)
	wantSame(t, s.actions(t), []string(nil))
}

// TestSessions_Devices: a browser is known once it has signed in; the person is
// told of another one, but not of the first.
func TestSessions_Devices(t *testing.T) {
	s := newSite(t)
	ada := s.addUser(t, "ada")
	home, _ := s.signIn(t, ada)
	s.noPost(t)
	if len(home.Known) != 26+1+52 {
		t.Errorf("cookie %q", home.Known)
	}
	s.wantNowhere(t, home.Known, home.Known[27:])
	arrive := func(c paywall.Caller, user paywall.User) paywall.Secret {
		t.Helper()
		s.clock.Pass(time.Second)
		return get(s.sessions().Start(t.Context(), paywall.Arrival{User: user, Caller: c}))(t).Known
	}
	if !arrive(home, ada).Empty() {
		t.Error("a known browser got another cookie")
	}
	s.noPost(t)
	wantSame(t, get(s.DeviceByID(t.Context(), home.Known[:26]))(t).SeenAt, s.clock.Now())
	arrive(s.visit(), ada)
	mail := s.posted(t, paywall.MailNewDevice, ada.Email)
	wantSame(t, []any{mail.Device, mail.At, mail.Path}, []any{"Firefox, Linux", s.clock.Now(), "/account/security"})
	bob := s.addUser(t, "bob")
	if arrive(home, bob).Empty() {
		t.Error("the browser of one person is known for another")
	}
	s.noPost(t) // Bob's first
	forged := home
	forged.Known = home.Known[:78] + "!"
	if arrive(forged, ada).Empty() {
		t.Error("a forged cookie is known")
	}
	s.posted(t, paywall.MailNewDevice, ada.Email)
	ada.QuietDevices = true
	must(t, s.UpdateUser(t.Context(), ada))
	arrive(s.visit(), ada)
	s.noPost(t)
	must(t, s.sessions().EndAll(t.Context(), by, ada.ID))
	wantSame(t, get(s.CountDevices(t.Context(), ada.ID))(t), 0)
	wantSame(t, get(s.CountDevices(t.Context(), bob.ID))(t), 1)
}

func TestSessions_StartAfterMoving(t *testing.T) {
	s := newSite(t)
	proved := s.addUser(t, "ada")
	moved := proved
	moved.Email = newAddress
	must(t, s.UpdateUser(t.Context(), moved))
	_, err := s.sessions().Start(t.Context(), arrival(proved, ""))
	wantKey(t, err, paywall.KindInvalid, "login.error.bad_credentials")
}

// TestSessions_EndOne ends a session of the person's own.
func TestSessions_EndOne(t *testing.T) {
	s := newSite(t)
	ada, bob := s.addUser(t, "ada"), s.addUser(t, "bob")
	own, others := s.addSessions(t, ada.ID, 2), s.addSessions(t, bob.ID, 1)
	wantErr(t, s.sessions().EndOne(t.Context(), by, ada.ID, others[0]), paywall.ErrNotFound)
	must(t, s.sessions().EndOne(t.Context(), by, ada.ID, own[0]))
	wantErr(t, s.sessions().EndOne(t.Context(), by, ada.ID, own[0]), paywall.ErrNotFound)
	wantSame(t, s.sessionIDs(t, ada.ID), own[1:])
	wantSame(t, s.sessionIDs(t, bob.ID), others)
	wantSame(t, s.actions(t), []string{"session.end"})
}

func TestViewer_Fresh(t *testing.T) {
	v := paywall.Viewer{ProvedAt: opening}
	for after, want := range map[time.Duration]bool{0: true, paywall.FreshFor - 1: true, paywall.FreshFor: false} {
		if got := v.Fresh(opening.Add(after)); got != want {
			t.Errorf("after %v: %v", after, got)
		}
	}
	if (paywall.Viewer{}).Fresh(opening) {
		t.Error("somebody who never proved it is fresh")
	}
}

func TestNewWindow(t *testing.T) {
	var all []string
	for range 100 {
		all = append(all, paywall.NewWindow())
	}
	slices.Sort(all)
	if len(slices.Compact(all)) != 100 || len(all[0]) != 52 {
		t.Errorf("windows %q", all[:3])
	}
}
