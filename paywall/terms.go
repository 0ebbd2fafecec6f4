package paywall

import "time"

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
