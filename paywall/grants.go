package paywall

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"time"
	"unicode/utf8"
)

// MaxNote is the longest note on a grant, in characters.
const MaxNote = 200

// Grants gives people access and takes it back.
type Grants struct {
	store  Store
	outbox *Outbox
	clock  Clock
	// notBefore is when the mails about them go out at the earliest.
	notBefore time.Time
}

// NewGrants makes the service.
func NewGrants(store Store, outbox *Outbox, clock Clock) *Grants {
	return &Grants{store: store, outbox: outbox, clock: clock}
}

// GrantInput is what an owner sets of a grant.
type GrantInput struct {
	Email    string
	Scope    GrantScope
	TargetID string
	Until    time.Time // exclusive; zero: for ever
	Note     string
}

// Give makes a grant from now on and answers it.
func (g *Grants) Give(ctx context.Context, actor Actor, in GrantInput) (Grant, error) {
	email, err := CanonicalEmail(in.Email)
	if err != nil {
		return Grant{}, err
	}
	grant, err := g.fromInput(in)
	if err != nil {
		return Grant{}, err
	}
	err = g.store.InTx(ctx, func(tx Store) error {
		user, err := tx.UserByEmail(ctx, email)
		if errors.Is(err, ErrNotFound) {
			return invalidField("email", "grant.error.unknown_email").Because(err)
		}
		if err != nil {
			return err
		}
		grant.UserID = user.ID
		return g.give(ctx, tx, actor, user, grant)
	})
	return grant, err
}

// fromInput makes a grant from now on, for nobody yet.
func (g *Grants) fromInput(in GrantInput) (Grant, error) {
	now := g.clock()
	grant := Grant{
		ID: NewID(), Scope: in.Scope, TargetID: in.TargetID, From: now, Until: in.Until,
		Origin: OriginOwner, Note: strings.TrimSpace(in.Note), CreatedAt: now,
	}
	return grant, grant.validate(now)
}

// give stores a grant for a person, tells them and writes it down.
func (g *Grants) give(ctx context.Context, tx Store, actor Actor, user User, grant Grant) error {
	title, path, err := g.target(ctx, tx, grant)
	if err != nil {
		return err
	}
	if err := tx.CreateGrant(ctx, grant); err != nil {
		return err
	}
	if err := g.tell(ctx, tx, user, grant, title, path); err != nil {
		return err
	}
	return auditGrant(ctx, tx, g.clock, actor, "grant.give", user, grant)
}

// Revoke takes a grant back from now on.
func (g *Grants) Revoke(ctx context.Context, actor Actor, id string) error {
	return g.store.InTx(ctx, func(tx Store) error {
		grant, err := tx.GrantByID(ctx, id)
		if err != nil {
			return err
		}
		user, err := tx.UserByID(ctx, grant.UserID)
		if err != nil {
			return err
		}
		return g.revoke(ctx, tx, actor, user, grant)
	})
}

func (g *Grants) revoke(ctx context.Context, tx Store, actor Actor, user User, grant Grant) error {
	if err := tx.RevokeGrant(ctx, grant.ID, g.clock()); err != nil {
		return err
	}
	return auditGrant(ctx, tx, g.clock, actor, "grant.revoke", user, grant)
}

// Of lists a person's grants, newest first.
func (g *Grants) Of(ctx context.Context, userID string) ([]Grant, error) {
	return g.store.GrantsOf(ctx, userID)
}

// Recent lists everybody's grants, newest first.
func (g *Grants) Recent(ctx context.Context, limit, offset int) ([]GrantLine, error) {
	return g.store.RecentGrants(ctx, limit, offset)
}

func (g Grant) validate(now time.Time) error {
	switch {
	case g.Scope == ScopeEverything && g.TargetID == "":
	case (g.Scope == ScopeCollection || g.Scope == ScopeItem) && g.TargetID != "":
	default:
		return invalidField("opens", "grant.error.scope")
	}
	if !g.Until.IsZero() && !g.Until.After(now) {
		return invalidField("until", "grant.error.until")
	}
	if utf8.RuneCountInString(g.Note) > MaxNote || hasControl(g.Note) {
		return invalidField("note", "grant.error.note")
	}
	return nil
}

// target is what a grant opens, for people: its title (empty for everything) and
// where to find it. A grant to something that does not exist is refused.
func (g *Grants) target(ctx context.Context, tx Store, grant Grant) (title, path string, err error) {
	unknown := invalidField("opens", "grant.error.scope")
	switch grant.Scope {
	case ScopeItem:
		item, err := tx.ItemByID(ctx, grant.TargetID)
		if errors.Is(err, ErrNotFound) {
			return "", "", unknown
		}
		if err != nil || !item.Published {
			return item.Title, "/", err
		}
		return item.Title, item.Path(), nil
	case ScopeCollection:
		collection, err := tx.CollectionByID(ctx, grant.TargetID)
		if errors.Is(err, ErrNotFound) {
			return "", "", unknown
		}
		return collection.Title, "/", err
	}
	return "", "/", nil
}

// tell mails to the holder what was opened, unless they do not want to know.
func (g *Grants) tell(ctx context.Context, tx Store, user User, grant Grant, title, path string) error {
	if user.QuietAccess || user.Disabled() {
		return nil
	}
	letter := letterTo(user, "", MailAccess, MailParams{Opens: title, Path: path, Until: grant.Until})
	letter.NotBefore = g.notBefore
	return g.outbox.Put(ctx, tx, letter)
}

// paced is the service for one person of many, whose mail waits for its turn.
func (g *Grants) paced(notBefore time.Time) *Grants {
	paced := *g
	paced.notBefore = notBefore
	return &paced
}

// auditGrant adds a line about a grant: with its end, or what there is to tell
// instead of it.
func auditGrant(ctx context.Context, tx Store, clock Clock, actor Actor, action string, u User, g Grant, more ...Fact) error {
	opens, err := openedFact(ctx, tx, grantTarget(g))
	if err != nil {
		return err
	}
	facts := []Fact{{LabelPerson, u.Email}, opens}
	if len(more) == 0 {
		facts = append(facts, moment(LabelUntil, g.Until))
	}
	return audit(ctx, tx, clock, actor, action, g.ID, append(facts, more...)...)
}

// openedFact tells what a target of grantTarget is, by its title.
func openedFact(ctx context.Context, tx Store, target string) (Fact, error) {
	scope, id, _ := strings.Cut(target, ":")
	label := map[GrantScope]Label{ScopeItem: LabelItem, ScopeCollection: LabelCollection}[GrantScope(scope)]
	if label == "" {
		return Fact{LabelOpens, scope}, nil
	}
	names, err := tx.NamesOf(ctx, []string{id})
	return Fact{label, cmp.Or(names[id], FactGone)}, err
}

// grantTarget names what a grant opens, as forms and filters do:
// "collection:ID".
func grantTarget(g Grant) string {
	if g.TargetID == "" {
		return string(g.Scope)
	}
	return string(g.Scope) + ":" + g.TargetID
}
