package handlers

import (
	"time"

	"github.com/labstack/echo/v4"

	"usher/internal/i18n"
	"usher/views"
)

// SupplierHealth is how the calls to Infomaniak have gone.
type SupplierHealth struct {
	// Resting tells that no call goes out for a moment, because the last ones
	// failed.
	Resting bool
	Since   time.Time // when that began, or ended
	// LastError is the last failed call, secrets removed, and LastOK the last one
	// that gave a token. The zero time: there was none since the start.
	LastError           string
	LastErrorAt, LastOK time.Time
	// ClockAhead is how far our clock was ahead of theirs when ClockSeen; negative:
	// behind.
	ClockAhead time.Duration
	ClockSeen  time.Time
}

// DiskSpace is the room on the disk of the data folder in bytes; the zero value
// when there is none.
type DiskSpace struct{ Free, Total uint64 }

const (
	// clockLimit is how wrong the clock may be. Tokens begin and end by it.
	clockLimit = 30 * time.Second
	// clockFresh is how long a comparison of clocks says something.
	clockFresh = 24 * time.Hour
	// diskLimit is the least room to go on with, in bytes and as a share.
	diskLimit = 1 << 30
	diskShare = 20 // one part in so many
	// mostTroubles is how many sources are named.
	mostTroubles = 5
)

// problemSources look for what needs somebody, the worst first. Each area adds its
// own; what the notices above all pages tell comes before them. A look that fails
// is logged and says nothing: the rest is shown all the same.
func (h *Handlers) problemSources() []func(echo.Context) ([]views.AdminNotice, error) {
	return []func(echo.Context) ([]views.AdminNotice, error){
		h.supplierProblems, h.sourceProblems, h.clockProblems, h.diskProblems,
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
	l, seen := localeOf(c), h.Health()
	key, at := "", seen.LastErrorAt
	switch {
	case seen.Resting:
		key, at = "overview.problem.resting", seen.Since
	case seen.LastErrorAt.After(seen.LastOK):
		key = "overview.problem.refused"
	default:
		return nil, nil
	}
	text := l.T(key, "Date", l.ShortDateTime(at.In(h.zone())), "Error", seen.LastError)
	return []views.AdminNotice{{Text: text, URL: "/admin/items", Link: l.T("overview.problem.items")}}, nil
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
				"Date", l.ShortDateTime(source.TroubleAt.In(h.zone())), "Trouble", troubleText(l, source.Trouble)),
			URL: "/admin/items/" + item.ID, Link: item.Title,
		})
	}
	return notices, err
}

// clockProblems compare our clock with Infomaniak's.
func (h *Handlers) clockProblems(c echo.Context) ([]views.AdminNotice, error) {
	l, seen := localeOf(c), h.Health()
	if seen.ClockSeen.IsZero() || h.Clock().Sub(seen.ClockSeen) > clockFresh || seen.ClockAhead.Abs() <= clockLimit {
		return nil, nil
	}
	key := "overview.problem.clock_ahead"
	if seen.ClockAhead < 0 {
		key = "overview.problem.clock_behind"
	}
	return []views.AdminNotice{{Text: l.T(key, "Amount", seen.ClockAhead.Abs().String())}}, nil
}

// diskProblems say that the data folder has little room left.
func (h *Handlers) diskProblems(c echo.Context) ([]views.AdminNotice, error) {
	space, err := h.Disk()
	if err != nil || space.Total == 0 || space.Free >= diskLimit && space.Free >= space.Total/diskShare {
		return nil, err
	}
	l := localeOf(c)
	return []views.AdminNotice{{Text: l.T("overview.problem.disk", "Free", megabytes(l, space.Free), "Total", megabytes(l, space.Total))}}, nil
}

// megabytes writes an amount of bytes.
func megabytes(l *i18n.Locale, bytes uint64) string {
	return l.Number(int(bytes/1_000_000)) + " MB" //nolint:gosec // no disk is so large
}
