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

// Found is the session as it was read; the zero Session when nobody is signed in.
func Found(s *sessions.Session) paywall.Session {
	found, _ := s.Values[keyFound].(paywall.Session)
	return found
}

// SignIn makes the next Save start a fresh session for a person who has just
// proved who they are.
func SignIn(s *sessions.Session, in paywall.Arrival) { s.Values[keySignIn] = in }

// Known is the value of the cookie by which a new browser is known after a
// sign-in; empty when it was known before.
func Known(s *sessions.Session) paywall.Secret {
	known, _ := s.Values[keyKnown].(paywall.Secret)
	return known
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
