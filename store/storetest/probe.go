package storetest

import (
	"slices"
	"testing"
	"time"

	"usher/paywall"
)

// probeGroups are about what was seen of the sources.
var probeGroups = []group{
	{"probes", testProbes},
	{"due probes", testDueProbes},
	{"claim a probe", testClaimProbe},
	{"hurried probes", testHurryProbes},
	{"changed source", testProbeChangedSource},
	{"probe list", testProbeList},
	{"probe alarms", testProbeAlarms},
	{"probe history", testProbeHistory},
	{"probe token tries", testTokenTries},
}

// newProbe is what is known of a source, with every field filled.
func newProbe(s paywall.Source, state paywall.ProbeState) paywall.Probe {
	return paywall.Probe{
		SourceID: s.ID, Target: target(s), State: state, Cause: paywall.CauseLeak, SinceAt: stored(start),
		CheckedAt: stored(start.Add(time.Minute)), GreenAt: stored(start.Add(-time.Hour)), Detail: "200 “audio”",
		Bare: paywall.SightPlays, Token: paywall.SightRefused, TokenAt: stored(start.Add(2 * time.Minute)),
		Trouble: paywall.TroubleGone, Told: paywall.FoundYes, ToldSince: stored(start.Add(3 * time.Minute)),
		Folder: "Saison/été", SwitchedAt: stored(start.Add(4 * time.Minute)), Ambers: 3, Alarm: state,
		DueAt: stored(start.Add(time.Hour)),
	}
}

func target(s paywall.Source) string {
	return string(s.Kind) + " " + s.URL + " " + s.Ref + " " + s.Channel
}

func probeOf(t *testing.T, s paywall.Store, id string) paywall.Probe {
	t.Helper()
	return read[paywall.ProbeTask](t)(s.ProbeOf(t.Context(), id)).Probe
}

func names(tasks []paywall.ProbeTask) []string {
	var list []string
	for _, task := range tasks {
		list = append(list, task.Item.Slug+" "+task.Source.Ref)
	}
	return list
}

func testProbes(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	item := addItem(t, s, NewItem("item"))
	source := item.Sources[0]
	_, err := s.ProbeOf(ctx, "nothing")
	wantErr(t, err, paywall.ErrNotFound)
	wantSame(t, probeOf(t, s, source.ID), paywall.Probe{SourceID: source.ID})

	for _, state := range []paywall.ProbeState{paywall.ProbeRed, paywall.ProbeAmber} {
		want := newProbe(source, state)
		must(t, s.SaveProbe(ctx, want))
		wantSame(t, probeOf(t, s, source.ID), want)
	}
	must(t, s.InTx(ctx, func(tx paywall.Store) error {
		task := read[paywall.ProbeTask](t)(tx.ProbeOf(ctx, source.ID))
		bare := item
		bare.Sources = nil
		wantSame(t, task.Item, bare)
		wantSame(t, task.Source, source)
		return nil
	}))
	if s.SaveProbe(ctx, paywall.Probe{SourceID: "nothing"}) == nil {
		t.Error("a row about no source was stored")
	}
	// A source that goes takes what is known of it along.
	must(t, s.AddProbeChange(ctx, paywall.ProbeChange{ID: paywall.NewID(), SourceID: source.ID, At: stored(start)}, 9))
	item.Sources = nil
	must(t, s.UpdateItem(ctx, item))
	_, err = s.ProbeOf(ctx, source.ID)
	wantErr(t, err, paywall.ErrNotFound)
	wantSame(t, len(read[[]paywall.ProbeChange](t)(s.ProbeChanges(ctx, source.ID))), 0)
}

