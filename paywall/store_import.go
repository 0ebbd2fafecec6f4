package paywall

import (
	"context"
	"time"
)

// ImportStore keeps what was read at the supplier and the runs that take it over.
type ImportStore interface {
	// Supplies lists all by key.
	Supplies(ctx context.Context) ([]Supply, error)
	SupplyByKey(ctx context.Context, key string) (Supply, error)
	// ItemOfSource finds the id of an item that is played from there.
	ItemOfSource(ctx context.Context, ref SupplierRef) (itemID string, err error)
	// LastPosition is the highest position of an item.
	LastPosition(ctx context.Context) (int, error)
	// PutSupply stores or replaces the one with its key.
	PutSupply(ctx context.Context, s Supply) error
	// DropSupplies forgets what a target was made of.
	DropSupplies(ctx context.Context, targetID string) error

	// Holdings finds the account as it was last read; ErrNotFound before that.
	Holdings(ctx context.Context) (body []byte, err error)
	PutHoldings(ctx context.Context, body []byte, at time.Time) error

	// CreateImportRun stores a run; ErrExists while another one is running.
	CreateImportRun(ctx context.Context, r ImportRun) error
	// ImportRunning tells whether a run is on.
	ImportRunning(ctx context.Context) (bool, error)
	ImportRunByID(ctx context.Context, id string) (ImportRun, error)
	// ImportRuns lists the latest, newest first, without their work.
	ImportRuns(ctx context.Context, limit int) ([]ImportRun, error)
	// ClaimImportRun takes the running run for a worker, unless another one holds
	// it at that instant; ErrNotFound when there is none to take.
	ClaimImportRun(ctx context.Context, worker string, now, until time.Time) (ImportRun, error)
	// SaveImportRun keeps state, report, progress and claim, if the worker still
	// holds the run and it still runs; else ErrChanged.
	SaveImportRun(ctx context.Context, r ImportRun) error
	// StopImportRun ends a running run, whoever holds it; else ErrNotFound.
	StopImportRun(ctx context.Context, id string, at time.Time) error
	// DeleteImportRuns removes runs that ended before an instant.
	DeleteImportRuns(ctx context.Context, before time.Time) error
}
