package handlers

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"usher/internal/i18n"
	"usher/paywall"
	"usher/views"
)

const (
	// recordCounted is how far the lines of a choice are counted. Those that hold a
	// text are not: they would be looked for twice.
	recordCounted = 10_000
	// exportLimit bounds an export, and exportStep the sending of one part of it.
	exportLimit = 10 * time.Minute
	exportStep  = 30 * time.Second
)

// recordFields are the fields of the search, in the address and in the export.
var recordFields = []string{"q", "actor", "action", "subject", "from", "to", "sort"}

// showRecord shows who changed what: GET /admin/audit.
func (h *Handlers) showRecord(c echo.Context) error {
	ctx, l, list := c.Request().Context(), localeOf(c), pagerOf(c, "/admin/audit", recordFields...)
	filter, problem := h.recordFilter(list.query)
	lines, err := h.Record.List(ctx, filter, linesPerPage+1, list.offset())
	if err != nil {
		return err
	}
	page := views.AdminRecordPage{
		Page: h.adminPage(c, l.T("audit.title")), Query: filter.Text, SubjectID: filter.Subject,
		From: list.query.Get("from"), To: list.query.Get("to"), Zone: h.zone().String(),
		Sorts: options(l, "people.sort.", list.query.Get("sort"), "newest", "oldest"), Filtered: len(list.query) > 0, Errors: fieldErrors(l, problem),
		Fresh: viewerOf(c).Fresh(h.Clock()), ProveURL: proveURL(h.localPath(c.Request().URL.RequestURI())),
	}
	if page.PrevURL, page.NextURL, err = list.links(list.seen(len(lines))); err != nil {
		return err
	}
	if err := h.fillRecord(c, &page, filter, lines[:min(len(lines), linesPerPage)]); err != nil {
		return err
	}
	return h.render(c, http.StatusOK, views.AdminRecord(page))
}

func recordTotal(l *i18n.Locale, total int) string {
	if total == recordCounted {
		return l.T("audit.total.more", "Count", l.Number(total))
	}
	return l.N("audit.total", total)
}

// recordFilter reads the search. A date that is none is told and left out.
func (h *Handlers) recordFilter(query url.Values) (f paywall.RecordFilter, problem error) {
	f = paywall.RecordFilter{
		Actor: query.Get("actor"), Action: query.Get("action"), Subject: query.Get("subject"),
		Text: strings.TrimSpace(query.Get("q")), Oldest: query.Get("sort") == "oldest",
	}
	typed := typedIn(h.zone())
	f.From = typed.day("from", query.Get("from"), "audit.error.date").From
	f.To = typed.day("to", query.Get("to"), "audit.error.date").To
	return f, typed.refusal()
}

// fillRecord adds the lines and what can be chosen.
func (h *Handlers) fillRecord(c echo.Context, page *views.AdminRecordPage, f paywall.RecordFilter, lines []paywall.AuditEntry) (err error) {
	ctx := c.Request().Context()
	about := append([]paywall.AuditEntry{{Subject: f.Subject, Actor: paywall.Actor{UserID: f.Actor}}}, lines...)
	names, err := h.Record.Names(ctx, about)
	if err != nil {
		return err
	}
	page.Subject = recordSubject(page.L, f.Subject, lines, names)
	for _, line := range lines {
		page.Rows = append(page.Rows, h.recordRow(c, line, names))
	}
	if page.Actions, err = h.recordActions(ctx, page.L, f.Action); err != nil {
		return err
	}
	if page.Actors, err = h.recordActors(ctx, page.L, f.Actor, names); err != nil {
		return err
	}
	if f.Text != "" {
		return h.recordText(ctx, page, f)
	}
	total, err := h.Record.Count(ctx, f, recordCounted)
	page.Total = recordTotal(page.L, total)
	return err
}

// recordText says how far a text was looked for. One that is the address of an
// account leads to all its lines, however old.
func (h *Handlers) recordText(ctx context.Context, page *views.AdminRecordPage, f paywall.RecordFilter) error {
	page.Searched = page.L.T("audit.searched", "Count", page.L.Number(paywall.RecordSearch))
	account, err := h.Record.Account(ctx, f.Text)
	if paywall.KindOf(err) == paywall.KindNotFound {
		return nil
	}
	page.About, page.AboutURL, page.ByURL = account.Email, recordURL("subject", account.ID), recordURL("actor", account.ID)
	return err
}

func recordURL(field, value string) string {
	return "/admin/audit?" + url.Values{field: {value}}.Encode()
}

// recordSubject is what all lines are about, as the newest of them calls it.
func recordSubject(l *i18n.Locale, subject string, lines []paywall.AuditEntry, names map[string]string) string {
	for _, line := range lines {
		if line.Subject == subject {
			return subjectName(l, line, names)
		}
	}
	return knownName(l, nameOr(names, subject))
}

func nameOr(names map[string]string, id string) string {
	if name := names[id]; name != "" {
		return name
	}
	return id
}

func (h *Handlers) recordActions(ctx context.Context, l *i18n.Locale, chosen string) ([]views.Option, error) {
	choices := []views.Option{{Label: l.T("audit.any_action")}}
	actions, err := h.Record.Actions(ctx)
	for _, action := range actions {
		choices = append(choices, views.Option{Value: action, Label: actionName(l, action), Selected: action == chosen})
	}
	return choices, err
}

