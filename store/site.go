package store

import (
	"context"
	"time"

	"usher/paywall"
)

type setting struct{ name, value string }

// SettingValues gives all stored settings by name.
func (q *queries) SettingValues(ctx context.Context) (map[string]string, error) {
	all, err := queryAll(ctx, q.read, "SettingValues",
		func(s *setting) []any { return []any{&s.name, &s.value} }, `SELECT name, value FROM settings`)
	if err != nil {
		return nil, err
	}
	values := make(map[string]string, len(all))
	for _, s := range all {
		values[s.name] = s.value
	}
	return values, nil
}

// PutSetting stores or replaces a setting.
func (q *queries) PutSetting(ctx context.Context, name, value string, at time.Time) error {
	_, err := exec(ctx, q.write, "PutSetting", `
		INSERT INTO settings (name, value, changed_at) VALUES ($1, $2, $3)
		ON CONFLICT (name) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at`,
		name, value, instant(at))
	return err
}

// CreateTerms stores a version; ErrExists when the number is taken.
func (q *queries) CreateTerms(ctx context.Context, t paywall.Terms) error {
	_, err := exec(ctx, q.write, "CreateTerms",
		`INSERT INTO terms (version, created_at) VALUES ($1, $2)`, t.Version, instant(t.CreatedAt))
	for language, body := range t.Bodies {
		if err == nil {
			err = q.AddTermsBody(ctx, t.Version, language, body)
		}
	}
	return err
}

// AddTermsBody adds or replaces the words of a version in a language.
func (q *queries) AddTermsBody(ctx context.Context, version int, language, body string) error {
	_, err := exec(ctx, q.write, "AddTermsBody", `
		INSERT INTO terms_bodies (version, language, body) VALUES ($1, $2, $3)
		ON CONFLICT (version, language) DO UPDATE SET body = excluded.body`, version, language, body)
	return err
}

// CurrentTerms is the newest version.
func (q *queries) CurrentTerms(ctx context.Context) (paywall.Terms, error) {
	places := func(t *paywall.Terms) []any { return []any{&t.Version, (*instant)(&t.CreatedAt)} }
	terms, err := queryOne(ctx, q.read, "CurrentTerms", places,
		`SELECT version, created_at FROM terms ORDER BY version DESC LIMIT 1`)
	if err != nil {
		return paywall.Terms{}, err
	}
	bodies, err := queryAll(ctx, q.read, "CurrentTerms",
		func(s *setting) []any { return []any{&s.name, &s.value} },
		`SELECT language, body FROM terms_bodies WHERE version = $1`, terms.Version)
	if err != nil {
		return paywall.Terms{}, err
	}
	terms.Bodies = make(map[string]string, len(bodies))
	for _, b := range bodies {
		terms.Bodies[b.name] = b.value
	}
	return terms, nil
}

// CreateConsent stores what a person agreed to.
func (q *queries) CreateConsent(ctx context.Context, c paywall.Consent) error {
	_, err := exec(ctx, q.write, "CreateConsent",
		`INSERT INTO consents (id, user_id, version, language, given_at) VALUES ($1, $2, $3, $4, $5)`,
		c.ID, c.UserID, c.Version, c.Language, instant(c.GivenAt))
	return err
}

// ConsentsOf lists what a person agreed to, newest first.
func (q *queries) ConsentsOf(ctx context.Context, userID string) ([]paywall.Consent, error) {
	places := func(c *paywall.Consent) []any {
		return []any{&c.ID, &c.UserID, &c.Version, &c.Language, (*instant)(&c.GivenAt)}
	}
	return queryAll(ctx, q.read, "ConsentsOf", places, `
		SELECT id, user_id, version, language, given_at FROM consents
		WHERE user_id = $1 ORDER BY given_at DESC, id`, userID)
}

// CutNetworks forgets where sessions and audit lines before an instant came
// from.
func (q *queries) CutNetworks(ctx context.Context, before time.Time) error {
	for _, query := range []string{
		`UPDATE sessions SET network = '' WHERE created_at < $1 AND network <> ''`,
		`UPDATE audit_entries SET network = '' WHERE entered_at < $1 AND network <> ''`,
	} {
		if _, err := exec(ctx, q.write, "CutNetworks", query, instant(before)); err != nil {
			return err
		}
	}
	return nil
}
