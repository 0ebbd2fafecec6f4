package paywall

import (
	"cmp"
	"context"
	"regexp"
	"time"
)

// ActorCommand stands in a RecordFilter for who has no account: commands on the
// server and jobs.
const ActorCommand = "-"

// RecordFilter chooses lines of the record of changes. Empty fields choose all.
type RecordFilter struct {
	Actor    string // id of an account, or ActorCommand
	Action   string
	Subject  string // id of what was changed
	From, To time.Time
	Text     string // stands in the detail or the actor's name
	Oldest   bool   // first, for a list of lines
}

// RecordMark is a place in the record: before the line with this instant and id.
type RecordMark struct {
	At time.Time
	ID string
}

// RecordStore reads the record of changes.
type RecordStore interface {
	// RecordLines lists lines that a filter chooses, newest first unless it says otherwise. A text is looked for
	// in the newest RecordSearch lines that the rest of the filter chooses.
	RecordLines(ctx context.Context, f RecordFilter, limit, offset int) ([]AuditEntry, error)
	// RecordBefore is RecordLines from a mark on, without a search for a text.
	RecordBefore(ctx context.Context, f RecordFilter, mark RecordMark, limit int) ([]AuditEntry, error)
	// CountRecord counts what RecordLines lists, up to most.
	CountRecord(ctx context.Context, f RecordFilter, most int) (int, error)
	// Actions lists the actions that occur, in the order of the alphabet.
	Actions(ctx context.Context) ([]string, error)
	// NamesOf gives what accounts, items, collections, batches of vouchers, grants
	// and mails are called that have these ids: addresses, titles and names. Those that are gone are left out.
	NamesOf(ctx context.Context, ids []string) (map[string]string, error)
}

// RecordSearch is in how many lines a text is looked for: more would keep others
// waiting, and a filter reaches the older ones.
const RecordSearch = 20_000

// recordBatch is how many lines an export reads at once.
const recordBatch = 1000

// Record shows who changed what. Nothing changes or removes a line.
type Record struct {
	store Store
	clock Clock
}

// NewRecord makes the service.
func NewRecord(store Store, clock Clock) *Record { return &Record{store: store, clock: clock} }

// List gives lines, newest first.
func (r *Record) List(ctx context.Context, f RecordFilter, limit, offset int) ([]AuditEntry, error) {
	return r.store.RecordLines(ctx, f, limit, offset)
}

// Count counts the lines of List, up to most.
func (r *Record) Count(ctx context.Context, f RecordFilter, most int) (int, error) {
	return r.store.CountRecord(ctx, f, most)
}

// Actions lists the actions that occur.
func (r *Record) Actions(ctx context.Context) ([]string, error) { return r.store.Actions(ctx) }

// idPattern finds ids in details, which hold some that were written before titles
// stood there.
var idPattern = regexp.MustCompile(`\b[a-z2-7]{26}\b`)

// Names gives what the subjects and actors of lines are called, and what else they
// name by an id.
func (r *Record) Names(ctx context.Context, lines []AuditEntry) (map[string]string, error) {
	seen := map[string]bool{}
	var ids []string
	for _, line := range lines {
		for _, id := range append(idPattern.FindAllString(line.Detail, -1), line.Subject, line.Actor.UserID) {
			if id != "" && !seen[id] {
				seen[id] = true
				ids = append(ids, id)
			}
		}
	}
	return r.store.NamesOf(ctx, ids)
}

// Account finds the account that an address or an id names; ErrNotFound if none.
func (r *Record) Account(ctx context.Context, text string) (User, error) {
	email, err := CanonicalEmail(text)
	if err != nil {
		return r.store.UserByID(ctx, text)
	}
	return r.store.UserByEmail(ctx, email)
}

// Export hands out all lines that a filter chooses, newest first, in batches. The
// export itself is written down before.
func (r *Record) Export(ctx context.Context, actor Actor, f RecordFilter, out func([]AuditEntry) error) error {
	chosen, err := f.facts(ctx, r.store)
	if err != nil {
		return err
	}
	if err := audit(ctx, r.store, r.clock, actor, "audit.export", "", chosen...); err != nil {
		return err
	}
	if f.Text != "" {
		lines, err := r.store.RecordLines(ctx, f, RecordSearch, 0)
		if err != nil {
			return err
		}
		return out(lines)
	}
	mark := RecordMark{At: r.clock().Add(time.Millisecond)}
	for {
		lines, err := r.store.RecordBefore(ctx, f, mark, recordBatch)
		if err != nil {
			return err
		}
		if err := out(lines); err != nil || len(lines) < recordBatch {
			return err
		}
		last := lines[len(lines)-1]
		mark = RecordMark{At: last.At, ID: last.ID}
	}
}

// facts tell what was chosen, for the line about an export.
func (f RecordFilter) facts(ctx context.Context, store Store) ([]Fact, error) {
	names, err := store.NamesOf(ctx, []string{f.Actor, f.Subject})
	if err != nil {
		return nil, err
	}
	facts := present([]Fact{
		{LabelWho, cmp.Or(names[f.Actor], f.Actor)}, {LabelAction, f.Action}, {LabelAbout, cmp.Or(names[f.Subject], f.Subject)},
		moment(LabelFirstDay, f.From), moment(LabelLastDay, f.To), {LabelSearch, f.Text},
	})
	if len(facts) == 0 {
		return []Fact{{LabelAll, factAll}}, nil
	}
	return facts, nil
}
