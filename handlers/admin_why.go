package handlers

import (
	"cmp"
	"net/http"
	"net/url"
	"time"

	"github.com/labstack/echo/v4"

	"usher/internal/i18n"
	"usher/paywall"
	"usher/views"
)

// whyAsk is a question: somebody, an item, and an instant in the site's zone.
type whyAsk struct{ email, item, at string }

func (a whyAsk) url() string {
	query := url.Values{"email": {a.email}, "item": {a.item}}
	if a.at != "" {
		query.Set("at", a.at)
	}
	return "/admin/why?" + query.Encode()
}

// showWhy explains why somebody may play something: GET /admin/why.
func (h *Handlers) showWhy(c echo.Context) error {
	l := localeOf(c)
	ask := whyAsk{email: c.QueryParam("email"), item: c.QueryParam("item"), at: c.QueryParam("at")}
	if c.QueryParam("nobody") != "" {
		ask.email = paywall.Nobody
	}
	targets, err := h.targets(c)
	if err != nil {
		return err
	}
	page := views.AdminWhyPage{
		Page: h.adminPage(c, l.T("why.title")), Email: ask.email, At: ask.at, Zone: h.zone().String(),
		Items: itemOptions(targets.items, ask.item),
	}
	if ask.email == paywall.Nobody {
		page.Email, page.Nobody = "", true
	}
	if !c.QueryParams().Has("email") && !page.Nobody || ask.item == "" {
		return h.render(c, http.StatusOK, views.AdminWhy(page))
	}
	err = h.answerWhy(c, &page, ask, targets)
	if paywall.KindOf(err) == paywall.KindInvalid {
		page.Errors = fieldErrors(l, err)
		return h.render(c, http.StatusUnprocessableEntity, views.AdminWhy(page))
	}
	if err != nil {
		return err
	}
	return h.render(c, http.StatusOK, views.AdminWhy(page))
}

// answerWhy adds the answer, or the people among whom one is to be chosen.
func (h *Handlers) answerWhy(c echo.Context, page *views.AdminWhyPage, ask whyAsk, targets targetNames) error {
	ctx := c.Request().Context()
	at, err := h.askedInstant(ask.at)
	if err != nil {
		return err
	}
	people, err := h.Judge.Meant(ctx, ask.email)
	if err != nil {
		return err
	}
	if len(people) > 1 {
		page.Meant = meantPeople(page.L, people, func(email string) string { return whyAsk{email, ask.item, ask.at}.url() })
		return nil
	}
	ask.email = addressOf(people[0])
	e, err := h.Judge.Why(ctx, ask.email, ask.item, at)
	if err != nil {
		return err
	}
	ask.item = e.Item.Slug // its id may have been typed
	page.Items = itemOptions(targets.items, ask.item)
	answer := h.whyAnswer(c, ask, e, targets)
	page.Answer = &answer
	return nil
}

// addressOf is how a question names somebody.
func addressOf(user paywall.User) string { return cmp.Or(user.Email, paywall.Nobody) }

// meantPeople are links to the same question for each of several people.
func meantPeople(l *i18n.Locale, people []paywall.User, url func(email string) string) *views.MeantPeople {
	meant := &views.MeantPeople{Text: l.T("why.meant")}
	if len(people) > paywall.MaxMeant {
		people = people[:paywall.MaxMeant]
		meant.Text = l.T("why.meant.more", "Most", paywall.MaxMeant)
	}
	for _, u := range people {
		meant.People = append(meant.People, views.MeantPerson{Name: u.Name, Email: u.Email, URL: url(u.Email)})
	}
	return meant
}

func (h *Handlers) whyAnswer(c echo.Context, ask whyAsk, e paywall.Explanation, targets targetNames) views.WhyAnswer {
	l := localeOf(c)
	answer := views.WhyAnswer{
		Allowed: e.Allowed, Verdict: l.T("why.refused"), Reason: h.whyReason(l, e), StepsLead: l.T("why.change.lead_no"),
		Who: personName(l, e.User), What: e.Item.Title, When: l.DateTime(h.sited(e.At)),
		WhatURL: "/admin/items/" + e.Item.ID, Item: h.whyItem(l, e), Person: h.whyPerson(l, e),
		PreviewURL: previewAsk{email: ask.email, item: ask.item, at: ask.at}.url(),
	}
	if e.Allowed {
		answer.Verdict, answer.StepsLead = l.T("why.allowed"), l.T("why.change.lead_yes")
	}
	if e.User.ID != "" {
		answer.WhoURL = memberURL(e.User.ID)
	}
	if e.Silent {
		answer.Warning = l.T("why.silent")
	}
	for _, looked := range e.Looked {
		answer.Grants = append(answer.Grants, h.whyGrant(l, e, looked, targets))
	}
	for _, step := range e.Steps {
		var row views.WhyStep
		for _, change := range step {
			row.Changes = append(row.Changes, h.whyChange(l, ask, e, change))
		}
		if len(row.Changes) > 0 {
			answer.Steps = append(answer.Steps, row)
		}
	}
	answer.Headline, answer.Text, answer.SeesNote = h.whySees(c, e)
	return answer
}

