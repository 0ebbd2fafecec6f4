package paywall

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
)

// Check tries what the API token may do, with one of the site's sources of each
// kind, and keeps the report for the owner. It takes seconds.
func (c *Connection) Check(ctx context.Context, supplier Supplier) (ConnectionReport, error) {
	stored, err := c.stored(ctx, c.store)
	if err != nil {
		return ConnectionReport{}, err
	}
	items, err := c.store.AllItems(ctx)
	if err != nil {
		return ConnectionReport{}, err
	}
	report, err := supplier.Check(ctx, oneOfEach(items))
	if err != nil {
		return ConnectionReport{}, err
	}
	text, err := json.Marshal(report)
	if err != nil {
		return report, err
	}
	return report, c.keepReport(ctx, stored, text)
}

// keepReport stores a report, where there is something to store it with: the
// operator's token may be all that is set. It is kept also when the check has used
// up all time there was.
func (c *Connection) keepReport(ctx context.Context, checked StoredConnection, report []byte) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), loginDeadline)
	defer cancel()
	return c.store.InTx(ctx, func(tx Store) error {
		_, err := tx.Connection(ctx)
		if errors.Is(err, ErrNotFound) {
			checked.Report = report
			return tx.PutConnection(ctx, checked)
		}
		if err != nil {
			return err
		}
		return tx.PutConnectionReport(ctx, checked.ChangedAt, report)
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

// reportFrom reads a stored report. One that cannot be read any more counts as
// none.
func reportFrom(text []byte) ConnectionReport {
	if len(text) == 0 {
		return ConnectionReport{}
	}
	var report ConnectionReport
	if err := json.Unmarshal(text, &report); err != nil {
		slog.Warn("the stored report of the connection cannot be read", "error", err)
		return ConnectionReport{}
	}
	return report
}
