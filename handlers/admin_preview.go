package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"usher/internal/i18n"
	"usher/paywall"
	"usher/views"
)

// previewAsk is what staff want to look at.
type previewAsk struct {
	item string // slug; empty: the home page
	as   string // kind of visitor
	// email is a person's address, or what was typed of it; it goes before the kind.
	email string
	at    string // in the site's zone; empty: now
	// published asks for a draft as if it were published; "1" for yes.
	published string
}

func previewAskOf(c echo.Context) previewAsk {
	return previewAsk{
		item: c.QueryParam("item"), as: c.QueryParam("as"), email: c.QueryParam("email"), at: c.QueryParam("at"),
		published: c.QueryParam("published"),
	}
}

// url is the page of this preview.
func (a previewAsk) url() string {
	query := url.Values{}
	for name, value := range map[string]string{"item": a.item, "as": a.as, "email": a.email, "at": a.at, "published": a.published} {
		if value != "" {
			query.Set(name, value)
		}
	}
	return "/admin/preview?" + query.Encode()
}

// showPreview shows what a visitor would get, and writes nothing:
// GET /admin/preview.
func (h *Handlers) showPreview(c echo.Context) error {
	ask := previewAskOf(c)
	at, err := h.askedInstant(ask.at)
	switch {
	case ask.email == "" && (ask.item == "" || ask.as == ""):
		return h.showPreviewForm(c, http.StatusOK, ask, nil, nil)
	case ask.email != "" && !viewerOf(c).May(paywall.RightSeePeople):
		return paywall.ErrNotFound
	case err == nil && ask.email != "":
		err = h.previewPerson(c, ask, at)
	case err == nil:
		err = h.previewKind(c, ask, at)
	}
	if paywall.KindOf(err) == paywall.KindInvalid {
		return h.showPreviewForm(c, http.StatusUnprocessableEntity, ask, nil, err)
	}
	return err
}

// askedInstant reads a local time of the site; an empty one is now.
func (h *Handlers) askedInstant(text string) (time.Time, error) {
	if text == "" {
		return h.Clock(), nil
	}
	typed := typedIn(h.zone())
	at := typed.instant("at", text, "why.error.at")
	return at, typed.refusal()
}

// previewKind shows an item as a kind of visitor finds it.
func (h *Handlers) previewKind(c echo.Context, ask previewAsk, at time.Time) error {
	l := localeOf(c)
	verdict, err := h.Judge.Kind(c.Request().Context(), at, paywall.VisitorKind(ask.as), ask.item, ask.published == "1")
	if err != nil {
		return err
	}
	bar := views.Preview{
		Text:    l.T("preview.text", "Who", l.T("preview.kind."+ask.as), "Date", l.DateTime(h.sited(at))),
		Label:   l.T("preview.as.label"),
		BackURL: "/admin/items/" + verdict.Item.ID, Back: l.T("preview.back_item"),
	}
	for _, kind := range paywall.VisitorKinds {
		other := ask
		other.as = string(kind)
		bar.Tabs = append(bar.Tabs, views.PreviewTab{
			URL: other.url(), Label: l.T("preview.tab." + string(kind)), Current: other.as == ask.as,
		})
	}
	switch {
	case ask.published == "1":
		bar.Note = l.T("preview.note.if_published")
	case verdict.Seen.Reason == paywall.ReasonUnknown:
		published := ask
		published.published = "1"
		bar.Tabs = append(bar.Tabs, views.PreviewTab{URL: published.url(), Label: l.T("preview.if_published")})
	}
	return h.showVerdict(c, verdict, at, bar, ask)
}

// previewPerson shows a person's home, or an item as they find it.
func (h *Handlers) previewPerson(c echo.Context, ask previewAsk, at time.Time) error {
	ctx, l := c.Request().Context(), localeOf(c)
	people, err := h.Judge.Meant(ctx, ask.email)
	if err != nil {
		return err
	}
	if len(people) > 1 {
		return h.showPreviewForm(c, http.StatusOK, ask, people, nil)
	}
	user := people[0]
	ask.email = addressOf(user)
	home := ask
	home.item = ""
	bar := views.Preview{
		Text:  l.T("preview.text", "Who", personName(l, user), "Date", l.DateTime(h.sited(at))),
		Label: l.T("preview.page.label"), Back: l.T("preview.back"), BackURL: "/admin/preview",
		Tabs: []views.PreviewTab{{URL: home.url(), Label: l.T("preview.home"), Current: ask.item == ""}},
	}
	if user.ID != "" {
		bar.BackURL, bar.Back = memberURL(user.ID), l.T("preview.back_member")
	}
	if ask.item == "" {
		return h.previewHome(c, ask, user, at, bar)
	}
	verdict, err := h.Judge.Person(ctx, at, user, ask.item)
	if err != nil {
		return err
	}
	bar.Tabs = append(bar.Tabs,
		views.PreviewTab{URL: ask.url(), Label: verdict.Item.Title, Current: true},
		views.PreviewTab{URL: whyAsk{email: ask.email, item: ask.item, at: ask.at}.url(), Label: l.T("why.title")})
	return h.showVerdict(c, verdict, at, bar, ask)
}

