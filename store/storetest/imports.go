package storetest

import (
	"testing"
	"time"

	"usher/paywall"
)

func testSupplies(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	one := paywall.Supply{Key: "media/1/a", TargetID: "item", Title: "A", Poster: "https://x/a.jpg", PosterID: "p", Duration: time.Minute, TakenAt: stored(start)}
	two := paywall.Supply{Key: "folder/1/b", TargetID: "collection", Title: "B", TakenAt: stored(start)}
	must(t, s.PutSupply(ctx, one))
	must(t, s.PutSupply(ctx, two))
	wantSame(t, read[[]paywall.Supply](t)(s.Supplies(ctx)), []paywall.Supply{two, one})
	one.Title, one.TargetID, one.Poster, one.PosterID, one.Duration = "New", "other", "", "", 0
	must(t, s.PutSupply(ctx, one))
	wantSame(t, read[paywall.Supply](t)(s.SupplyByKey(ctx, one.Key)), one)
	must(t, s.DropSupplies(ctx, "other"))
	_, err := s.SupplyByKey(ctx, one.Key)
	wantErr(t, err, paywall.ErrNotFound)
	wantSame(t, len(read[[]paywall.Supply](t)(s.Supplies(ctx))), 1)

	_, err = s.Holdings(ctx)
	wantErr(t, err, paywall.ErrNotFound)
	must(t, s.PutHoldings(ctx, []byte("old"), start))
	must(t, s.PutHoldings(ctx, []byte("new"), start))
	wantSame(t, string(read[[]byte](t)(s.Holdings(ctx))), "new")

	wantSame(t, read[int](t)(s.LastPosition(ctx)), 0)
	item := NewItem("item")
	item.Position = 7
	item.Sources = append(item.Sources, paywall.Source{ID: paywall.NewID(), Kind: paywall.SourceVOD, Ref: "1jhvl2uqjpwmr", Channel: "1", Position: 1})
	item = addItem(t, s, item)
	wantSame(t, read[int](t)(s.LastPosition(ctx)), 7)
	wantSame(t, read[string](t)(s.ItemOfSource(ctx, item.Sources[0].Supplied())), item.ID)
	ref := item.Sources[1].Supplied()
	wantSame(t, read[string](t)(s.ItemOfSource(ctx, ref)), item.ID)
	ref.Channel = "2"
	_, err = s.ItemOfSource(ctx, ref)
	wantErr(t, err, paywall.ErrNotFound)
}

func testImportRuns(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	wantSame(t, read[bool](t)(s.ImportRunning(ctx)), false)
	_, err := s.ClaimImportRun(ctx, "a", start, start.Add(time.Minute))
	wantErr(t, err, paywall.ErrNotFound)
	run := paywall.ImportRun{
		ID: "one", Kind: paywall.RunImport, State: paywall.RunRunning, ActorID: "ed", Work: []byte("work"), Total: 3, CreatedAt: stored(start),
	}
	must(t, s.CreateImportRun(ctx, run))
	other := run
	other.ID = "two"
	wantErr(t, s.CreateImportRun(ctx, other), paywall.ErrExists)
	wantSame(t, read[bool](t)(s.ImportRunning(ctx)), true)

	claim := func(worker string, at time.Time) error {
		_, err := s.ClaimImportRun(ctx, worker, at, at.Add(time.Minute))
		return err
	}
	run.ClaimedBy, run.ClaimedUntil = "a", stored(start.Add(time.Minute))
	wantSame(t, read[paywall.ImportRun](t)(s.ClaimImportRun(ctx, "a", start, start.Add(time.Minute))), run)
	wantErr(t, claim("b", start.Add(time.Second)), paywall.ErrNotFound)
	must(t, claim("a", start.Add(time.Second)))
	run.Done, run.Report, run.ClaimedUntil = 2, []byte("report"), stored(start.Add(2*time.Minute))
	must(t, s.SaveImportRun(ctx, run))
	wantSame(t, read[paywall.ImportRun](t)(s.ImportRunByID(ctx, "one")), run)
	must(t, claim("b", start.Add(2*time.Minute)))
	wantErr(t, s.SaveImportRun(ctx, run), paywall.ErrChanged) // it is another worker's
	run.ClaimedBy = "b"
	run.State, run.EndedAt = paywall.RunDone, stored(start.Add(3*time.Minute))
	must(t, s.SaveImportRun(ctx, run))
	wantErr(t, s.SaveImportRun(ctx, run), paywall.ErrChanged)
	wantErr(t, s.StopImportRun(ctx, "one", start), paywall.ErrNotFound)

	must(t, s.CreateImportRun(ctx, other))
	must(t, s.StopImportRun(ctx, "two", start.Add(time.Hour)))
	if got := read[paywall.ImportRun](t)(s.ImportRunByID(ctx, "two")); got.State != paywall.RunStopped || got.EndedAt.IsZero() {
		t.Errorf("it is %+v", got)
	}
	run.Work = nil
	list := read[[]paywall.ImportRun](t)(s.ImportRuns(ctx, 9))
	wantSame(t, len(list), 2)
	wantSame(t, list[1], run)
	must(t, s.DeleteImportRuns(ctx, start.Add(30*time.Minute)))
	wantSame(t, len(read[[]paywall.ImportRun](t)(s.ImportRuns(ctx, 9))), 1)
	_, err = s.ImportRunByID(ctx, "one")
	wantErr(t, err, paywall.ErrNotFound)
}
