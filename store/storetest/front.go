package storetest

import (
	"testing"

	"usher/paywall"
)

func testTexts(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	texts := func() []paywall.Text { t.Helper(); return read[[]paywall.Text](t)(s.SiteTexts(ctx)) }
	wantSame(t, len(texts()), 0)
	first := paywall.Text{Place: paywall.PlaceHome, Language: "fr", Body: "# Bienvenue", Version: 1, ChangedAt: stored(start)}
	must(t, s.PutSiteText(ctx, first))
	wantErr(t, s.PutSiteText(ctx, first), paywall.ErrChanged)
	wantSame(t, texts(), []paywall.Text{first})
	second := first
	second.Body, second.Version = "", 2
	must(t, s.PutSiteText(ctx, second))
	wantErr(t, s.PutSiteText(ctx, first), paywall.ErrChanged)
	wantErr(t, s.PutSiteText(ctx, second), paywall.ErrChanged)
	wantSame(t, texts(), []paywall.Text{second})
	other := paywall.Text{Place: paywall.PlaceHome, Language: "de", Body: "Willkommen", Version: 1, ChangedAt: stored(start)}
	must(t, s.PutSiteText(ctx, other))
	wantSame(t, len(texts()), 2)
}
