package paywall

import (
	"context"
	"slices"
	"strings"
	"time"
)

// RowVerdict is what becomes of a line of an import.
type RowVerdict string

// The verdicts: what a check found would happen, and what a run did.
const (
	RowUnread  RowVerdict = ""
	RowNew     RowVerdict = "new"     // makes an account
	RowKnown   RowVerdict = "known"   // gives access to an account that exists
	RowNothing RowVerdict = "nothing" // changes nothing
	RowBad     RowVerdict = "bad"     // see Problem
	RowMade    RowVerdict = "made"    // made an account
	RowGiven   RowVerdict = "given"   // gave access
)

// ListRow is one line of an uploaded list.
type ListRow struct {
	Number  int    // of the line, the head is 1
	Email   string // canonical; empty when it is none
	Cells   []string
	Verdict RowVerdict
	Problem string // message key of what is wrong
	UserID  string // whom it is about, once that is known
	GrantID string // what a run gave
}

// wish is what a line asks for.
type wish struct {
	email, name, language string
	grant                 Grant // without a person; no scope: no access
	fromGiven             bool
}

// equal tells whether a grant is the one that is wished for: it opens the same,
// ends at the same instant, and began then or before.
func (w wish) equal(g Grant, now time.Time) bool {
	began := !g.From.After(now)
	if w.fromGiven {
		began = g.From.Equal(w.grant.From)
	}
	return began && g.RevokedAt.IsZero() && g.Scope == w.grant.Scope && g.TargetID == w.grant.TargetID && g.Until.Equal(w.grant.Until)
}

// rowReader reads what lines ask for.
type rowReader struct {
	plan      ListPlan
	zone      *time.Location
	languages []string
	now       time.Time
	targets   targetIndex
}

func newRowReader(ctx context.Context, store Store, plan ListPlan, zone *time.Location, languages []string, now time.Time) (*rowReader, error) {
	targets, err := targetsByName(ctx, store)
	return &rowReader{plan: plan, zone: zone, languages: languages, now: now, targets: targets}, err
}

// everythingNames are the words for everything that the site has.
var everythingNames = []string{"everything", "alles", "tout", "tutto", "todo"}

// targetIndex is what access can be given to, by its names: sure ones, which are
// the words for everything, ids and slugs, and titles of collections in small
// letters. A title that two collections have stands for no scope.
type targetIndex struct{ sure, titles map[string]Grant }

// find gives what a name means: a grant without a scope for a title that is not
// unique, one with an unknown scope for nothing.
func (t targetIndex) find(name string) Grant {
	for _, index := range []map[string]Grant{t.sure, t.titles} {
		for _, key := range []string{name, strings.ToLower(name)} {
			if grant, ok := index[key]; ok {
				return grant
			}
		}
	}
	return Grant{Scope: scopeUnknown}
}

const scopeUnknown GrantScope = "unknown"

func targetsByName(ctx context.Context, store Store) (t targetIndex, err error) {
	items, err := store.AllItems(ctx)
	if err != nil {
		return t, err
	}
	collections, err := store.Collections(ctx)
	if err != nil {
		return t, err
	}
	t.sure, t.titles = map[string]Grant{}, map[string]Grant{}
	for _, name := range everythingNames {
		t.sure[name] = Grant{Scope: ScopeEverything}
	}
	for _, i := range items {
		t.sure[i.Slug] = Grant{Scope: ScopeItem, TargetID: i.ID}
		t.sure[i.ID] = Grant{Scope: ScopeItem, TargetID: i.ID}
	}
	for _, c := range collections {
		grant, title := Grant{Scope: ScopeCollection, TargetID: c.ID}, strings.ToLower(strings.TrimSpace(c.Title))
		t.sure[c.ID] = grant
		if _, twice := t.titles[title]; twice {
			grant = Grant{}
		}
		t.titles[title] = grant
	}
	return t, nil
}

// read gives what a line asks for, or a refusal with the reason.
func (r *rowReader) read(cells []string) (w wish, err error) {
	if w.email, err = CanonicalEmail(r.plan.field(cells, FieldEmail)); err != nil {
		return w, err
	}
	if w.name, err = cleanName(r.plan.field(cells, FieldName)); err != nil {
		return w, err
	}
	w.language = strings.ToLower(r.plan.field(cells, FieldLanguage))
	if w.language != "" && !slices.Contains(r.languages, w.language) {
		return w, E(KindInvalid, "people.import.error.language")
	}
	return w, r.readGrant(&w, cells)
}

func (r *rowReader) readGrant(w *wish, cells []string) (err error) {
	access, from := r.plan.field(cells, FieldAccess), r.plan.field(cells, FieldFrom)
	until, note := r.plan.field(cells, FieldUntil), r.plan.field(cells, FieldNote)
	if access == "" {
		if from+until+note != "" {
			return E(KindInvalid, "people.import.error.no_access")
		}
		return nil
	}
	target := r.targets.find(access)
	switch target.Scope {
	case scopeUnknown:
		return E(KindInvalid, "people.import.error.access")
	case "":
		return E(KindInvalid, "people.import.error.ambiguous")
	}
	w.grant = Grant{Scope: target.Scope, TargetID: target.TargetID, From: r.now, Note: note, Origin: OriginImport, CreatedAt: r.now}
	if from != "" {
		w.fromGiven = true
		if w.grant.From, err = r.instant(from, 0); err != nil {
			return err
		}
	}
	if until != "" {
		if w.grant.Until, err = r.instant(until, 1); err != nil {
			return err
		}
		if !w.grant.Until.After(r.now) {
			return E(KindInvalid, "people.import.error.over")
		}
		if !w.grant.Until.After(w.grant.From) {
			return E(KindInvalid, "people.import.error.order")
		}
	}
	return w.grant.validate(r.now)
}

// dateLayouts are the ways to write a day; the last two are those of the site's
// languages.
var dateLayouts = []string{time.DateOnly, "2.1.2006", "2/1/2006"}

// instant reads a date, which means that many days after its beginning in the
// site's zone, or an instant of RFC 3339.
func (r *rowReader) instant(text string, daysAfter int) (time.Time, error) {
	if at, err := time.Parse(time.RFC3339, text); err == nil && validYear(at) {
		return at.UTC().Truncate(time.Millisecond), nil
	}
	for _, layout := range dateLayouts {
		if day, err := time.Parse(layout, text); err == nil && validYear(day) {
			return dayOf(day.Year(), day.Month(), day.Day()+daysAfter, r.zone).From, nil
		}
	}
	return time.Time{}, E(KindInvalid, "people.import.error.date")
}

// validYear keeps a slip from making access for centuries, or none at all.
func validYear(t time.Time) bool { return t.Year() >= 1970 && t.Year() <= 9999 }
