package paywall

import (
	"context"
	"time"
)

const (
	// amberPatience is how many checks in a row must end amber before the owners
	// hear of it: a server may be away for a minute.
	amberPatience = 2
	// leakMails and failureMails lie between two mails at least, so that an outage
	// of everything does not become a mail for each source: what comes within
	// them waits for the next mail. Owners are to hear of a leak soon.
	leakMails    = 10 * time.Minute
	failureMails = time.Hour
	// warnNames is how many sources a mail names.
	warnNames = 20
)

// alarmed counts the failures of a judged probe and raises or ends its alarm.
func (p Probe) alarmed(checked bool) Probe {
	switch {
	case p.State == ProbeRed:
		p.Ambers, p.Alarm = 0, ProbeRed
	case p.State != ProbeAmber:
		p.Ambers, p.Alarm, p.Mailed = 0, "", ""
	default:
		if checked {
			p.Ambers++
		}
		if p.Ambers >= amberPatience || p.Alarm != "" {
			p.Alarm = ProbeAmber
		}
	}
	return p
}

// Alarms counts the sources of published items that leak, and those that nobody
// can play.
func (p *Probes) Alarms(ctx context.Context) (leaks, failing int, err error) {
	return p.Store.CountProbeAlarms(ctx)
}

// warn mails the owners about alarms that they were not told of yet.
func (p *Probes) warn(ctx context.Context) error {
	waiting, err := p.Store.UnmailedProbes(ctx)
	if err != nil || len(waiting) == 0 {
		return err
	}
	return p.Store.InTx(ctx, func(tx Store) error {
		if free, err := takeMail(ctx, tx, p.Clock(), waiting); err != nil || !free {
			return err
		}
		// Read again: another node may have mailed meanwhile.
		waiting, err := tx.UnmailedProbes(ctx)
		if err != nil || len(waiting) == 0 {
			return err
		}
		for _, task := range waiting {
			if err := tx.MarkProbeMailed(ctx, task.Source.ID); err != nil {
				return err
			}
		}
		return p.mailOwners(ctx, tx, warning(waiting))
	})
}

// takeMail tells whether a mail may go out about these sources now, the worst
// first.
func takeMail(ctx context.Context, tx Store, now time.Time, waiting []ProbeTask) (bool, error) {
	if waiting[0].Probe.Alarm == ProbeRed {
		return tx.Take(ctx, "probe mail leak", now, leakMails, 1)
	}
	return tx.Take(ctx, "probe mail failure", now, failureMails, 1)
}

// warning is what a mail says about these sources.
func warning(tasks []ProbeTask) MailParams {
	params := MailParams{Path: "/admin/health"}
	for n, task := range tasks {
		leaks := task.Probe.Alarm == ProbeRed
		switch {
		case n >= warnNames:
			params.More++
		case leaks:
			params.Leaks = append(params.Leaks, task.Name())
		default:
			params.Failing = append(params.Failing, task.Name())
		}
	}
	return params
}

// Name is how people tell the source from others: "Radio Lumière, AAC 64 kbit/s".
func (t ProbeTask) Name() string {
	if t.Source.Label == "" {
		return t.Item.Title
	}
	return t.Item.Title + ", " + t.Source.Label
}

// mailOwners puts one mail for each owner into the outbox.
func (p *Probes) mailOwners(ctx context.Context, tx Store, params MailParams) error {
	staff, err := tx.Staff(ctx)
	if err != nil {
		return err
	}
	for _, u := range staff {
		if u.Role != RoleOwner || u.Disabled() || !u.Confirmed() {
			continue
		}
		if err := p.Outbox.Put(ctx, tx, letterTo(u, "", MailHealth, params)); err != nil {
			return err
		}
	}
	return nil
}
