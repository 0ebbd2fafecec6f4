package handlers

import (
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"usher/internal/i18n"
	"usher/paywall"
	"usher/views"
)

// showItem plays an item or tells why not: GET /listen/:slug and /watch/:slug.
func (h *Handlers) showItem(kind paywall.ItemKind) echo.HandlerFunc {
	return func(c echo.Context) error {
		ctx, viewer := c.Request().Context(), viewerOf(c)
		perf, err := h.Playback.Look(ctx, viewer, c.Param("slug"))
		if err != nil {
			return err
		}
		switch {
		case perf.Item.Kind != kind:
			return paywall.ErrNotFound
		case perf.Item.Slug != c.Param("slug"):
			return c.Redirect(http.StatusMovedPermanently, movedTo(c, perf.Item))
		case !perf.Decision.Allowed():
			return h.refuse(c, perf)
		case isPrefetch(c.Request()):
			return c.NoContent(http.StatusServiceUnavailable)
		case drawsNoToken(c.Request()):
			return h.render(c, http.StatusOK, views.Player(h.playerPage(c, perf)))
		}
		perf, err = h.Playback.Start(ctx, viewer, perf, c.QueryParam("source"))
		if err != nil {
			return &failedItem{item: perf.Item, err: err}
		}
		return h.showPlayer(c, perf, h.Plays.Begin(viewer, perf, ""))
	}
}

// movedTo is where an item is that was asked for by an older address.
func movedTo(c echo.Context, item paywall.Item) string {
	if query := c.Request().URL.RawQuery; query != "" {
		return item.Path() + "?" + query
	}
	return item.Path()
}

// refuse shows the paywall, and counts it for visitors who came to play.
func (h *Handlers) refuse(c echo.Context, perf paywall.Performance) error {
	if !isPrefetch(c.Request()) && !drawsNoToken(c.Request()) {
		h.Plays.Refuse(viewerOf(c), perf)
	}
	return h.showPaywall(c, perf)
}

func (h *Handlers) showPaywall(c echo.Context, perf paywall.Performance) error {
	page, err := h.paywallPage(c, perf)
	if err != nil {
		return err
	}
	return h.render(c, http.StatusOK, views.Paywall(page))
}

func (h *Handlers) showPlayer(c echo.Context, perf paywall.Performance, play string) error {
	page := h.playerPage(c, perf)
	page.Play = play
	var err error
	if page.Src, err = views.NewMediaSrc(perf.Playable.URL, h.Hosts.Allows); err != nil {
		return err
	}
	h.allowMedia(c)
	return h.render(c, http.StatusOK, views.Player(page))
}

// itemPage is the part of an item's page that the paywall and the player share.
func (h *Handlers) itemPage(c echo.Context, item paywall.Item) views.Page {
	page := h.page(c, item.Title)
	page.Description = item.Summary
	if item.Published {
		page.CanonicalURL = h.absolute(item.Path())
		if item.PosterID != "" {
			page.ImageURL = h.absolute(pictureURL(item.PosterID))
		}
	}
	return page
}

// paywallPage tells why an item does not play. It is given the item's public
// part only: no source reaches it.
func (h *Handlers) paywallPage(c echo.Context, perf paywall.Performance) (views.PaywallPage, error) {
	l, reason := localeOf(c), perf.Decision.Reason
	page := views.PaywallPage{
		Page: h.itemPage(c, perf.Item), Item: h.itemHead(l, perf.Item), Reason: string(reason), RedeemItem: redeemItem(perf),
	}
	page.Own = h.face().own(paywall.PlacePaywall, l)
	page.Headline, page.Text = h.refusalWords(c, perf)
	if reason == paywall.ReasonSignedOut {
		page.SignInURL = loginURL(perf.Item.Path())
		settings, err := h.Settings.Get(c.Request().Context())
		if err != nil {
			return page, err
		}
		if settings.SignUp == paywall.SignUpOpen {
			page.SignUpURL = withNext("/signup", perf.Item.Path())
		}
	}
	if !perf.Item.Opened(h.now(c)) {
		page.Opens = l.T("home.opens", "Date", l.DateTime(h.zoned(c, perf.Item.OpensAt)))
	}
	return page, nil
}

