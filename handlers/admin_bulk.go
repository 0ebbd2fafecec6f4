package handlers

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/labstack/echo/v4"

	"usher/internal/i18n"
	"usher/paywall"
	"usher/views"
)

// actExport is the act on many that is no job: it answers with a file.
const actExport = "export"

// peopleActs are the acts on many people, in the order of the list.
var peopleActs = []string{
	string(paywall.JobExtend), string(paywall.JobGive), string(paywall.JobRevoke), string(paywall.JobMail),
	string(paywall.JobBlock), string(paywall.JobUnblock), actExport,
}

// freshActs ask for a proof of who one is first: they shut people out or write to
// them, or hand their data out.
var freshActs = []string{string(paywall.JobRevoke), string(paywall.JobMail), string(paywall.JobBlock), actExport}

// bulkChoices are the acts that a viewer may do.
func bulkChoices(l *i18n.Locale, v paywall.Viewer) []views.Option {
	if !v.May(paywall.RightEditPeople) {
		return nil
	}
	acts := peopleActs
	if !v.May(paywall.RightRun) {
		acts = acts[:len(acts)-1]
	}
	return options(l, "people.act.", "", acts...)
}

// bulkForm is what an act on many was asked for.
type bulkForm struct {
	act   string
	query memberQuery
	ids   []string // the selected accounts; none: all that the query finds
	v     url.Values
}

// mostSelected is how many accounts can be selected one by one: a page.
const mostSelected = linesPerPage

func (h *Handlers) bulkFormOf(c echo.Context, v url.Values) (bulkForm, error) {
	f := bulkForm{act: v.Get("act"), query: h.memberQueryOf(v), v: v}
	allowed := slices.ContainsFunc(bulkChoices(localeOf(c), viewerOf(c)), func(o views.Option) bool { return o.Value == f.act })
	if !allowed {
		return f, paywall.ErrNotFound
	}
	if v.Get("scope") == "all" {
		return f, nil
	}
	f.ids = v["id"]
	if len(f.ids) == 0 || len(f.ids) > mostSelected {
		return f, paywall.E(paywall.KindInvalid, "bulk.error.selected")
	}
	return f, nil
}

// filter is whom the form means.
func (f bulkForm) filter() paywall.MemberFilter {
	if len(f.ids) > 0 {
		return paywall.MemberFilter{IDs: f.ids}
	}
	return f.query.filter
}

// act is what the form asks for, as far as it can be read.
func (h *Handlers) bulkAct(f bulkForm) (paywall.PeopleAct, error) {
	typed := typedIn(h.zone())
	until := typed.day("until", f.v.Get("last_day"), "grant.error.until").To
	return paywall.PeopleAct{
		Kind: paywall.JobKind(f.act), Filter: f.filter(), Days: typedNumber(f.v.Get("days")), Ended: f.v.Get("ended") == "1", Zone: h.zone().String(),
		Opens: f.v.Get("opens"), Until: until, Note: f.v.Get("note"), Reason: f.v.Get("reason"),
		Subject: f.v.Get("subject"), Text: f.v.Get("text"),
	}, typed.refusal()
}

// showPeopleAct asks what an act on many needs: GET /admin/members/bulk.
func (h *Handlers) showPeopleAct(c echo.Context) error {
	form, err := h.bulkFormOf(c, c.QueryParams())
	if paywall.KindOf(err) == paywall.KindInvalid {
		return h.showBulkPage(c, http.StatusUnprocessableEntity, form, err)
	}
	if err != nil {
		return err
	}
	return h.showBulkPage(c, http.StatusOK, form, nil)
}

// submitPeopleAct shows what an act would do, and begins it when that was confirmed:
// POST /admin/members/bulk.
func (h *Handlers) submitPeopleAct(c echo.Context) error {
	v, err := postedForm(c, largeForm)
	if err != nil {
		return err
	}
	form, err := h.bulkFormOf(c, v)
	if err == nil && slices.Contains(freshActs, form.act) {
		err = h.requireFresh(c)
	}
	var act paywall.PeopleAct
	if err == nil {
		act, err = h.bulkAct(form)
	}
	if err == nil && v.Get("sure") != "1" {
		return h.showBulkPreview(c, form, act)
	}
	var job paywall.Job
	if err == nil {
		job, err = h.Bulk.Start(c.Request().Context(), paywall.ActorOf(viewerOf(c)), act)
	}
	if paywall.KindOf(err) == paywall.KindInvalid {
		return h.showBulkPage(c, http.StatusUnprocessableEntity, form, err)
	}
	if err != nil {
		return err
	}
	return seeOther(c, jobURL(job.ID))
}

