package store

import (
	"context"

	"usher/paywall"
)

// SiteTexts gives all texts in all languages.
func (q *queries) SiteTexts(ctx context.Context) ([]paywall.Text, error) {
	places := func(t *paywall.Text) []any {
		return []any{&t.Place, &t.Language, &t.Body, &t.Version, (*instant)(&t.ChangedAt)}
	}
	return queryAll(ctx, q.read, "SiteTexts", places, `SELECT place, language, body, version, changed_at FROM site_texts`)
}

// PutSiteText stores a text over the version before; ErrChanged when that is not
// the stored one.
func (q *queries) PutSiteText(ctx context.Context, t paywall.Text) error {
	n, err := exec(ctx, q.write, "PutSiteText", `
		INSERT INTO site_texts (place, language, body, version, changed_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (place, language) DO UPDATE
		SET body = excluded.body, version = excluded.version, changed_at = excluded.changed_at
		WHERE site_texts.version = excluded.version - 1`,
		t.Place, t.Language, t.Body, t.Version, instant(t.ChangedAt))
	if err == nil && n == 0 {
		return paywall.ErrChanged
	}
	return err
}
