package handlers

import (
	"github.com/labstack/echo/v4"

	"usher/paywall"
	"usher/views"
)

// mostTroubles is how many sources are named.
const mostTroubles = 5

// problemSources look for what needs somebody, the worst first. Each area adds its
// own; what the notices above all pages tell comes before them. A look that fails
// is logged and says nothing: the rest is shown all the same.
func (h *Handlers) problemSources() []func(echo.Context) ([]views.AdminNotice, error) {
	return []func(echo.Context) ([]views.AdminNotice, error){
		h.supplierProblems, h.connectionProblems, h.sourceProblems, h.clockProblems, h.diskProblems,
	}
}

func (h *Handlers) problems(c echo.Context) []views.AdminNotice {
	var all []views.AdminNotice
	for _, look := range h.problemSources() {
		found, err := look(c)
		if err != nil {
			h.Log.Warn("problems not looked for", "error", err)
		}
		all = append(all, found...)
	}
	return all
}

// supplierProblems say that Infomaniak does not answer, or refuses.
func (h *Handlers) supplierProblems(c echo.Context) ([]views.AdminNotice, error) {
	l, seen := localeOf(c), h.Vitals().Connection
	key, at := "", seen.LastErrorAt
	switch {
	case seen.Resting:
		key, at = "overview.problem.resting", seen.Since
	case seen.Failing():
		key = "overview.problem.refused"
	default:
		return nil, nil
	}
	text := l.T(key, "Date", l.ShortDateTime(h.sited(at)), "Trouble", l.T(seen.LastTrouble))
	return []views.AdminNotice{{Text: text, URL: "/admin/items", Link: l.T("overview.problem.items")}}, nil
}

// connectionProblems say that the last test of the API token found that nobody can
// play, or could not find out whether somebody can.
func (h *Handlers) connectionProblems(c echo.Context) ([]views.AdminNotice, error) {
	if !viewerOf(c).May(paywall.RightRun) {
		return nil, nil
	}
	l := localeOf(c)
	state, err := h.Connection.Get(c.Request().Context())
	key := ""
	switch verdict := verdictOf(state); verdict {
	case verdictRefused:
		key = "overview.problem.connection.refused"
	case verdictUnknown:
		if state.Report.At.IsZero() {
			return nil, err // nobody tried
		}
		key = "overview.problem.connection.unknown"
	default:
		return nil, err
	}
	return []views.AdminNotice{{Text: l.T(key), URL: connectionPath, Link: l.T("admin.connection.title")}}, err
}

// sourceProblems name the sources that did not start the last time.
func (h *Handlers) sourceProblems(c echo.Context) ([]views.AdminNotice, error) {
	l := localeOf(c)
	troubled, err := h.Catalogue.InTrouble(c.Request().Context(), mostTroubles+1)
	var notices []views.AdminNotice
	for i, item := range troubled {
		if i == mostTroubles {
			notices = append(notices, views.AdminNotice{Text: l.T("overview.problem.more"), URL: "/admin/items", Link: l.T("admin.items.title")})
			break
		}
		source := item.Sources[0]
		notices = append(notices, views.AdminNotice{
			Text: l.T("overview.problem.source", "Title", item.Title, "Source", sourceLabel(l, source),
				"Date", l.ShortDateTime(h.sited(source.TroubleAt)), "Trouble", troubleText(l, source.Trouble)),
			URL: "/admin/items/" + item.ID, Link: item.Title,
		})
	}
	return notices, err
}

// clockProblems compare our clock with Infomaniak's.
func (h *Handlers) clockProblems(c echo.Context) ([]views.AdminNotice, error) {
	line := clockLine(localeOf(c), h.Vitals(), h.Clock())
	if !line.Bad {
		return nil, nil
	}
	return []views.AdminNotice{{Text: line.Value}}, nil
}

// diskProblems say that the data folder has little room left.
func (h *Handlers) diskProblems(c echo.Context) ([]views.AdminNotice, error) {
	l, v := localeOf(c), h.Vitals()
	if !v.DiskLow() {
		return nil, nil
	}
	return []views.AdminNotice{{Text: l.T("overview.problem.disk", "Free", gigabytes(l, v.DiskFree), "Total", gigabytes(l, v.DiskSize))}}, nil
}
