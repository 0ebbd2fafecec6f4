package paywall

import (
	"context"
	"time"
)

// ExportHead are the names of the columns of an export, which an import knows.
func ExportHead() []string {
	head := make([]string, len(ListFields))
	for i, field := range ListFields {
		head[i] = string(field)
	}
	return head
}

// exportedAtOnce is how many people are read at once for an export.
const exportedAtOnce = 500

// Export gives everybody whom a filter finds, as lines that an import reads: one
// for each grant that is not over, and one for who has none. They come in no
// order that means anything. write is called for each line, without the guard
// against spreadsheets.
func (p *People) Export(ctx context.Context, actor Actor, f MemberFilter, write func(cells []string) error) error {
	f.Now = p.clock()
	total, err := p.store.CountMembers(ctx, f)
	if err != nil {
		return err
	}
	names, err := targetNames(ctx, p.store)
	if err != nil {
		return err
	}
	chosen, err := f.facts(ctx, p.store)
	if err != nil {
		return err
	}
	if err := audit(ctx, p.store, p.clock, actor, "member.export", "", append([]Fact{number(LabelAccounts, total)}, chosen...)...); err != nil {
		return err
	}
	for after := ""; ; {
		people, err := p.store.MembersAfter(ctx, f, after, exportedAtOnce)
		if err != nil {
			return err
		}
		if err := p.exportSome(ctx, people, names, f.Now, write); err != nil {
			return err
		}
		if len(people) < exportedAtOnce {
			return nil
		}
		after = people[len(people)-1].ID
	}
}

func (p *People) exportSome(ctx context.Context, people []User, names map[string]string, now time.Time, write func([]string) error) error {
	ids := make([]string, len(people))
	for i, u := range people {
		ids[i] = u.ID
	}
	all, err := p.store.GrantsOfAll(ctx, ids)
	if err != nil {
		return err
	}
	grants := map[string][]Grant{}
	for _, g := range all {
		if end := g.End(); end.IsZero() || end.After(now) {
			grants[g.UserID] = append(grants[g.UserID], g)
		}
	}
	for _, u := range people {
		for _, line := range exportLines(u, grants[u.ID], names) {
			if err := write(line); err != nil {
				return err
			}
		}
	}
	return nil
}

// exportLines are the lines about one person. Grants that say the same are one
// line: an import would give the second one to nobody.
func exportLines(u User, grants []Grant, names map[string]string) (lines [][]string) {
	seen := map[string]bool{}
	for _, g := range grants {
		name, known := names[grantTarget(g)]
		if !known {
			continue // what it opened is gone
		}
		line := []string{u.Email, u.Name, u.Language, name, exact(g.From), exact(g.Until), g.Note}
		if key := line[3] + " " + line[4] + " " + line[5]; !seen[key] {
			seen[key] = true
			lines = append(lines, line)
		}
	}
	if len(lines) == 0 {
		lines = append(lines, []string{u.Email, u.Name, u.Language, "", "", "", ""})
	}
	return lines
}

// exact writes an instant so that it reads back as it was; empty for none.
func exact(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

// targetNames name what grants open so that an import finds it: slugs of items,
// and titles of collections where they are unmistakable, else ids.
func targetNames(ctx context.Context, store Store) (map[string]string, error) {
	known, err := targetsByName(ctx, store)
	if err != nil {
		return nil, err
	}
	items, err := store.AllItems(ctx)
	if err != nil {
		return nil, err
	}
	collections, err := store.Collections(ctx)
	if err != nil {
		return nil, err
	}
	names := map[string]string{string(ScopeEverything): string(ScopeEverything)}
	for _, i := range items {
		names[grantTarget(Grant{Scope: ScopeItem, TargetID: i.ID})] = i.Slug
	}
	for _, c := range collections {
		g := Grant{Scope: ScopeCollection, TargetID: c.ID}
		names[grantTarget(g)] = c.ID
		if found := known.find(c.Title); found.Scope == g.Scope && found.TargetID == g.TargetID {
			names[grantTarget(g)] = c.Title
		}
	}
	return names, nil
}
