package paywall

import (
	"errors"
	"fmt"
	"time"
)

// Kind says what sort of failure an Error is; handlers turn it into a status.
type Kind int

// The kinds of failure. An error that is no *Error counts as KindInternal.
const (
	KindInternal        Kind = iota // a fault of ours: details go to the log only
	KindInvalid                     // the input breaks a rule
	KindNotFound                    // no such thing, or not for this person
	KindUnauthenticated             // nobody is signed in
	KindForbidden                   // signed in, but not allowed
	KindConflict                    // somebody else changed it first, or it exists
	KindTooMany                     // asked too often
	KindUnavailable                 // something we need does not answer now
)

var kindNames = [...]string{
	"internal", "invalid", "not found", "unauthenticated", "forbidden",
	"conflict", "too many", "unavailable",
}

// String names the kind for logs.
func (k Kind) String() string {
	if int(k) < 0 || int(k) >= len(kindNames) {
		return "unknown"
	}
	return kindNames[k]
}

// Error is the one error type that crosses package borders on purpose: a kind
// for the machine, a catalogue key for the person, a cause for the log.
type Error struct {
	Kind Kind
	// Key is a message in the catalogues of internal/i18n.
	Key string
	// Args fill the placeholders of the message, as name, value pairs.
	Args []any
	// Fields holds a message key for each form field that was refused.
	Fields map[string]string
	// RetryAfter is how long to wait before trying again; zero means unknown.
	RetryAfter time.Duration
	// Place is the position in the waiting line, counted from 1; zero is none.
	Place int
	// Err is the cause. It is logged and never shown to a visitor.
	Err error
}

// Error describes the failure for the log.
func (e *Error) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("%s: %s: %v", e.Kind, e.Key, e.Err)
	}
	return fmt.Sprintf("%s: %s", e.Kind, e.Key)
}

// Unwrap gives the cause to errors.Is and errors.As.
func (e *Error) Unwrap() error { return e.Err }

// E makes an Error of a kind with the message key for the person.
func E(kind Kind, key string, args ...any) *Error {
	return &Error{Kind: kind, Key: key, Args: args}
}

// Because adds the cause that is kept for the log.
func (e *Error) Because(err error) *Error {
	e.Err = err
	return e
}

// KindOf tells the kind of any error; foreign errors are KindInternal.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return KindInternal
}

// ErrNotFound is what a store answers when a row does not exist.
var ErrNotFound = &Error{Kind: KindNotFound, Key: "error.not_found"}

// ErrExists is what a store answers when a unique value is taken.
var ErrExists = &Error{Kind: KindConflict, Key: "error.exists"}

// ErrChanged is what a store answers when the version it was given is old.
var ErrChanged = &Error{Kind: KindConflict, Key: "error.changed"}

// ErrProve sends somebody to prove who they are once more.
var ErrProve = &Error{Kind: KindForbidden, Key: "error.prove"}

func invalidField(field, key string) *Error {
	return &Error{Kind: KindInvalid, Key: "error.invalid", Fields: map[string]string{field: key}}
}

// renameField moves a refused field to the name that it has in another form.
func renameField(err error, from, to string) error {
	var e *Error
	if !errors.As(err, &e) || e.Fields[from] == "" {
		return err
	}
	return invalidField(to, e.Fields[from]).Because(err)
}

// invalidFields refuses a form with these message keys by field; nil for none.
func invalidFields(fields map[string]string) error {
	if len(fields) == 0 {
		return nil
	}
	return &Error{Kind: KindInvalid, Key: "error.invalid", Fields: fields}
}
