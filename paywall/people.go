package paywall

import (
	"context"
	"strings"
	"unicode/utf8"
)

// MaxStaffNote is the longest note about a person, in characters.
const MaxStaffNote = 2000

// broadSearch is how many people a search may find in the list of grants. Beyond
// it nobody reads the list, and all grants would have to be looked through.
const broadSearch = 1000

// People is what staff see of members, and what they write down about them.
type People struct {
	store Store
	clock Clock
}

// NewPeople makes the service.
func NewPeople(store Store, clock Clock) *People { return &People{store: store, clock: clock} }

// List lists the accounts that a filter finds with their grants, and tells how
// many there are in all.
func (p *People) List(ctx context.Context, f MemberFilter, sort MemberSort, limit, offset int) ([]MemberLine, int, error) {
	f.Now = p.clock()
	lines, total, err := p.store.ListMembers(ctx, f, sort, limit, offset)
	if err != nil {
		return nil, 0, err
	}
	ids := make([]string, len(lines))
	places := make(map[string]int, len(lines))
	for i, line := range lines {
		ids[i], places[line.User.ID] = line.User.ID, i
	}
	grants, err := p.store.GrantsOfAll(ctx, ids)
	if err != nil {
		return nil, 0, err
	}
	for _, g := range grants {
		line := &lines[places[g.UserID]]
		line.Grants = append(line.Grants, g)
	}
	return lines, total, nil
}

// Grants lists the grants that a filter finds, and tells how many there are in
// all. A search that finds too many people is refused with KindTooMany.
func (p *People) Grants(ctx context.Context, f GrantFilter, sort GrantSort, limit, offset int) ([]GrantLine, int, error) {
	f.Now = p.clock()
	if f.Text != "" {
		people, err := p.store.CountMembers(ctx, MemberFilter{Text: f.Text})
		if err != nil {
			return nil, 0, err
		}
		if people > broadSearch {
			return nil, 0, E(KindTooMany, "grant.error.broad", "Count", people)
		}
	}
	return p.store.ListGrants(ctx, f, sort, limit, offset)
}

// SetNote keeps what staff write down about a person; empty forgets it. The
// record tells that it changed and not what it says, because it is forgotten with
// the account.
func (p *People) SetNote(ctx context.Context, actor Actor, userID, note string) error {
	note = typedLines(note)
	if utf8.RuneCountInString(note) > MaxStaffNote || hasControl(strings.ReplaceAll(note, "\n", " ")) {
		return invalidField("staff_note", "member.error.note")
	}
	return p.store.InTx(ctx, func(tx Store) error {
		user, err := tx.UserByID(ctx, userID)
		if err != nil {
			return err
		}
		if user.Deleted() {
			return ErrNotFound
		}
		if user.Note == note {
			return nil
		}
		facts := append([]Fact{{LabelPerson, user.Email}}, rewritten(LabelNote, user.Note, note)...)
		user.Note = note
		if err := tx.UpdateUser(ctx, user); err != nil {
			return err
		}
		return audit(ctx, tx, p.clock, actor, "user.note", user.ID, facts...)
	})
}