func testDueProbes(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	item := NewItem("item")
	item.Sources = []paywall.Source{NewSource("new", 0), NewSource("green", 1), NewSource("late", 2), NewSource("red", 3), NewSource("later", 4)}
	item = addItem(t, s, item)
	for n, source := range item.Sources[1:] {
		probe := newProbe(source, paywall.ProbeGreen)
		probe.DueAt = stored(start.Add(time.Duration(-n) * time.Second))
		if source.Ref == "red" {
			probe.State = paywall.ProbeRed
		}
		if source.Ref == "later" {
			probe.DueAt = stored(start.Add(time.Millisecond))
		}
		must(t, s.SaveProbe(ctx, probe))
	}
	due := func(limit int) []string {
		return names(read[[]paywall.ProbeTask](t)(s.DueProbes(ctx, stored(start), limit)))
	}
	wantSame(t, due(9), []string{"item red", "item new", "item late", "item green"})
	wantSame(t, due(2), []string{"item red", "item new"})
	read[bool](t)(s.ClaimProbe(ctx, item.Sources[3].ID, stored(start.Add(time.Minute)), stored(start), stored(start.Add(time.Second))))
	wantSame(t, due(1), []string{"item new"})
}

func testClaimProbe(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	source := addItem(t, s, NewItem("item")).Sources[0]
	claim := func(known, now time.Time) bool {
		t.Helper()
		return read[bool](t)(s.ClaimProbe(ctx, source.ID, known, now, now.Add(time.Minute)))
	}
	wantSame(t, claim(time.Time{}, start), true)
	wantSame(t, claim(time.Time{}, start.Add(time.Second)), false)
	wantSame(t, claim(time.Time{}, start.Add(time.Minute)), true) // the first one died
	probe := newProbe(source, paywall.ProbeGreen)
	must(t, s.SaveProbe(ctx, probe)) // ends the claim
	wantSame(t, claim(time.Time{}, start.Add(time.Minute)), false)
	wantSame(t, claim(probe.CheckedAt, start.Add(time.Minute)), true)
	wantSame(t, read[bool](t)(s.ClaimProbe(ctx, "nothing", time.Time{}, start, start)), false)
}

func testHurryProbes(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	item := NewItem("item")
	item.Sources = []paywall.Source{NewSource("a", 0), NewSource("b", 1)}
	item = addItem(t, s, item)
	a, b := item.Sources[0], item.Sources[1]
	probe := newProbe(a, paywall.ProbeAmber)
	must(t, s.SaveProbe(ctx, probe))
	asked := stored(start.Add(10 * time.Minute))
	must(t, s.HurryProbes(ctx, a.ID, asked))
	probe.AskedAt, probe.DueAt = asked, time.Time{}
	wantSame(t, probeOf(t, s, a.ID), probe)
	wantSame(t, probeOf(t, s, b.ID), paywall.Probe{SourceID: b.ID})
	wantSame(t, read[paywall.ProbeCounts](t)(s.ProbeCounts(ctx)), paywall.ProbeCounts{
		States: map[paywall.ProbeState]int{paywall.ProbeAmber: 1, paywall.ProbeGrey: 1}, Total: 2, Waiting: 1,
	})
	// A check that began before the wish does not fulfil it.
	again := probe
	again.DueAt = stored(start.Add(time.Hour))
	must(t, s.SaveProbe(ctx, again))
	wantSame(t, probeOf(t, s, a.ID), probe)
	again.CheckedAt = asked
	must(t, s.SaveProbe(ctx, again))
	wantSame(t, probeOf(t, s, a.ID), again)
	must(t, s.HurryProbes(ctx, "", asked.Add(time.Second)))
	wantSame(t, read[paywall.ProbeCounts](t)(s.ProbeCounts(ctx)).Waiting, 2)
}

// What is known of a source is not about it any more when it was changed.
func testProbeChangedSource(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	item := addItem(t, s, NewItem("item"))
	must(t, s.SaveProbe(ctx, newProbe(item.Sources[0], paywall.ProbeRed)))
	red := func() int {
		t.Helper()
		n, _, err := s.CountProbeAlarms(ctx)
		must(t, err)
		return n
	}
	wantSame(t, red(), 1)
	wantSame(t, len(read[[]paywall.ProbeTask](t)(s.DueProbes(ctx, start, 9))), 0)
	item.Sources[0].URL += "x"
	must(t, s.UpdateItem(ctx, item))
	wantSame(t, red(), 0)
	wantSame(t, len(read[[]paywall.ProbeTask](t)(s.DueProbes(ctx, start, 9))), 1)
	wantSame(t, read[paywall.ProbeCounts](t)(s.ProbeCounts(ctx)).States, map[paywall.ProbeState]int{paywall.ProbeGrey: 1})
}

