package handlers

import (
	"net/url"
	"strconv"

	"usher/internal/i18n"
	"usher/paywall"
	"usher/views"
)

// commaName is what parts the cells of a file, in words.
func commaName(l *i18n.Locale, comma string) string {
	switch comma {
	case ";":
		return l.T("people.import.semicolon")
	case "\t":
		return l.T("people.import.tab")
	}
	return l.T("people.import.comma")
}

// listColumns are the columns of a list, each with what it may hold and what
// the first lines have there.
func listColumns(l *i18n.Locale, plan paywall.ListPlan, rows []paywall.ListRow) []views.ListColumn {
	columns := make([]views.ListColumn, len(plan.Fields))
	for i, field := range plan.Fields {
		columns[i] = views.ListColumn{
			Name: columnName(i), Head: l.T("people.import.column", "Number", i+1),
			Fields: anyOf(l.T("people.import.ignore"), options(l, "people.field.", string(field), paywall.ListFields...)),
		}
		if i < len(plan.Head) && plan.Head[i] != "" {
			columns[i].Head = plan.Head[i]
		}
		for _, row := range rows[:min(3, len(rows))] {
			if i < len(row.Cells) && row.Cells[i] != "" {
				columns[i].Samples = append(columns[i].Samples, row.Cells[i])
			}
		}
	}
	return columns
}

// listRow is a line with what becomes of it.
func listRow(l *i18n.Locale, plan paywall.ListPlan, row paywall.ListRow) views.ListLine {
	shown := views.ListLine{Number: strconv.Itoa(row.Number), Bad: row.Verdict == paywall.RowBad}
	for i, cell := range row.Cells {
		if cell != "" && i < len(plan.Fields) && plan.Fields[i] != "" {
			shown.Cells = append(shown.Cells, cell)
		}
	}
	if len(shown.Cells) == 0 {
		shown.Cells = row.Cells
	}
	if row.Verdict != paywall.RowUnread {
		shown.Verdict = l.T("people.verdict." + string(row.Verdict))
	}
	if row.Problem != "" {
		shown.Problem = l.T(row.Problem)
	}
	return shown
}

// What lines can be looked at by, once they were checked and once they were run.
var (
	checkVerdicts = []paywall.RowVerdict{paywall.RowBad, paywall.RowNew, paywall.RowKnown, paywall.RowNothing}
	runVerdicts   = []paywall.RowVerdict{paywall.RowBad, paywall.RowMade, paywall.RowGiven, paywall.RowNothing}
)

// listShows are the ways to look at the lines of a list that has been read.
func listShows(l *i18n.Locale, base string, chosen paywall.RowVerdict, job paywall.Job) []views.Tab {
	verdicts := runVerdicts
	if job.State == paywall.JobChecked {
		verdicts = checkVerdicts
	}
	shows := []views.Tab{{Label: l.T("people.import.all_lines"), URL: base, Current: chosen == ""}}
	for _, verdict := range verdicts {
		if job.Counts[verdictCount(verdict)] > 0 {
			shows = append(shows, views.Tab{
				Label: l.T("people.verdict." + string(verdict)), URL: base + "?" + url.Values{"show": {string(verdict)}}.Encode(),
				Current: chosen == verdict,
			})
		}
	}
	return shows
}

// verdictCount names the count of a verdict: a run counts what it made where the
// check counted what would be made.
func verdictCount(v paywall.RowVerdict) string {
	switch v {
	case paywall.RowMade:
		return paywall.CountNew
	case paywall.RowGiven:
		return paywall.CountKnown
	}
	return string(v)
}