// whyReason is the reason in a sentence for staff.
func (h *Handlers) whyReason(l *i18n.Locale, e paywall.Explanation) string {
	date := ""
	if !e.Decision.Instant.IsZero() {
		date = l.DateTime(h.sited(e.Decision.Instant))
	}
	if e.Decision.Reason == paywall.ReasonGrantEnded {
		date = l.Ended(h.sited(e.Decision.Instant))
	}
	key := "why.reason." + string(e.Decision.Reason)
	return l.T(key, "Date", date, "Role", l.T("role."+string(e.User.Role)))
}

// whySees is what the visitor reads on the item's page.
func (h *Handlers) whySees(c echo.Context, e paywall.Explanation) (headline, text, note string) {
	l, seen := localeOf(c), seenBy(c, e.Viewer, e.At)
	if e.Decision.Reason != e.Seen.Reason {
		note = l.T("preview.note.blocked")
	}
	switch {
	case e.Plays:
		return e.Item.Title, l.T("why.sees.player"), note
	case e.Seen.Reason == paywall.ReasonUnknown:
		headline, text = h.errorTexts(seen, http.StatusNotFound, paywall.ErrNotFound)
	default:
		headline, text = h.refusalWords(seen, e.Performance())
	}
	return headline, text, note
}

// whyItem is the item's own part in the answer.
func (h *Handlers) whyItem(l *i18n.Locale, e paywall.Explanation) []views.Fact {
	state := l.T("admin.items.draft")
	if e.Item.Published {
		state = l.T("admin.items.published")
	}
	return []views.Fact{
		{Label: l.T("why.item.label"), Value: e.Item.Title},
		{Label: l.T("admin.items.column.state"), Value: state},
		{Label: l.T("admin.items.column.access"), Value: l.T("access." + string(e.Item.Access))},
		{Label: l.T("why.state.opens"), Value: h.whyInstant(l, e.Item.OpensAt)},
		{Label: l.T("why.state.closes"), Value: h.whyInstant(l, e.Item.ClosesAt)},
	}
}

func (h *Handlers) whyInstant(l *i18n.Locale, t time.Time) string {
	if t.IsZero() {
		return l.T("why.state.never")
	}
	return l.DateTime(h.sited(t))
}

// whyPerson is the account's part in the answer.
func (h *Handlers) whyPerson(l *i18n.Locale, e paywall.Explanation) []views.Fact {
	if e.User.ID == "" {
		return []views.Fact{{Label: l.T("why.email.label"), Value: l.T("preview.kind.anonymous")}}
	}
	state, _ := memberState(l, e.User)
	return []views.Fact{
		{Label: l.T("why.email.label"), Value: e.User.Email},
		{Label: l.T("admin.member.state"), Value: state},
		{Label: l.T("admin.member.role"), Value: l.T("role." + string(e.User.Role))},
		{Label: l.T("why.state.confirmed"), Value: yesOrNo(l, e.User.Confirmed())},
	}
}

func (h *Handlers) whyGrant(l *i18n.Locale, e paywall.Explanation, looked paywall.Looked, targets targetNames) views.WhyGrant {
	g := looked.Grant
	row := views.WhyGrant{
		Opens: targets.name(l, g), Origin: l.T("origin." + string(g.Origin)), Note: g.Note,
		From: l.ShortDateTime(h.sited(g.From)), Until: grantUntil(l, g, e.At, h.zone()),
		Finding: l.T("why.finding." + string(looked.Finding)), Decided: looked.Decided,
		Counts: looked.Finding == paywall.FindingOpens,
	}
	if looked.Decided {
		row.Giver = l.T("why.giver_unknown")
		if e.Giver != "" {
			row.Giver = l.T("why.giver", "Who", e.Giver)
		}
	}
	return row
}

// whyChange is something that would change the answer, and where it is done.
func (h *Handlers) whyChange(l *i18n.Locale, ask whyAsk, e paywall.Explanation, change paywall.Change) views.WhyChange {
	date := ""
	if !change.At.IsZero() {
		date = l.DateTime(h.sited(change.At))
	}
	if change.Kind == paywall.ChangeEnds {
		date = l.Ended(h.sited(change.At))
	}
	row := views.WhyChange{Text: l.T("why.change."+string(change.Kind), "Date", date, "Title", e.Item.Title)}
	switch change.Kind {
	case paywall.ChangePublish, paywall.ChangeUnpublish, paywall.ChangeOpening, paywall.ChangeClosing:
		row.URL, row.Link = "/admin/items/"+e.Item.ID, l.T("why.link.item")
	case paywall.ChangeGrant:
		row.URL, row.Link = "/admin/grants", l.T("why.link.grant")
		if e.User.ID != "" {
			row.URL += "?" + url.Values{"email": {e.User.Email}, "opens": {targetText(paywall.ScopeItem, e.Item.ID)}}.Encode()
		}
	case paywall.ChangeEnable, paywall.ChangeDisable, paywall.ChangeConfirm, paywall.ChangeRevoke:
		row.URL, row.Link = memberURL(e.User.ID), l.T("why.link.member")
	case paywall.ChangeWait, paywall.ChangeEnds:
		// The minute in which it happens may lie before it by less than a minute.
		ask.at = writeLocal(change.At.Add(time.Minute-time.Nanosecond), h.zone())
		row.URL, row.Link = ask.url(), l.T("why.link.then")
	}
	return row
}
