// Package session keeps a visitor signed in: it is a store for gorilla/sessions
// on our own table. The cookie holds an id and a secret, the table only the
// secret's hash. A visitor who is not signed in gets no cookie.
package session

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/gorilla/sessions"

	"usher/paywall"
)

// The keys of a session's values.
const (
	keyUser   = "user"   // paywall.User, whose session this is
	keyFlash  = "flash"  // string, a message for the next page
	keyFound  = "found"  // paywall.Session, as it was read
	keySignIn = "signin" // paywall.Arrival, who is to be signed in when the session is saved
	keyKnown  = "known"  // paywall.Secret, for the cookie of a browser that is new
)

// Store implements sessions.Store.
type Store struct {
	sessions *paywall.Sessions
	options  sessions.Options
}

var _ sessions.Store = (*Store)(nil)

// NewStore makes a store. secure says that the site is served over HTTPS.
func NewStore(s *paywall.Sessions, secure bool) *Store {
	return &Store{sessions: s, options: sessions.Options{
		Path:     "/",
		MaxAge:   int(paywall.SessionAbsolute / time.Second),
		Secure:   secure,
		HttpOnly: true,
		SameSite: http.SameSiteLaxMode,
	}}
}

// Get answers the request's session, the same one each time it is asked.
func (s *Store) Get(r *http.Request, name string) (*sessions.Session, error) {
	return sessions.GetRegistry(r).Get(s, name)
}

// New reads the session of a request. A missing, forged or ended one gives an
// empty session and no error; an error means that the database does not answer.
func (s *Store) New(r *http.Request, name string) (*sessions.Session, error) {
	empty := sessions.NewSession(s, name)
	options := s.options
	empty.Options, empty.IsNew = &options, true
	id, secret, ok := readCookie(r, name)
	if !ok {
		return empty, nil
	}
	found, user, err := s.sessions.Find(r.Context(), id, secret)
	if errors.Is(err, paywall.ErrNotFound) {
		return empty, nil
	}
	if err != nil {
		return empty, err
	}
	live := empty
	live.ID, live.IsNew = found.ID, false
	live.Values[keyUser] = user
	live.Values[keyFound] = found
	live.Values[keyFlash] = found.Flash
	return live, nil
}

func readCookie(r *http.Request, name string) (id, secret string, ok bool) {
	cookie, err := r.Cookie(name)
	if err != nil {
		return "", "", false
	}
	return strings.Cut(cookie.Value, ".")
}

// Save writes what changed: a sign-in rotates the session, a negative MaxAge
// ends it, else the message for the next page is kept.
func (s *Store) Save(r *http.Request, w http.ResponseWriter, session *sessions.Session) error {
	if in, ok := session.Values[keySignIn].(paywall.Arrival); ok {
		return s.rotate(r, w, session, in)
	}
	if session.Options.MaxAge < 0 {
		return s.end(r, w, session)
	}
	if session.IsNew {
		return nil
	}
	flash, _ := session.Values[keyFlash].(string)
	return s.sessions.SetFlash(r.Context(), session.ID, flash)
}

func (s *Store) rotate(r *http.Request, w http.ResponseWriter, session *sessions.Session, in paywall.Arrival) error {
	in.Caller.SessionID = session.ID
	started, err := s.sessions.Start(r.Context(), in)
	if err != nil {
		return err
	}
	delete(session.Values, keySignIn)
	session.ID, session.IsNew = started.Session.ID, false
	session.Values[keyKnown] = started.Known
	http.SetCookie(w, sessions.NewCookie(session.Name(), started.Session.ID+"."+started.Secret.Reveal(), session.Options))
	return nil
}

func (s *Store) end(r *http.Request, w http.ResponseWriter, session *sessions.Session) error {
	if session.ID != "" {
		if err := s.sessions.End(r.Context(), session.ID); err != nil {
			return err
		}
	}
	http.SetCookie(w, sessions.NewCookie(session.Name(), "", session.Options))
	return nil
}