func testProbeList(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	one, two := NewItem("one"), NewItem("two")
	one.Title, one.Sources = "Zebra 100%", []paywall.Source{NewSource("a", 0), NewSource("b", 1)}
	two.Title, two.Sources = "apple", []paywall.Source{NewSource("c", 0)}
	one, two = addItem(t, s, one), addItem(t, s, two)
	for n, source := range slices.Concat(one.Sources, two.Sources) {
		probe := newProbe(source, []paywall.ProbeState{paywall.ProbeGreen, paywall.ProbeRed, paywall.ProbeAmber}[n])
		probe.CheckedAt, probe.SinceAt = stored(start.Add(time.Duration(n)*time.Minute)), stored(start.Add(time.Duration(-n)*time.Minute))
		must(t, s.SaveProbe(ctx, probe))
	}
	for _, tc := range []struct {
		filter paywall.ProbeFilter
		want   []string
	}{
		{paywall.ProbeFilter{}, []string{"one b", "two c", "one a"}},
		{paywall.ProbeFilter{Order: "nonsense"}, []string{"one b", "two c", "one a"}},
		{paywall.ProbeFilter{Order: paywall.ProbesByTitle}, []string{"two c", "one a", "one b"}},
		{paywall.ProbeFilter{Order: paywall.ProbesByChecked}, []string{"two c", "one b", "one a"}},
		{paywall.ProbeFilter{Order: paywall.ProbesBySince}, []string{"one a", "one b", "two c"}},
		{paywall.ProbeFilter{State: paywall.ProbeGreen}, []string{"one a"}},
		{paywall.ProbeFilter{State: paywall.ProbeGrey}, nil},
		{paywall.ProbeFilter{Text: "ZEB", Order: paywall.ProbesByTitle}, []string{"one a", "one b"}},
		{paywall.ProbeFilter{Text: "0%"}, []string{"one b", "one a"}},
		{paywall.ProbeFilter{Text: "_"}, nil},
	} {
		tasks, total, err := s.Probes(ctx, tc.filter, 9, 0)
		must(t, err)
		wantSame(t, names(tasks), tc.want)
		wantSame(t, total, len(tc.want))
	}
	tasks, total, err := s.Probes(ctx, paywall.ProbeFilter{}, 1, 1)
	must(t, err)
	wantSame(t, names(tasks), []string{"two c"})
	wantSame(t, total, 3)
	wantSame(t, names(read[[]paywall.ProbeTask](t)(s.ProbesOf(ctx, one.ID))), []string{"one a", "one b"})
	wantSame(t, len(read[[]paywall.ProbeTask](t)(s.ProbesOf(ctx, ""))), 3)
}

