package paywall

import "time"

// SecondFactor is a person's authenticator app (TOTP, RFC 6238).
type SecondFactor struct {
	UserID      string
	Secret      []byte // sealed for "totp " and UserID
	CreatedAt   time.Time
	ConfirmedAt time.Time // zero: set up but not tried, so it is not asked for
	LastStep    int64     // the last 30-second step whose code was used
}

// Active tells whether the factor is asked for at a login.
func (f SecondFactor) Active() bool { return !f.ConfirmedAt.IsZero() }

// Device is a browser that has signed in before. Its cookie outlives sessions:
// it only says that tries from here are not a stranger's.
type Device struct {
	ID         string
	UserID     string
	SecretHash []byte // SHA-256
	CreatedAt  time.Time
	SeenAt     time.Time
}

// Consent is a person's agreement to a version of the terms.
type Consent struct {
	ID       string
	UserID   string
	Version  int
	Language string
	GivenAt  time.Time
}

// Terms are one version of the site's terms. Old ones are kept, because people
// agreed to them.
type Terms struct {
	Version   int // counted from 1
	Body      string
	CreatedAt time.Time
}