// personName is a person in the words of a sentence.
func personName(l *i18n.Locale, user paywall.User) string {
	if user.ID == "" {
		return l.T("preview.kind.anonymous")
	}
	return user.Email
}

// previewHome lists what is on for a person, and what of it plays.
func (h *Handlers) previewHome(c echo.Context, ask previewAsk, user paywall.User, at time.Time, bar views.Preview) error {
	verdicts, err := h.Judge.Programme(c.Request().Context(), at, user)
	if err != nil {
		return err
	}
	if user.Disabled() {
		bar.Note = localeOf(c).T("preview.note.blocked")
		user = paywall.User{}
	}
	seen := seenBy(c, paywall.Viewer{User: user}, at)
	page := views.HomePage{Page: h.page(seen, "")}
	page.Preview = &bar
	for _, v := range verdicts {
		card, item := h.card(seen, v.Item), ask
		item.item = v.Item.Slug
		card.URL, card.Plays, card.Note = item.url(), v.Plays, h.verdictNote(seen, v)
		addCard(&page, v.Item, card)
	}
	return h.renderPreview(c, views.Home(page))
}

// verdictNote says in a few words whether an item plays, and why not.
func (h *Handlers) verdictNote(c echo.Context, v paywall.Verdict) string {
	if v.Plays {
		return localeOf(c).T("preview.plays")
	}
	headline, _ := h.refusalWords(c, v.Performance())
	return headline
}

// showVerdict shows the page that a visitor gets of an item: the player without
// a token, the paywall, or that there is nothing.
func (h *Handlers) showVerdict(c echo.Context, v paywall.Verdict, at time.Time, bar views.Preview, ask previewAsk) error {
	if v.Decision.Reason != v.Seen.Reason && v.Viewer.User.ID == "" {
		bar.Note = localeOf(c).T("preview.note.blocked")
	}
	seen := seenBy(c, v.Viewer, at)
	switch {
	case v.Seen.Reason == paywall.ReasonUnknown:
		if bar.Note == "" {
			bar.Note = localeOf(c).T("preview.note.draft")
		}
		headline, text := h.errorTexts(seen, http.StatusNotFound, paywall.ErrNotFound)
		page := views.ErrorPage{Page: h.page(seen, headline), Status: http.StatusNotFound, Headline: headline, Text: text}
		page.Preview = &bar
		return h.renderPreview(c, views.Error(page))
	case !v.Plays:
		page, err := h.paywallPage(seen, v.Performance())
		if err != nil {
			return err
		}
		page.Preview, page.CanonicalURL = &bar, ""
		return h.renderPreview(c, views.Paywall(page))
	}
	return h.renderPreview(c, views.Player(h.playerPreview(seen, v, &bar, ask)))
}

// playerPreview is the player's page with nothing of a source in it.
func (h *Handlers) playerPreview(c echo.Context, v paywall.Verdict, bar *views.Preview, ask previewAsk) views.PlayerPage {
	perf := v.Performance()
	if source, ok := perf.Item.Source(""); ok {
		perf.Source = source
	}
	page := h.playerPage(c, perf)
	page.Preview, page.CanonicalURL = bar, ""
	page.Source, page.Renew, page.Fallback, page.FallbackURL = "", "", "", ""
	for i := range page.Sources {
		page.Sources[i].URL = ask.url()
	}
	if len(perf.Item.Sources) == 0 {
		bar.Note = localeOf(c).T("why.silent")
	}
	return page
}

// renderPreview shows a page whose forms do nothing, whatever is in them.
func (h *Handlers) renderPreview(c echo.Context, page templ.Component) error {
	header := c.Response().Header()
	policy := header.Get(echo.HeaderContentSecurityPolicy)
	header.Set(echo.HeaderContentSecurityPolicy, strings.Replace(policy, "form-action 'self'", "form-action 'none'", 1))
	return h.render(c, http.StatusOK, page)
}

// showPreviewForm chooses what to look at, and as which of several people.
func (h *Handlers) showPreviewForm(c echo.Context, status int, ask previewAsk, meant []paywall.User, problem error) error {
	l := localeOf(c)
	items, err := h.Catalogue.All(c.Request().Context())
	if err != nil {
		return err
	}
	page := views.AdminPreviewPage{
		Page: h.adminPage(c, l.T("preview.choose")), Items: itemOptions(items, ask.item),
		Kinds: options(l, "preview.kind.", ask.as, paywall.VisitorKinds...),
		Email: ask.email, At: ask.at, Zone: h.zone().String(), Errors: fieldErrors(l, problem),
	}
	if len(meant) > 0 {
		page.Meant = meantPeople(l, meant, func(email string) string {
			ask.email = email
			return ask.url()
		})
	}
	page.PersonItems = append([]views.Option{{Label: l.T("preview.home"), Selected: ask.item == ""}}, page.Items...)
	return h.render(c, status, views.AdminPreview(page))
}

// itemOptions are the items to choose from, by slug.
func itemOptions(items []paywall.Item, chosen string) []views.Option {
	list := make([]views.Option, len(items))
	for i, item := range items {
		list[i] = views.Option{Value: item.Slug, Label: item.Title, Selected: item.Slug == chosen}
	}
	return list
}
