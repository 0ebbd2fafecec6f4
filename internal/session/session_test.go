package session_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"usher/internal/session"
	"usher/paywall"
	"usher/store/storetest"
)

const cookie = "usher"

// house is a session store over a real database, with one account.
type house struct {
	*session.Store
	sessions *paywall.Sessions
	user     paywall.User
	now      time.Time
}

func newHouse(t *testing.T) *house {
	t.Helper()
	db := storetest.SQLite(t)
	h := &house{user: storetest.NewUser("ada"), now: time.Date(2026, 11, 22, 20, 0, 0, 0, time.UTC)}
	if err := db.CreateUser(t.Context(), h.user); err != nil {
		t.Fatal(err)
	}
	h.sessions = newSessions(t, db, func() time.Time { return h.now })
	h.Store = session.NewStore(h.sessions, true)
	return h
}

func newSessions(t *testing.T, db paywall.Store, clock paywall.Clock) *paywall.Sessions {
	t.Helper()
	vault, err := paywall.NewVault(paywall.NewSecret("a key for tests alone"))
	if err != nil {
		t.Fatal(err)
	}
	return paywall.NewSessions(db, paywall.NewOutbox(vault, clock), clock)
}

func (h *house) arrival(device string) paywall.Arrival {
	return paywall.Arrival{User: h.user, Caller: paywall.Caller{Device: device}}
}

// visit opens the session of a request with a cookie, lets act change it, saves
// it and answers the cookies that were set.
func (h *house) visit(t *testing.T, value string, act func(r *http.Request)) (user paywall.User, flash string, set []*http.Cookie) {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	if value != "" {
		r.AddCookie(&http.Cookie{Name: cookie, Value: value})
	}
	s, err := h.Get(r, cookie)
	if err != nil {
		t.Fatal(err)
	}
	user, flash = session.User(s), session.Flash(s)
	if act != nil {
		act(r)
	}
	w := httptest.NewRecorder()
	if err := s.Save(r, w); err != nil {
		t.Fatal(err)
	}
	return user, flash, w.Result().Cookies()
}

func (h *house) signIn(t *testing.T, value string) string {
	t.Helper()
	_, _, set := h.visit(t, value, func(r *http.Request) {
		s, err := h.Get(r, cookie) // the same one again
		if err != nil {
			t.Fatal(err)
		}
		session.SignIn(s, h.arrival("Firefox, Linux"))
	})
	if len(set) != 1 {
		t.Fatalf("signing in sets %d cookies", len(set))
	}
	return set[0].Value
}

func TestStore_signInAndOut(t *testing.T) {
	h := newHouse(t)
	if user, _, set := h.visit(t, "", nil); user.ID != "" || len(set) != 0 {
		t.Errorf("a visitor is %q and gets cookies %v", user.ID, set)
	}
	first := h.signIn(t, "")
	if user, _, set := h.visit(t, first, nil); user.ID != h.user.ID || len(set) != 0 {
		t.Errorf("the cookie opens %q and sets %v again", user.ID, set)
	}
	second := h.signIn(t, first)
	if user, _, _ := h.visit(t, first, nil); user.ID != "" || first == second {
		t.Error("the old session lives on after another sign-in")
	}
	_, _, set := h.visit(t, second, func(r *http.Request) {
		s, err := h.Get(r, cookie)
		if err != nil {
			t.Fatal(err)
		}
		session.SignOut(s)
	})
	if len(set) != 1 || set[0].MaxAge >= 0 {
		t.Errorf("signing out sets %v", set)
	}
	if user, _, _ := h.visit(t, second, nil); user.ID != "" {
		t.Error("the session lives on after signing out")
	}
}

func TestStore_cookie(t *testing.T) {
	h := newHouse(t)
	_, _, set := h.visit(t, "", func(r *http.Request) {
		s, err := h.Get(r, cookie)
		if err != nil {
			t.Fatal(err)
		}
		session.SignIn(s, h.arrival(""))
	})
	c := set[0]
	if !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" {
		t.Errorf("cookie %+v", c)
	}
}

func TestStore_refusesWhatItDidNotMake(t *testing.T) {
	h := newHouse(t)
	good := h.signIn(t, "")
	id, secret, _ := strings.Cut(good, ".")
	for _, value := range []string{
		id, id + ".", "." + secret, secret + "." + id, good + "x", good[:len(good)-1], strings.ToLower(good), "nonsense", id + "." + id,
	} {
		if user, _, set := h.visit(t, value, nil); user.ID != "" || len(set) != 0 {
			t.Errorf("%q opens the account of %q", value, user.ID)
		}
	}
	h.now = h.now.Add(paywall.SessionIdle)
	if user, _, _ := h.visit(t, good, nil); user.ID != "" {
		t.Error("an idle session is still open")
	}
}

func TestStore_flash(t *testing.T) {
	h := newHouse(t)
	value := h.signIn(t, "")
	say := func(text string) func(r *http.Request) {
		return func(r *http.Request) {
			s, err := h.Get(r, cookie)
			if err != nil {
				t.Fatal(err)
			}
			session.SetFlash(s, text)
		}
	}
	h.visit(t, value, say("saved"))
	if _, flash, _ := h.visit(t, value, say("")); flash != "saved" {
		t.Errorf("message %q", flash)
	}
	if _, flash, _ := h.visit(t, value, nil); flash != "" {
		t.Errorf("the message %q came twice", flash)
	}
}

// TestStore_databaseDown: then nobody is taken for anybody.
func TestStore_databaseDown(t *testing.T) {
	db := storetest.SQLite(t)
	store := session.NewStore(newSessions(t, db, time.Now), false)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.AddCookie(&http.Cookie{Name: cookie, Value: "id.secret"})
	if s, err := store.New(r, cookie); err == nil || session.User(s).ID != "" {
		t.Errorf("session of %q, error %v", session.User(s).ID, err)
	}
}
