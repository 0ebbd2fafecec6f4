// Package mail takes what waits in the outbox to a mail server. The words are
// those of views/mail; what is tried again, and for how long, is the domain's.
package mail

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	netmail "net/mail"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	gomail "github.com/wneessen/go-mail"

	"usher/paywall"
)

// Envelope is one mail to one person.
type Envelope struct {
	ID      string // makes the Message-ID, so that a repetition is recognised
	From    netmail.Address
	To      string // a stored address
	Subject string
	Text    string
	HTML    string
	Date    time.Time
}

// Sender hands a mail over to a server.
type Sender interface {
	// Send gives what the server answered when it took the mail. An error that
	// is Permanent means that another try would fail in the same way.
	Send(ctx context.Context, e Envelope) (answer string, err error)
}

// Permanent is an error that no further try will mend.
type Permanent struct{ Err error }

// Error is the cause.
func (p *Permanent) Error() string { return p.Err.Error() }

// Unwrap gives the cause to errors.Is and errors.As.
func (p *Permanent) Unwrap() error { return p.Err }

// Unusable is the error of a server with which no mail was spoken of yet: it does
// not answer, or refuses us. It names no recipient.
type Unusable struct{ Err error }

// Error is the cause.
func (u *Unusable) Error() string { return u.Err.Error() }

// Unwrap gives the cause to errors.Is and errors.As.
func (u *Unusable) Unwrap() error { return u.Err }

func isPermanent(err error) bool {
	var p *Permanent
	return errors.As(err, &p)
}

// compose writes the mail as it goes over the wire. host stands in the
// Message-ID; neither the machine's name nor our library's is told.
func (e Envelope) compose(host string) ([]byte, error) {
	if to, err := paywall.CanonicalEmail(e.To); err != nil || to != e.To {
		return nil, &Permanent{errors.New("the recipient is no stored address")}
	}
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	m.FromMailAddress(&e.From)
	m.ToMailAddress(&netmail.Address{Address: e.To})
	m.Subject(e.Subject)
	m.SetMessageIDWithValue(e.ID + "@" + host)
	m.SetDateWithValue(e.Date)
	// Holiday answers and the like must not come back to us.
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	m.SetBodyString(gomail.TypeTextPlain, e.Text)
	m.AddAlternativeString(gomail.TypeTextHTML, e.HTML)
	var wire bytes.Buffer
	if _, err := m.WriteTo(&wire); err != nil {
		return nil, fmt.Errorf("write the mail: %w", err)
	}
	return wire.Bytes(), nil
}

// longestAnswer is how much of a server's answer is kept, in characters.
const longestAnswer = 300

// tidy makes a server's answer one short line.
func tidy(answer string) string {
	answer = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == utf8.RuneError {
			return ' '
		}
		return r
	}, answer)
	runes := []rune(strings.TrimSpace(answer))
	return string(runes[:min(len(runes), longestAnswer)])
}