// showBulkPreview says what an act would do, and asks.
func (h *Handlers) showBulkPreview(c echo.Context, form bulkForm, act paywall.PeopleAct) error {
	ctx, l, viewer := c.Request().Context(), localeOf(c), viewerOf(c)
	preview, err := h.Bulk.Preview(ctx, paywall.ActorOf(viewer), act)
	if paywall.KindOf(err) == paywall.KindInvalid {
		return h.showBulkPage(c, http.StatusUnprocessableEntity, form, err)
	}
	if err != nil {
		return err
	}
	page, err := h.bulkPage(c, form, nil)
	if err != nil {
		return err
	}
	page.Confirm, page.Nothing = true, nothingToDo(l, act, preview)
	page.Effect = bulkEffect(l, form.act, preview)
	if skipped := preview.Found - preview.People; skipped > 0 {
		page.Skipped = l.N("people.bulk.skipped", skipped)
	}
	if act.Kind == paywall.JobMail {
		sample, err := h.Bulk.Sample(act, viewer.User)
		if err != nil {
			return err
		}
		sample.Language = l.Tag()
		if page.MailSubject, page.MailText, err = h.Letter(ctx, sample); err != nil {
			return err
		}
	}
	return h.render(c, http.StatusOK, views.AdminBulk(page))
}

// nothingToDo says why an act would do nothing; empty when it would do something.
func nothingToDo(l *i18n.Locale, act paywall.PeopleAct, p paywall.BulkPreview) string {
	switch {
	case p.People == 0:
		return l.T("people.bulk.nobody")
	case p.Grants == 0 && (act.Kind == paywall.JobExtend || act.Kind == paywall.JobRevoke):
		return l.T("people.bulk.no_grants")
	}
	return ""
}

// bulkEffect is the sentence about what will happen.
func bulkEffect(l *i18n.Locale, act string, p paywall.BulkPreview) string {
	switch paywall.JobKind(act) {
	case paywall.JobExtend, paywall.JobRevoke:
		return l.T("people.effect."+act, "Grants", l.N("people.grants.total", p.Grants), "People", l.N("admin.members.total", p.People))
	}
	return l.T("people.effect."+act, "People", l.N("admin.members.total", p.People))
}

func (h *Handlers) showBulkPage(c echo.Context, status int, form bulkForm, problem error) error {
	page, err := h.bulkPage(c, form, problem)
	if err != nil {
		return err
	}
	return h.render(c, status, views.AdminBulk(page))
}

func (h *Handlers) bulkPage(c echo.Context, form bulkForm, problem error) (page views.AdminBulkPage, err error) {
	l, v := localeOf(c), form.v
	targets, err := h.targets(c)
	if err != nil {
		return page, err
	}
	page = views.AdminBulkPage{
		Page: h.adminPage(c, l.T("people.act."+form.act)), Act: form.act, Fresh: viewerOf(c).Fresh(h.Clock()) || !slices.Contains(freshActs, form.act),
		Hidden:  append(hidden(form.query.values, peopleFields...), hidden(v, "id", "scope", "act")...),
		BackURL: "/admin/members?" + form.query.values.Encode(), Days: v.Get("days"), Ended: v.Get("ended") == "1",
		Grant:  views.GrantFields{Opens: toGive(l, targets, v.Get("opens")), Until: v.Get("last_day"), Note: v.Get("note"), Zone: h.zone().String()},
		Reason: v.Get("reason"), Subject: v.Get("subject"), Text: v.Get("text"),
		Typed:  hidden(v, "days", "ended", "opens", "last_day", "note", "reason", "subject", "text"),
		Errors: fieldErrors(l, problem), Error: formError(l, problem), MailOff: h.MailOff,
	}
	if form.act == string(paywall.JobRevoke) {
		page.Grant.Opens = anyOf(l.T("people.bulk.every_grant"), grantChoices(l, targets, v.Get("opens")))
	}
	page.ProveURL = proveURL(h.localPath("/admin/members/bulk?" + c.QueryParams().Encode()))
	if len(form.ids) > 0 {
		page.Whom = l.N("people.bulk.selected", len(form.ids))
		return page, nil
	}
	if problem != nil && v.Get("scope") != "all" {
		page.Lost = true // nobody was selected
		return page, nil
	}
	found, err := h.Bulk.Found(c.Request().Context(), form.query.filter)
	page.Whom, page.Query = l.N("people.bulk.all", found), form.query.words(l, targets)
	return page, err
}
