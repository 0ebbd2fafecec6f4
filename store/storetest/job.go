package storetest

import (
	"testing"
	"time"

	"usher/paywall"
)

func newJob(state paywall.JobState, made time.Duration) paywall.Job {
	return paywall.Job{
		ID: paywall.NewID(), Kind: paywall.JobMail, State: state, Actor: paywall.Actor{UserID: "owner", Name: "owner@example.org"},
		Detail: `{"a":1}`, Counts: paywall.JobCounts{"people": 3}, Total: 7, CreatedAt: stored(start.Add(made)),
	}
}

func testJobs(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	running, waiting, done := newJob(paywall.JobRunning, time.Hour), newJob(paywall.JobChecking, 2*time.Hour), newJob(paywall.JobDone, 0)
	done.Counts = nil
	for _, j := range []paywall.Job{running, waiting, done} {
		must(t, s.CreateJob(ctx, j))
		wantSame(t, read[paywall.Job](t)(s.JobByID(ctx, j.ID)), j)
	}
	wantSame(t, read[[]paywall.Job](t)(s.Jobs(ctx, 2)), []paywall.Job{waiting, running})

	now, until := stored(start.Add(9*time.Hour)), stored(start.Add(10*time.Hour))
	first := read[paywall.Job](t)(s.ClaimJob(ctx, now, until, "worker 1"))
	running.Claim, running.ClaimedUntil = "worker 1", until
	wantSame(t, first, running)
	wantSame(t, read[paywall.Job](t)(s.ClaimJob(ctx, now, until, "worker 2")).ID, waiting.ID)
	_, err := s.ClaimJob(ctx, now, until, "worker 3")
	wantErr(t, err, paywall.ErrNotFound)

	second := read[paywall.Job](t)(s.ClaimJob(ctx, until, until.Add(time.Hour), "worker 3")) // the first gave no sign of life
	wantSame(t, second.ID, running.ID)
	next := first
	next.Done = 5
	wantErr(t, s.UpdateJob(ctx, first, next), paywall.ErrChanged)
	next = second
	next.State, next.Detail, next.Counts, next.Problem = paywall.JobStopped, `{}`, paywall.JobCounts{"people": 4}, "job.error.stopped"
	next.Total, next.Done, next.Reached = 8, 6, "somebody"
	next.StartedAt, next.EndedAt, next.Claim, next.ClaimedUntil = now, until, "", time.Time{}
	must(t, s.UpdateJob(ctx, second, next))
	wantSame(t, read[paywall.Job](t)(s.JobByID(ctx, next.ID)), next)
	wantErr(t, s.UpdateJob(ctx, second, next), paywall.ErrChanged)
}

func testOldJobs(t *testing.T, s paywall.Store) {
	ctx, old := t.Context(), stored(start)
	var kept []string
	for _, state := range []paywall.JobState{paywall.JobUploaded, paywall.JobChecked, paywall.JobRunning, paywall.JobDone, paywall.JobStopped, paywall.JobUndone} {
		for _, age := range []time.Duration{0, 3 * time.Hour} {
			j := newJob(state, age)
			j.EndedAt = j.CreatedAt
			must(t, s.CreateJob(ctx, j))
			must(t, s.AddImportRows(ctx, j.ID, []paywall.ListRow{{Number: 1}}))
			if age > 0 || state == paywall.JobRunning {
				kept = append(kept, j.ID)
			}
		}
	}
	must(t, s.DeleteOldJobs(ctx, old.Add(time.Hour), old.Add(2*time.Hour)))
	wantSame(t, len(read[[]paywall.Job](t)(s.Jobs(ctx, 99))), len(kept))
	for _, id := range kept {
		wantSame(t, len(read[[]paywall.ListRow](t)(s.ImportRows(ctx, id, "", 0, 9))), 1)
	}
	must(t, s.DeleteJob(ctx, kept[0]))
	must(t, s.DeleteJob(ctx, kept[0]))
	_, err := s.JobByID(ctx, kept[0])
	wantErr(t, err, paywall.ErrNotFound)
	wantSame(t, len(read[[]paywall.ListRow](t)(s.ImportRows(ctx, kept[0], "", 0, 9))), 0)
}

func testImportRows(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	var rows []paywall.ListRow
	for n := range 250 {
		rows = append(rows, paywall.ListRow{Number: n + 2, Email: "ada@example.org", Cells: []string{"ada@example.org", `"Ada", née 'X'`}})
	}
	rows[7].Cells, rows[8].Verdict, rows[8].Problem = nil, paywall.RowBad, "people.import.error.date"
	must(t, s.AddImportRows(ctx, "job", rows))
	must(t, s.AddImportRows(ctx, "job", nil))
	must(t, s.AddImportRows(ctx, "another", rows[:1]))
	wantSame(t, read[[]paywall.ListRow](t)(s.ImportRows(ctx, "job", "", 0, 999)), rows)
	wantSame(t, read[[]paywall.ListRow](t)(s.ImportRows(ctx, "job", "", 5, 2)), rows[4:6])
	wantSame(t, read[[]paywall.ListRow](t)(s.ImportRows(ctx, "job", paywall.RowBad, 0, 9)), rows[8:9])

	row := rows[3]
	row.Email, row.Verdict, row.Problem, row.UserID, row.GrantID = "new@example.org", paywall.RowMade, "x", "ada", "grant 2"
	must(t, s.UpdateImportRow(ctx, "job", row))
	wantSame(t, read[[]paywall.ListRow](t)(s.ImportRows(ctx, "job", paywall.RowMade, 0, 9)), []paywall.ListRow{row})
	wantErr(t, s.UpdateImportRow(ctx, "job", paywall.ListRow{Number: 999}), paywall.ErrNotFound)
	row = rows[2]
	row.UserID, row.GrantID = "ada", "grant 1"
	must(t, s.UpdateImportRow(ctx, "job", row))
	row = rows[5]
	row.UserID = "ada"
	must(t, s.UpdateImportRow(ctx, "job", row))
	wantSame(t, read[[]string](t)(s.ImportGrants(ctx, "job", "ada")), []string{"grant 1", "grant 2"})
	must(t, s.DeleteImportRows(ctx, "job"))
	wantSame(t, len(read[[]paywall.ListRow](t)(s.ImportRows(ctx, "job", "", 0, 9))), 0)
	wantSame(t, len(read[[]paywall.ListRow](t)(s.ImportRows(ctx, "another", "", 0, 9))), 1)
}
