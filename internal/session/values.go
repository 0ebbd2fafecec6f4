package session

import (
	"github.com/gorilla/sessions"

	"usher/paywall"
)

// User is who the session belongs to; the zero User when nobody is signed in.
func User(s *sessions.Session) paywall.User {
	user, _ := s.Values[keyUser].(paywall.User)
	return user
}

// SignIn makes the next Save start a fresh session for a person who has just
// proved who they are, on a device described in words.
func SignIn(s *sessions.Session, proved paywall.User, device string) {
	s.Values[keySignIn] = signIn{user: proved, device: device}
}

// SignOut makes the next Save end the session.
func SignOut(s *sessions.Session) { s.Options.MaxAge = -1 }

// Flash is the message for this page; empty when there is none.
func Flash(s *sessions.Session) string {
	flash, _ := s.Values[keyFlash].(string)
	return flash
}

// SetFlash sets the message for the next page; Save keeps it.
func SetFlash(s *sessions.Session, message string) { s.Values[keyFlash] = message }
