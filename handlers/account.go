package handlers

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"usher/internal/i18n"
	"usher/paywall"
	"usher/views"
)

// showAccount shows a member what is theirs: GET /account.
func (h *Handlers) showAccount(c echo.Context) error {
	ctx, viewer := c.Request().Context(), viewerOf(c)
	grants, err := h.Grants.Of(ctx, viewer.User.ID)
	if err != nil {
		return err
	}
	targets, err := h.targets(c)
	if err != nil {
		return err
	}
	sessions, err := h.Sessions.List(ctx, viewer.User.ID)
	if err != nil {
		return err
	}
	l := localeOf(c)
	page := views.AccountPage{Page: h.page(c, l.T("account.title")), Email: viewer.User.Email}
	for _, g := range grants {
		page.Grants = append(page.Grants, h.grantRow(l, g, targets))
	}
	for _, s := range sessions {
		page.Sessions = append(page.Sessions, h.sessionRow(l, s, viewer.SessionID))
	}
	return h.render(c, http.StatusOK, views.Account(page))
}

// submitEndSessions signs the member out everywhere: POST /account/sessions/end.
func (h *Handlers) submitEndSessions(c echo.Context) error {
	if err := h.Sessions.EndAll(c.Request().Context(), viewerOf(c).User.ID); err != nil {
		return err
	}
	if err := h.signOut(c); err != nil {
		return err
	}
	return seeOther(c, "/?done=signed_out_everywhere")
}

func (h *Handlers) grantRow(l *i18n.Locale, g paywall.Grant, targets targetNames) views.GrantRow {
	now := h.Clock()
	return views.GrantRow{
		Opens: targets.name(l, g), URL: targets.paths[g.TargetID], Until: h.grantUntil(l, g, now), Live: g.Live(now),
	}
}

// grantUntil says in words how long a right lasts.
func (h *Handlers) grantUntil(l *i18n.Locale, g paywall.Grant, now time.Time) string {
	end := g.End()
	switch {
	case now.Before(g.From):
		return l.T("account.from", "Date", l.DateTime(h.zoned(g.From)))
	case end.IsZero():
		return l.T("account.forever")
	case now.Before(end):
		return l.T("account.until", "Date", l.DateTime(h.zoned(end)))
	}
	return l.T("account.ended", "Date", l.DateTime(h.zoned(end)))
}

func (h *Handlers) sessionRow(l *i18n.Locale, s paywall.Session, current string) views.SessionRow {
	device := s.Device
	if device == "" {
		device = l.T("account.device_unknown")
	}
	return views.SessionRow{
		Device: device, SignedIn: l.ShortDateTime(h.zoned(s.CreatedAt)),
		LastSeen: l.ShortDateTime(h.zoned(s.SeenAt)), Current: s.ID == current,
	}
}

// targetNames are what grants can open, with the titles by id and the pages of
// the published items.
type targetNames struct {
	items         []paywall.Item
	collections   []paywall.Collection
	titles, paths map[string]string
}

func (t targetNames) name(l *i18n.Locale, g paywall.Grant) string {
	if g.Scope == paywall.ScopeEverything {
		return l.T("account.everything")
	}
	if title := t.titles[g.TargetID]; title != "" {
		return title
	}
	return l.T("account.target_gone")
}

// targets reads the titles once for a list of grants.
func (h *Handlers) targets(c echo.Context) (targetNames, error) {
	ctx := c.Request().Context()
	t := targetNames{titles: map[string]string{}, paths: map[string]string{}}
	var err error
	if t.items, err = h.Catalogue.All(ctx); err != nil {
		return t, err
	}
	for _, item := range t.items {
		t.titles[item.ID] = item.Title
		if item.Published {
			t.paths[item.ID] = item.Path()
		}
	}
	if t.collections, err = h.Catalogue.Collections(ctx); err != nil {
		return t, err
	}
	for _, collection := range t.collections {
		t.titles[collection.ID] = collection.Title
	}
	return t, nil
}
