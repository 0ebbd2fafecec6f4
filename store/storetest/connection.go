package storetest

import (
	"testing"
	"time"

	"usher/paywall"
)

func testConnection(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	_, err := s.Connection(ctx)
	wantErr(t, err, paywall.ErrNotFound)
	must(t, s.PutConnectionReport(ctx, start, []byte("lost"))) // there is nothing to keep it with

	first := paywall.StoredConnection{
		Sealed: []byte{0, 1, 255}, Account: "48213", VODStyle: paywall.VODStyleV1, ChangedAt: stored(start),
	}
	must(t, s.PutConnection(ctx, first))
	wantSame(t, read[paywall.StoredConnection](t)(s.Connection(ctx)), first)

	must(t, s.PutConnectionReport(ctx, start, []byte(`{"At":1}`)))
	first.Report = []byte(`{"At":1}`)
	wantSame(t, read[paywall.StoredConnection](t)(s.Connection(ctx)), first)

	second := paywall.StoredConnection{VODStyle: paywall.VODStylePub, ChangedAt: stored(start.Add(time.Minute))}
	must(t, s.PutConnection(ctx, second))
	must(t, s.PutConnectionReport(ctx, start, []byte("of the first")))
	wantSame(t, read[paywall.StoredConnection](t)(s.Connection(ctx)), second)
}