// refusalWords are the headline and the text for a refusal.
func (h *Handlers) refusalWords(c echo.Context, perf paywall.Performance) (headline, text string) {
	l := localeOf(c)
	key := "paywall.reason." + string(perf.Decision.Reason)
	textKey, date := key+".text", ""
	if perf.Decision.Reason == paywall.ReasonSignedOut {
		textKey += "_" + string(perf.Item.Access)
	}
	if at := perf.Decision.Instant; !at.IsZero() {
		date = l.DateTime(h.zoned(c, at))
		if perf.Decision.Reason == paywall.ReasonGrantEnded || perf.Decision.Reason == paywall.ReasonClosed {
			date = l.Until(h.zoned(c, at))
		}
	}
	return l.T(key+".title", "Date", date, "Title", perf.Item.Title), l.T(textKey, "Date", date, "Title", perf.Item.Title)
}

// playerPage is the player of an allowed viewer, still without a token.
func (h *Handlers) playerPage(c echo.Context, perf paywall.Performance) views.PlayerPage {
	l, item, source := localeOf(c), perf.Item, perf.Source
	page := views.PlayerPage{
		Page: h.itemPage(c, item), Item: h.itemHead(l, item), StartURL: item.Path(),
		Form: string(source.Kind), Renew: "/play/" + item.Slug + "/token", Beat: "/play/" + item.Slug + "/beat", Source: source.ID,
		FreshFor: h.freshFor(perf), Until: h.until(c, perf.Decision),
		OwnerNote: h.ownerNote(c, perf), Sources: sourceChoices(l, perf),
	}
	if c.QueryParam("from") == fromSetup && viewerOf(c).May(paywall.RightRun) {
		page.SetupURL = checklistPath
	}
	if source.Kind == paywall.SourceHLS {
		if fallback, ok := plainSource(item); ok {
			page.Fallback, page.FallbackURL = fallback.ID, sourceURL(item, fallback)
		}
	}
	return page
}

// freshFor is how many seconds the token will still start a play.
func (h *Handlers) freshFor(perf paywall.Performance) int {
	return max(0, int(perf.Playable.ExpiresAt.Sub(h.Clock()).Seconds()))
}

func (h *Handlers) until(c echo.Context, d paywall.Decision) string {
	l := localeOf(c)
	switch {
	case !d.Until.IsZero():
		return l.T("player.until", "Date", l.Until(h.zoned(c, d.Until)))
	case d.Reason == paywall.ReasonGrant:
		return l.T("player.until_forever")
	}
	return ""
}

// ownerNote tells an owner, who may play everything, what others find here.
func (h *Handlers) ownerNote(c echo.Context, perf paywall.Performance) string {
	l, item, now := localeOf(c), perf.Item, h.now(c)
	switch {
	case perf.Decision.Reason != paywall.ReasonOwner:
		return ""
	case !item.Published:
		return l.T("player.owner.draft")
	case item.Closed(now):
		return l.T("player.owner.closed")
	case !item.Opened(now):
		return l.T("player.owner.not_yet_open", "Date", l.DateTime(h.zoned(c, item.OpensAt)))
	}
	return l.T("player.owner.plain")
}

// sourceChoices are the qualities of an item; none when there is no choice.
func sourceChoices(l *i18n.Locale, perf paywall.Performance) []views.SourceChoice {
	if len(perf.Item.Sources) < 2 {
		return nil
	}
	choices := make([]views.SourceChoice, len(perf.Item.Sources))
	for i, s := range perf.Item.Sources {
		choices[i] = views.SourceChoice{Label: sourceLabel(l, s), URL: sourceURL(perf.Item, s), Current: s.ID == perf.Source.ID}
	}
	return choices
}

// sourceLabel names a source: as the owner does, else by its kind.
func sourceLabel(l *i18n.Locale, s paywall.Source) string {
	if s.Label != "" {
		return s.Label
	}
	return l.T("sourcekind." + string(s.Kind))
}

func sourceURL(item paywall.Item, s paywall.Source) string {
	return item.Path() + "?source=" + url.QueryEscape(s.ID)
}

// plainSource is the first MP3 or AAC source, which every browser plays.
func plainSource(item paywall.Item) (paywall.Source, bool) {
	for _, s := range item.Sources {
		if s.Kind == paywall.SourceStream {
			return s, true
		}
	}
	return paywall.Source{}, false
}
