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

// factorPlace is what a person's second factor is sealed for.
func factorPlace(userID string) string { return "totp " + userID }
