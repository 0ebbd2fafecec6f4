package handlers

import (
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"usher/internal/i18n"
	"usher/paywall"
	"usher/views"
)

// historyShown is how far back the one who saved is looked for.
const historyShown = 20

// explainConflict shows who saved the item meanwhile and what is different. The
// form then carries the stored version: to save it again is to know.
func (h *Handlers) explainConflict(c echo.Context, page *views.AdminItemPage, stored paywall.Item, form itemForm,
	collections []paywall.Collection) error {
	text, err := h.whoSaved(c, stored.ID)
	if err != nil {
		return err
	}
	page.Conflict = &views.EditConflict{
		Text: text, TheirsURL: page.Action,
		Rows: itemDifferences(localeOf(c), form, formOf(stored, h.zone()), titlesOf(collections)),
	}
	page.Fields.Version = strconv.FormatInt(stored.Version, 10)
	page.Fields.PositionWas = strconv.Itoa(stored.Position)
	if form.fields.Position == form.fields.PositionWas {
		page.Fields.Position = page.Fields.PositionWas
	}
	return nil
}

// whoSaved tells who changed something last, and when.
func (h *Handlers) whoSaved(c echo.Context, id string) (string, error) {
	l := localeOf(c)
	lines, err := h.Catalogue.History(c.Request().Context(), id, historyShown)
	if err != nil {
		return "", err
	}
	at := slices.IndexFunc(lines, func(e paywall.AuditEntry) bool {
		return !strings.HasSuffix(e.Action, ".move") && !strings.HasSuffix(e.Action, ".poster") // these are no edits
	})
	if at < 0 {
		return l.T("admin.conflict.unknown"), nil
	}
	return l.T("admin.conflict.who", "Name", lines[at].Actor.Name, "Date", l.DateTime(h.sited(lines[at].At))), nil
}

// itemDifferences are the fields that differ between what was typed and what is
// stored, as the form writes them.
func itemDifferences(l *i18n.Locale, mine, theirs itemForm, collections map[string]string) []views.DifferenceRow {
	m, t := mine.fields, theirs.fields
	word := func(prefix, value string) string {
		if value == "" {
			return ""
		}
		return l.T(prefix + value)
	}
	rows := differing(
		views.DifferenceRow{Label: l.T("admin.item.title.label"), Mine: m.Title, Theirs: t.Title},
		views.DifferenceRow{Label: l.T("admin.item.kind.label"), Mine: word("kind.", m.Kind), Theirs: word("kind.", t.Kind)},
		views.DifferenceRow{Label: l.T("admin.item.slug.label"), Mine: m.Slug, Theirs: t.Slug},
		views.DifferenceRow{Label: l.T("admin.item.summary.label"), Mine: m.Summary, Theirs: t.Summary},
		views.DifferenceRow{Label: l.T("admin.item.description.label"), Mine: m.Description, Theirs: t.Description},
		views.DifferenceRow{Label: l.T("admin.item.duration.label"), Mine: m.Duration, Theirs: t.Duration},
		views.DifferenceRow{Label: l.T("admin.item.collection.label"), Mine: collections[m.Collection], Theirs: collections[t.Collection]},
		views.DifferenceRow{Label: l.T("admin.item.access.label"), Mine: word("access.", m.Access), Theirs: word("access.", t.Access)},
		views.DifferenceRow{Label: l.T("admin.item.opens_at.label"), Mine: m.OpensAt, Theirs: t.OpensAt},
		views.DifferenceRow{Label: l.T("admin.item.closes_at.label"), Mine: m.ClosesAt, Theirs: t.ClosesAt},
	)
	if m.Position != m.PositionWas {
		rows = append(rows, differing(views.DifferenceRow{Label: l.T("admin.item.position.label"), Mine: m.Position, Theirs: t.Position})...)
	}
	for n := range max(len(mine.sources), len(theirs.sources)) {
		rows = append(rows, differing(views.DifferenceRow{
			Label: l.T("admin.source.title", "Number", n+1), Mine: sourceLine(l, mine.sources, n), Theirs: sourceLine(l, theirs.sources, n),
		})...)
	}
	return rows
}

// differing keeps the rows with two values.
func differing(rows ...views.DifferenceRow) []views.DifferenceRow {
	return slices.DeleteFunc(rows, func(r views.DifferenceRow) bool { return strings.TrimSpace(r.Mine) == strings.TrimSpace(r.Theirs) })
}

// sourceLine is a row of the source fields in one line.
func sourceLine(l *i18n.Locale, rows []views.SourceFields, n int) string {
	if n >= len(rows) || rows[n].Address == "" {
		return ""
	}
	s := rows[n]
	line := []string{s.Address, s.Channel, s.Label, s.Window}
	if s.Kind == string(paywall.SourceStream) || s.Kind == string(paywall.SourceHLS) || s.Kind == string(paywall.SourceVOD) {
		line = append(line, l.T("sourcekind."+s.Kind))
	}
	return strings.Join(slices.DeleteFunc(line, func(part string) bool { return part == "" }), ", ")
}

// posterField is the poster of an item or collection whose page is at a path.
func posterField(path string, art views.Art) views.PosterField {
	return views.PosterField{UploadURL: path + "/poster", RemoveURL: path + "/poster/remove", Art: art}
}
