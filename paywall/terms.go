package paywall

import (
	"context"
	"errors"
	"time"
)

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
	Version int // counted from 1; 0: there are none
	// Bodies are the words by language. Those from before there were languages
	// stand under "" in the store; a service files them under the site's own.
	Bodies    map[string]string
	CreatedAt time.Time
}

// Empty tells that there is nothing to agree to.
func (t Terms) Empty() bool {
	for _, body := range t.Bodies {
		if body != "" {
			return false
		}
	}
	return true
}

// termsOf reads the terms in force; the zero value when there are none.
func termsOf(ctx context.Context, store Store, language string) (Terms, error) {
	terms, err := store.CurrentTerms(ctx)
	if errors.Is(err, ErrNotFound) {
		return Terms{}, nil
	}
	if body, old := terms.Bodies[""]; old {
		delete(terms.Bodies, "")
		if terms.Bodies[language] == "" {
			terms.Bodies[language] = body
		}
	}
	return terms, err
}