// recordActors are the staff, commands, and whoever was chosen beside them.
func (h *Handlers) recordActors(ctx context.Context, l *i18n.Locale, chosen string, names map[string]string) ([]views.Option, error) {
	team, err := h.Auth.Team(ctx)
	choices := []views.Option{
		{Label: l.T("audit.anybody")},
		{Value: paywall.ActorCommand, Label: l.T("audit.command"), Selected: chosen == paywall.ActorCommand},
	}
	known := chosen == "" || chosen == paywall.ActorCommand
	for _, u := range team {
		known = known || u.ID == chosen
		choices = append(choices, views.Option{Value: u.ID, Label: u.Email, Selected: u.ID == chosen})
	}
	if !known {
		choices = append(choices, views.Option{Value: chosen, Label: knownName(l, nameOr(names, chosen)), Selected: true})
	}
	return choices, err
}

func (h *Handlers) recordRow(c echo.Context, e paywall.AuditEntry, names map[string]string) views.RecordRow {
	l := localeOf(c)
	row := views.RecordRow{
		When: l.ShortDateTime(h.sited(e.At)), Who: e.Actor.Name, WhoURL: recordURL("actor", e.Actor.UserID),
		Action: actionName(l, e.Action), From: networkName(e.Actor.Network),
	}
	if e.Actor.UserID == "" {
		row.WhoURL = recordURL("actor", paywall.ActorCommand)
		row.Who = l.T("audit.command_name", "Name", e.Actor.Name)
		if e.Actor.Name == "command line" {
			row.Who = l.T("audit.command")
		}
	}
	if e.Subject != "" {
		row.Subject, row.LinesURL = subjectName(l, e, names), recordURL("subject", e.Subject)
		row.SubjectURL = recordPlace(viewerOf(c), e, names)
	}
	row.Detail = h.factsText(l, e, names, row.Subject)
	return row
}

// recordPlaces are where the things are that a line is about, by its action or the
// first word of it, and the right that opens them. Without a path there is none.
var recordPlaces = map[string]struct {
	path  string
	right paywall.Right
}{
	"user": {"/admin/members/:id", paywall.RightSeePeople}, "session": {"/admin/members/:id", paywall.RightSeePeople},
	"item": {"/admin/items/:id", paywall.RightSeeItems}, "collection": {"/admin/collections", paywall.RightSeeItems},
	"mail": {"/admin/mails/:id", paywall.RightSeePeople}, "voucher": {"/admin/vouchers/:id", paywall.RightSeePeople},
	"voucher.redeem": {}, // about the grant that it became
	"connection":     {"/admin/settings/connection", paywall.RightRun}, "site.settings": {"/admin/settings", paywall.RightRun},
	"site.look": {"/admin/settings/look", paywall.RightRun}, "site.logo": {"/admin/settings/look", paywall.RightRun},
	"site.text": {"/admin/texts", paywall.RightRun}, "site.terms": {"/admin/texts", paywall.RightRun},
}

// recordPlace is where the thing is that a line is about, if it is still there and
// the viewer may go there.
func recordPlace(viewer paywall.Viewer, e paywall.AuditEntry, names map[string]string) string {
	place, ok := recordPlaces[e.Action]
	if !ok {
		area, _, _ := strings.Cut(e.Action, ".")
		place = recordPlaces[area]
	}
	if place.path == "" || !viewer.May(place.right) {
		return ""
	}
	path, single := strings.CutSuffix(place.path, ":id")
	switch {
	case e.Action == "site.text":
		text, language, _ := strings.Cut(e.Subject, " ")
		return textURL(paywall.TextPlace(text), language)
	case !single:
		return path
	case names[e.Subject] == "":
		return ""
	}
	return path + url.PathEscape(e.Subject)
}

// settingNames are the words for the names under which settings are stored.
var settingNames = map[string]string{
	"sign_up": "admin.settings.sign_up", "owners_need_factor": "admin.settings.factor",
	"keep_networks_days": "admin.settings.keep_networks", "keep_mails_days": "admin.settings.keep_mails",
	"keep_plays_days": "admin.settings.keep_plays", "probe_minutes": "admin.health.interval",
	"site_name": "look.name", "site_language": "look.language", "site_languages": "look.languages", "site_zone": "look.zone",
	"site_accent": "look.accent", "site_logo": "fact.logo",
}

// submitRecordExport hands out all lines of a search as a file:
// POST /admin/audit/export.
func (h *Handlers) submitRecordExport(c echo.Context) error {
	if err := h.requireFresh(c); err != nil {
		return err
	}
	values, err := postedForm(c, smallForm)
	if err != nil {
		return err
	}
	filter, problem := h.recordFilter(values)
	if problem != nil {
		return problem
	}
	// A long file takes longer than a page may.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.Request().Context()), exportLimit)
	defer cancel()
	english, _ := i18n.Lookup("en") // as the names of the columns
	file := h.csvFile(c, "usher-record-"+paywall.DayName(h.Clock(), h.zone())+".csv", "when", "who", "account", "action", "subject", "detail", "from")
	return file.end(h.Record.Export(ctx, paywall.ActorOf(viewerOf(c)), filter, func(lines []paywall.AuditEntry) error {
		deadline := time.Now().Add(exportStep) // of the connection, not of a rule
		if err := http.NewResponseController(c.Response()).SetWriteDeadline(deadline); err != nil {
			return err
		}
		for _, e := range lines {
			detail := h.factsText(english, e, nil, "")
			err := file.line(e.At.Format(time.RFC3339Nano), e.Actor.Name, e.Actor.UserID, e.Action, e.Subject, detail, e.Actor.Network)
			if err != nil {
				return err
			}
		}
		return file.flush()
	}))
}
