package paywall

import (
	"context"
	"errors"
	"time"
)

// How long things are kept that nobody can use any more.
const (
	// keepProofs leaves ended codes and links for a day, so that their pages can
	// say that they are over.
	keepProofs = 24 * time.Hour
	// keepDevices forgets browsers in which nobody signed in for longer than
	// their cookie lives.
	keepDevices = 400 * 24 * time.Hour
	// keepRefusals is a year to compare with. The sums of plays stay for ever.
	keepRefusals = 400 * 24 * time.Hour
	// playsAtOnce bounds one transaction: pages want to write too.
	playsAtOnce = 500
	// keepPictures leaves an unused picture for a day: whoever made it may be about
	// to use it, and pages that show it may still be open.
	keepPictures = 24 * time.Hour
)

// Housekeeping removes what is no longer needed and forgets what must not be
// kept. Every step is tried even if another fails.
func Housekeeping(ctx context.Context, store Store, settings *SiteSettings, clock Clock) error {
	s, err := settings.Get(ctx)
	if err != nil {
		return err
	}
	now := clock()
	return errors.Join(
		store.DeleteOldProofs(ctx, now.Add(-keepProofs)),
		store.DeleteIdleLimits(ctx, now),
		store.DeleteIdleDevices(ctx, now.Add(-keepDevices)),
		store.DeleteUnusedPictures(ctx, now.Add(-keepPictures)),
		store.DeleteImportRuns(ctx, now.Add(-keepRuns)),
		store.EmptyMails(ctx, now),
		store.DeleteOldMails(ctx, now.Add(-days(s.KeepMails))),
		store.DeleteOldVoucherMails(ctx, now, now.Add(-days(s.KeepMails))),
		store.DeleteOldJobs(ctx, now.Add(-KeepJobs), now.Add(-KeepDrafts)),
		store.CutNetworks(ctx, now.Add(-days(s.KeepNetworks))),
		store.EndPlays(ctx, now),
		forgetPlays(ctx, store, now.Add(-days(s.KeepPlays))),
		store.DeleteOldCounts(ctx, CountRefusals, now.Add(-keepRefusals).Format(time.DateOnly)),
	)
}

// forgetPlays removes the plays that began before an instant, some at a time.
func forgetPlays(ctx context.Context, store Store, before time.Time) error {
	for {
		n, err := store.DeleteOldPlays(ctx, before, playsAtOnce)
		if err != nil || n < playsAtOnce {
			return err
		}
	}
}
