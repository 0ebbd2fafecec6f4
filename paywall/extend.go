package paywall

import (
	"context"
	"time"
)

// MaxExtension is by how many days a grant can be extended at once.
const MaxExtension = 3660

// Extension is by how much grants are extended: days as people count them in a
// zone, so that the end of a day stays one when the clocks change.
type Extension struct {
	Days int
	Zone *time.Location
}

func (e Extension) validate() error {
	if e.Days < 1 || e.Days > MaxExtension {
		return invalidField("days", "grant.error.days")
	}
	return nil
}

// from adds the days to an end; to now, when that is later.
func (e Extension) from(end, now time.Time) time.Time {
	if end.Before(now) {
		end = now
	}
	return end.In(e.Zone).AddDate(0, 0, e.Days).UTC()
}

// Extend lets a grant end later. One that is over begins to count again from now;
// one without an end and one that was taken back are not extended.
func (g *Grants) Extend(ctx context.Context, actor Actor, id string, by Extension) (Grant, error) {
	if err := by.validate(); err != nil {
		return Grant{}, err
	}
	var grant Grant
	err := g.store.InTx(ctx, func(tx Store) (err error) {
		if grant, err = tx.GrantByID(ctx, id); err != nil {
			return err
		}
		user, err := tx.UserByID(ctx, grant.UserID)
		if err != nil {
			return err
		}
		// Once more, now that nobody else changes this person's grants.
		if grant, err = tx.GrantByID(ctx, id); err != nil {
			return err
		}
		switch {
		case !grant.RevokedAt.IsZero():
			return E(KindInvalid, "grant.error.revoked")
		case grant.Until.IsZero():
			return E(KindInvalid, "grant.error.endless")
		}
		grant, err = g.extend(ctx, tx, actor, user, grant, by)
		return err
	})
	return grant, err
}

// Again gives once more what a grant opens that is over, for days from now.
func (g *Grants) Again(ctx context.Context, actor Actor, id string, by Extension) (Grant, error) {
	if err := by.validate(); err != nil {
		return Grant{}, err
	}
	var grant Grant
	err := g.store.InTx(ctx, func(tx Store) error {
		old, err := tx.GrantByID(ctx, id)
		if err != nil {
			return err
		}
		user, err := tx.UserByID(ctx, old.UserID)
		if err != nil {
			return err
		}
		now := g.clock()
		if end := old.End(); end.IsZero() || now.Before(end) {
			return E(KindInvalid, "grant.error.running")
		}
		grant, err = g.fromInput(GrantInput{Scope: old.Scope, TargetID: old.TargetID, Until: by.from(now, now), Note: old.Note})
		if err != nil {
			return err
		}
		grant.UserID = user.ID
		return g.give(ctx, tx, actor, user, grant)
	})
	return grant, err
}

// extend stores the later end, tells the holder and writes down both ends.
func (g *Grants) extend(ctx context.Context, tx Store, actor Actor, user User, grant Grant, by Extension) (Grant, error) {
	old := grant.Until
	grant.Until = by.from(old, g.clock())
	if err := tx.UpdateGrant(ctx, grant); err != nil {
		return grant, err
	}
	title, path, err := g.target(ctx, tx, grant)
	if err != nil && KindOf(err) != KindInvalid { // what it opened may be gone
		return grant, err
	}
	if path != "" {
		if err := g.tell(ctx, tx, user, grant, title, path); err != nil {
			return grant, err
		}
	}
	later := oldToNew(LabelUntil, moment("", old).Value, moment("", grant.Until).Value)
	return grant, auditGrant(ctx, tx, g.clock, actor, "grant.extend", user, grant, later)
}
