package paywall

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"time"
)

const (
	// checkPatience bounds a check, so that a request that waits for it has time left
	// to show what it found out.
	checkPatience = 6 * time.Second
	// recheckEvery is how often a check that was cut off is made again by itself.
	recheckEvery = 5 * time.Minute
	// recheckAfter leaves the calls of a minute time to come free again.
	recheckAfter = time.Minute
)

// Proposed is what came of a proposal.
type Proposed struct {
	Report ConnectionReport
	Stored bool // false also where nothing was new
}

// Propose tests what an owner wants to set and stores it with the report of the test.
// What the supplier refuses is not stored unless the owner wants it anyway: the error
// is then of KindInvalid and belongs to no field. What could not be tested is stored.
func (c *Connection) Propose(ctx context.Context, actor Actor, supplier Supplier, in ConnectionInput, anyway bool) (Proposed, error) {
	in = in.trimmed()
	if err := c.validate(in); err != nil {
		return Proposed{}, err
	}
	stored, err := c.stored(ctx, c.store)
	if err != nil {
		return Proposed{}, err
	}
	used, sealed := c.used(stored)
	wanted := Credentials(in)
	if in.Token.Empty() {
		wanted.Token = used.Token
	}
	switch {
	case wanted.Token.Empty() || sealed != nil && in.Token.Empty():
		return Proposed{}, invalidField("token", "connection.error.first")
	case wanted.same(used) && anyway: // what was refused has to be pasted again
		return Proposed{}, invalidField("token", "connection.error.again")
	}
	report, err := c.try(ctx, supplier, wanted)
	if err != nil {
		return Proposed{}, err
	}
	if wanted.same(used) {
		return Proposed{Report: report}, c.keepReport(ctx, stored, used, report)
	}
	if refusal := report.refusal(used, wanted); refusal != "" && !anyway {
		return Proposed{Report: report}, E(KindInvalid, refusal)
	}
	text, err := c.written(report, wanted)
	if err != nil {
		return Proposed{}, err
	}
	// The test may have used up all the time that there was.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), loginDeadline)
	defer cancel()
	return Proposed{Report: report, Stored: true}, c.put(ctx, actor, in, text)
}

// refusal is why what an owner wants instead of what is used is not stored, as the
// key of a sentence; empty when it may be.
func (r ConnectionReport) refusal(used, wanted Credentials) string {
	another := wanted.Token.Reveal() != used.Token.Reveal()
	switch {
	case r.Can(AbilityToken) == FoundNo && used.Token.Empty():
		return "connection.error.refused.first"
	case r.Can(AbilityToken) == FoundNo:
		return "connection.error.refused"
	case r.Refused():
		return "connection.error.useless"
	case !another && r.Can(AbilityVOD) == FoundNo: // what was changed is for videos alone
		return "connection.error.no_video"
	}
	return ""
}

// Check tries what the API token that is set may do, and keeps the report for the
// owner. It takes seconds.
func (c *Connection) Check(ctx context.Context, supplier Supplier) (ConnectionReport, error) {
	stored, err := c.stored(ctx, c.store)
	if err != nil {
		return ConnectionReport{}, err
	}
	used, err := c.used(stored)
	if err != nil {
		return ConnectionReport{}, E(KindInvalid, TroubleSealed).Because(err)
	}
	if used.Token.Empty() {
		return ConnectionReport{}, invalidField("token", "connection.error.first")
	}
	report, err := c.try(ctx, supplier, used)
	if err != nil {
		return ConnectionReport{}, err
	}
	return report, c.keepReport(ctx, stored, used, report)
}

// Recheck makes a check once more that could not find out what listeners need. It
// is meant to be called every minute; one node does it.
func (c *Connection) Recheck(ctx context.Context, supplier Supplier) error {
	state, err := c.Get(ctx)
	if err != nil || !state.Set || state.Sealed {
		return err
	}
	why, since := state.Report.open()
	if why == "" || c.clock().Sub(since) < recheckAfter {
		return nil
	}
	mine, err := c.store.Take(ctx, "connection check", c.clock(), recheckEvery, 1)
	if err != nil || !mine {
		return err
	}
	_, err = c.Check(ctx, supplier)
	return err
}

// try checks credentials with one of the site's sources of each kind.
func (c *Connection) try(ctx context.Context, supplier Supplier, with Credentials) (ConnectionReport, error) {
	items, err := c.store.AllItems(ctx)
	if err != nil {
		return ConnectionReport{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, checkPatience)
	defer cancel()
	return supplier.Check(ctx, with, oneOfEach(items))
}

// keepReport stores a report, where there is something to store it with: the
// operator's token may be all that is set. It is kept also when the check has used
// up all time there was.
func (c *Connection) keepReport(ctx context.Context, checked StoredConnection, with Credentials, report ConnectionReport) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), loginDeadline)
	defer cancel()
	text, err := c.written(report.after(c.reportOf(checked, with)), with)
	if err != nil {
		return err
	}
	return c.store.InTx(ctx, func(tx Store) error {
		_, err := tx.Connection(ctx)
		if errors.Is(err, ErrNotFound) {
			checked.Report = text
			return tx.PutConnection(ctx, checked)
		}
		if err != nil {
			return err
		}
		return tx.PutConnectionReport(ctx, checked.ChangedAt, text)
	})
}

// oneOfEach picks a source of each kind, of what is on if there is one.
func oneOfEach(items []Item) []Source {
	var picked []Source
	for _, kind := range []SourceKind{SourceStream, SourceHLS, SourceVOD} {
		if s, ok := anySource(items, kind); ok {
			picked = append(picked, s)
		}
	}
	return picked
}

func anySource(items []Item, kind SourceKind) (found Source, ok bool) {
	for _, item := range items {
		for _, s := range item.Sources {
			if s.Kind != kind {
				continue
			}
			if item.Published {
				return s, true
			}
			found, ok = s, true
		}
	}
	return found, ok
}

// writtenReport is a report as it is stored, with a mark of what was checked: the
// operator may set another token while the program does not run.
type writtenReport struct {
	ConnectionReport
	Of []byte
}

func (c *Connection) written(report ConnectionReport, of Credentials) ([]byte, error) {
	return json.Marshal(writtenReport{report, c.markOf(of)})
}

func (c *Connection) markOf(of Credentials) []byte {
	return c.vault.Mark("infomaniak report", of.Token.Reveal()+" "+of.Account+" "+string(of.VODStyle))
}

// reportOf is the stored report if it is about these credentials. One that cannot be
// read any more counts as none.
func (c *Connection) reportOf(stored StoredConnection, of Credentials) ConnectionReport {
	if len(stored.Report) == 0 {
		return ConnectionReport{}
	}
	var read writtenReport
	if err := json.Unmarshal(stored.Report, &read); err != nil {
		slog.Warn("the stored report of the connection cannot be read", "error", err)
		return ConnectionReport{}
	}
	if len(read.Of) > 0 && !bytes.Equal(read.Of, c.markOf(of)) {
		return ConnectionReport{}
	}
	return read.ConnectionReport
}
