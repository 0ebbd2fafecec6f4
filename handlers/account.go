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
	user, err := h.Auth.Account(c.Request().Context(), viewerOf(c).User.ID)
	if err != nil {
		return err
	}
	return h.showAccountPage(c, http.StatusOK, paywall.ProfileInput{
		Name: user.Name, Language: user.Language, Zone: user.Zone,
		QuietDevices: user.QuietDevices, QuietAccess: user.QuietAccess,
	}, nil)
}

// submitProfile keeps what people set about themselves: POST /account/profile.
func (h *Handlers) submitProfile(c echo.Context) error {
	v, err := postedForm(c, smallForm)
	if err != nil {
		return err
	}
	in := paywall.ProfileInput{
		Name: v.Get("name"), Language: v.Get("language"), Zone: v.Get("zone"),
		QuietDevices: v.Get("mail_devices") == "", QuietAccess: v.Get("mail_access") == "",
	}
	language, known := offerOf(c).Lookup(in.Language)
	if !known {
		in.Language = ""
	}
	err = h.Auth.SaveProfile(c.Request().Context(), h.caller(c), viewerOf(c), in)
	if paywall.KindOf(err) == paywall.KindInvalid {
		return h.showAccountPage(c, http.StatusUnprocessableEntity, in, err)
	}
	if err != nil {
		return err
	}
	if known {
		h.setLanguage(c, language)
	}
	return h.doneWith(c, "flash.saved", "/account")
}

func (h *Handlers) showAccountPage(c echo.Context, status int, in paywall.ProfileInput, problem error) error {
	ctx, viewer, l := c.Request().Context(), viewerOf(c), localeOf(c)
	grants, err := h.Grants.Of(ctx, viewer.User.ID)
	if err != nil {
		return err
	}
	targets, err := h.targets(c)
	if err != nil {
		return err
	}
	page := views.AccountPage{
		Page: h.page(c, l.T("account.title")), Email: viewer.User.Email, Errors: fieldErrors(l, problem),
		Profile: views.ProfileFields{
			Name: in.Name, Languages: languageChoices(l, offerOf(c), in.Language), Zones: h.zoneChoices(l, in.Zone),
			MailDevices: !in.QuietDevices, MailAccess: !in.QuietAccess,
		},
	}
	for _, g := range grants {
		page.Grants = append(page.Grants, h.grantRow(c, g, targets))
	}
	return h.render(c, status, views.Account(page))
}

// languageChoices begin with the browser's own wish.
func languageChoices(l *i18n.Locale, offer *i18n.Offer, chosen string) []views.Option {
	choices := []views.Option{{Value: "", Label: l.T("account.profile.language.auto"), Selected: chosen == ""}}
	for _, language := range offer.All() {
		choices = append(choices, views.Option{Value: language.Tag(), Label: language.Name(), Selected: language.Tag() == chosen})
	}
	return choices
}

// zoneNames are the zones to choose from: one for each part of the world where
// listeners tend to be.
var zoneNames = []string{
	"Europe/Zurich", "Europe/London", "Europe/Lisbon", "Europe/Athens", "Europe/Helsinki", "Europe/Istanbul",
	"Atlantic/Reykjavik", "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles",
	"America/Sao_Paulo", "America/Argentina/Buenos_Aires", "Africa/Casablanca", "Africa/Lagos", "Africa/Johannesburg",
	"Asia/Dubai", "Asia/Kolkata", "Asia/Bangkok", "Asia/Shanghai", "Asia/Tokyo", "Australia/Sydney", "Pacific/Auckland", "UTC",
}

func (h *Handlers) zoneChoices(l *i18n.Locale, chosen string) []views.Option {
	choices := []views.Option{{Value: "", Label: l.T("account.profile.zone.site", "Zone", h.zone().String()), Selected: chosen == ""}}
	return append(choices, zoneOptions(zoneNames, chosen)...)
}

func (h *Handlers) grantRow(c echo.Context, g paywall.Grant, targets targetNames) views.GrantRow {
	l, now := localeOf(c), h.Clock()
	return views.GrantRow{
		Opens: targets.name(l, g), URL: targets.paths[g.TargetID], Until: grantUntil(l, g, now, h.zoneOf(c)), Live: g.Live(now),
	}
}

// grantUntil says in words how long a right lasts.
func grantUntil(l *i18n.Locale, g paywall.Grant, now time.Time, zone *time.Location) string {
	end := g.End()
	switch {
	case now.Before(g.From):
		return l.T("account.from", "Date", l.DateTime(g.From.In(zone)))
	case end.IsZero():
		return l.T("account.forever")
	case now.Before(end):
		return l.T("account.until", "Date", l.Until(end.In(zone)))
	}
	return l.T("account.ended", "Date", l.Ended(end.In(zone)))
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
	if t.gone(g.Scope, g.TargetID) {
		return l.T("account.target_gone")
	}
	return t.titles[g.TargetID]
}

// gone tells whether there is nothing left to open.
func (t targetNames) gone(scope paywall.GrantScope, id string) bool {
	return scope != paywall.ScopeEverything && t.titles[id] == ""
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