func testProbeAlarms(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	item, draft := NewItem("item"), NewItem("draft")
	item.Sources = []paywall.Source{NewSource("amber", 0), NewSource("red", 1), NewSource("green", 2)}
	draft.Published = false
	item, draft = addItem(t, s, item), addItem(t, s, draft)
	probes := []paywall.Probe{
		newProbe(item.Sources[0], paywall.ProbeAmber), newProbe(item.Sources[1], paywall.ProbeRed),
		newProbe(item.Sources[2], paywall.ProbeGreen), newProbe(draft.Sources[0], paywall.ProbeRed),
	}
	probes[2].Alarm = ""
	for _, p := range probes {
		must(t, s.SaveProbe(ctx, p))
	}
	red, amber, err := s.CountProbeAlarms(ctx)
	must(t, err)
	wantSame(t, []int{red, amber}, []int{1, 1})
	unmailed := func() []string {
		t.Helper()
		return names(read[[]paywall.ProbeTask](t)(s.UnmailedProbes(ctx)))
	}
	wantSame(t, unmailed(), []string{"item red", "item amber"})
	must(t, s.MarkProbeMailed(ctx, item.Sources[0].ID))
	must(t, s.MarkProbeMailed(ctx, item.Sources[1].ID))
	wantSame(t, len(unmailed()), 0)
	wantSame(t, probeOf(t, s, item.Sources[0].ID).Mailed, paywall.ProbeAmber)

	// A leak is worse than what was told; a leak that ends so is not told again.
	probes[0].State, probes[0].Alarm = paywall.ProbeRed, paywall.ProbeRed
	probes[1].State, probes[1].Alarm = paywall.ProbeAmber, paywall.ProbeAmber
	for _, p := range probes[:2] {
		must(t, s.SaveProbe(ctx, p))
	}
	wantSame(t, unmailed(), []string{"item amber"})
	// What recovered and fails again is told again.
	for _, state := range []paywall.ProbeState{paywall.ProbeGreen, paywall.ProbeAmber} {
		probes[1].State, probes[1].Alarm = state, ""
		if state == paywall.ProbeAmber {
			probes[1].Alarm = state
		}
		must(t, s.SaveProbe(ctx, probes[1]))
	}
	wantSame(t, unmailed(), []string{"item amber", "item red"})
	wantErr(t, s.MarkProbeMailed(ctx, "nothing"), paywall.ErrNotFound)
}

func testProbeHistory(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	item := NewItem("item")
	item.Sources = []paywall.Source{NewSource("a", 0), NewSource("b", 1)}
	item = addItem(t, s, item)
	var want []paywall.ProbeChange // newest first
	for n := range 5 {
		for _, source := range item.Sources {
			change := paywall.ProbeChange{
				ID: paywall.NewID(), SourceID: source.ID, At: stored(start.Add(time.Duration(n) * time.Second)),
				Old: paywall.ProbeGrey, New: paywall.ProbeRed, Cause: paywall.CauseLeak, Detail: "é",
			}
			must(t, s.AddProbeChange(ctx, change, 3))
			if source.Ref == "a" {
				want = append([]paywall.ProbeChange{change}, want...)
			}
		}
	}
	wantSame(t, read[[]paywall.ProbeChange](t)(s.ProbeChanges(ctx, item.Sources[0].ID)), want[:3])
	wantSame(t, len(read[[]paywall.ProbeChange](t)(s.ProbeChanges(ctx, item.Sources[1].ID))), 3)
}

func testTokenTries(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	wantSame(t, len(read[[]paywall.TokenTry](t)(s.TokenTries(ctx))), 0)
	item, video := NewItem("item"), NewItem("video")
	item.Sources = []paywall.Source{NewSource("a", 0), NewSource("b", 1)}
	video.Kind, video.Sources = paywall.KindVideo, []paywall.Source{{ID: paywall.NewID(), Kind: paywall.SourceVOD, Ref: "1jhvl2uqjpwmr", Channel: "1"}}
	item, video = addItem(t, s, item), addItem(t, s, video)
	a, b := newProbe(item.Sources[0], paywall.ProbeGreen), newProbe(item.Sources[1], paywall.ProbeAmber)
	a.TokenAt, b.Trouble = stored(start.Add(time.Hour)), paywall.TroubleGone
	a.Trouble = ""
	must(t, s.SaveProbe(ctx, a))
	must(t, s.SaveProbe(ctx, b))
	want := []paywall.TokenTry{{Family: paywall.FamilyRadio, LastAt: a.TokenAt}, {Family: paywall.FamilyVOD, Waiting: 1}}
	wantSame(t, read[[]paywall.TokenTry](t)(s.TokenTries(ctx)), want)
	film := newProbe(video.Sources[0], paywall.ProbeAmber)
	film.Trouble = paywall.TroubleRights
	must(t, s.SaveProbe(ctx, film))
	want[1] = paywall.TokenTry{Family: paywall.FamilyVOD, LastAt: film.TokenAt, Refused: true}
	wantSame(t, read[[]paywall.TokenTry](t)(s.TokenTries(ctx)), want)
}
