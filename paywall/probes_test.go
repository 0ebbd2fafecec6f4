package paywall_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"usher/paywall"
	"usher/store/storetest"
)

// prober answers as the test says, and remembers whom it was asked for.
type prober struct {
	mu    sync.Mutex
	bare  map[string]paywall.Sighting // by name of the source; else refused
	token map[string]paywall.Sighting // else plays
	asked map[string]int              // without a token
	with  map[string]int
	then  func() // called before an answer
}

func newProber() *prober {
	return &prober{
		bare: map[string]paywall.Sighting{}, token: map[string]paywall.Sighting{},
		asked: map[string]int{}, with: map[string]int{},
	}
}

func (p *prober) Probe(_ context.Context, s paywall.Source, playable paywall.Playable) paywall.Sight {
	if p.then != nil {
		p.then()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	known, count, sighting := p.bare, p.asked, paywall.SightRefused
	if playable.URL != "" {
		known, count, sighting = p.token, p.with, paywall.SightPlays
	}
	count[s.Ref]++
	if told, ok := known[s.Ref]; ok {
		sighting = told
	}
	return paywall.Sight{Sighting: sighting, Detail: "as the test says"}
}

func (p *prober) set(ref string, bare paywall.Sighting) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.bare[ref] = bare
}

// supplier is an account whose switches the test sees.
type supplier struct {
	paywall.Supplier // what no probe asks for
	mu               sync.Mutex
	on               map[paywall.SupplierRef]bool // missing: not told
	deaf             bool                         // says "done" and does nothing
	fail             error
	then             func() // called after a switch
	switched, read   int
}

func (s *supplier) Protections(_ context.Context, refs []paywall.SupplierRef) (map[paywall.SupplierRef]paywall.Protection, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.read++
	told := map[paywall.SupplierRef]paywall.Protection{}
	for _, ref := range refs {
		if on, known := s.on[ref]; known {
			told[ref] = paywall.Protection{Known: true, On: on}
		}
	}
	return told, s.fail
}

func (s *supplier) SetProtection(_ context.Context, ref paywall.SupplierRef, on bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.switched++
	if s.fail == nil && !s.deaf {
		s.on[ref] = on
	}
	if s.then != nil {
		s.then()
	}
	return s.fail
}

// watch is a site with a probe.
type watch struct {
	*site
	*paywall.Probes
	prober   *prober
	minter   *minter
	supplier *supplier
	line     *paywall.Line
}

func newWatch(t *testing.T) *watch {
	t.Helper()
	s := newSite(t)
	w := &watch{
		site: s, prober: newProber(), minter: &minter{clock: s.clock.Now},
		supplier: &supplier{on: map[paywall.SupplierRef]bool{}},
		line:     paywall.NewLine(paywall.NewBudget(s, 55, s.clock.Now), s.clock.Now),
	}
	w.Probes = w.node()
	t.Cleanup(w.Close)
	return w
}

// Close is the one of the probe, not of the database.
func (w *watch) Close() { w.Probes.Close() }

// node is the probe of one more node on the same database.
func (w *watch) node() *paywall.Probes {
	return paywall.NewProbes(paywall.ProbesDeps{
		Store: w.site, Prober: w.prober, Minter: w.minter, Supplier: w.supplier, Pace: paywall.NewErrands(w.line, w.clock.Now),
		Outbox: paywall.NewOutbox(theVault(), w.clock.Now), PerMinute: 55, Clock: w.clock.Now,
	})
}

// run lets the job work for a while, every five seconds, on these nodes.
func (w *watch) run(t *testing.T, d time.Duration, nodes ...*paywall.Probes) {
	t.Helper()
	for range d / (5 * time.Second) {
		var at sync.WaitGroup
		for _, node := range nodes {
			at.Go(func() {
				if err := node.Tick(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		at.Wait()
		w.clock.Pass(5 * time.Second)
	}
}

func (w *watch) probe(t *testing.T, item paywall.Item) paywall.Probe {
	t.Helper()
	task, _, err := w.Of(t.Context(), item.Sources[0].ID)
	must(t, err)
	return task.Probe
}

func (w *watch) warnings(t *testing.T) int {
	t.Helper()
	mails := get2(w.Mails(t.Context(), "", "", 100, 0))(t)
	return len(slices.DeleteFunc(mails, func(m paywall.Mail) bool { return m.Kind != paywall.MailHealth }))
}

// get2 is get for lists that tell how long they are in all.
func get2[T any](value T, _ int, err error) func(t testing.TB) T { return get(value, err) }

// With 600 sources, tries with a token stay within their share of the budget, and
// every source is asked without one in each interval, by one of two nodes.
func TestProbes_Share(t *testing.T) {
	w := newWatch(t)
	for n := range 75 {
		w.addItem(t, fmt.Sprintf("item-%d", n), func(i *paywall.Item) {
			i.Sources = nil
			for m := range 8 {
				i.Sources = append(i.Sources, storetest.NewSource(fmt.Sprintf("%d-%d", n, m), m))
			}
		})
	}
	other := w.node()
	const minutes = 20
	w.run(t, minutes*time.Minute, w.Probes, other)
	calls := w.minter.calls()
	if share := minutes * 55 / 30; calls > share+10 || calls < share/2 {
		t.Errorf("%d calls in %d minutes, want %d at most, and not far less", calls, minutes, share+10)
	}
	for ref, n := range w.prober.asked {
		if n < minutes/10 || n > minutes/6+1 {
			t.Errorf("%s was asked %d times in %d minutes", ref, n, minutes)
		}
	}
	if n := len(w.prober.asked); n != 600 {
		t.Errorf("%d of 600 sources were asked", n)
	}
	for ref, n := range w.prober.with {
		if n > 1 {
			t.Errorf("%s was tried with a token %d times while others wait", ref, n)
		}
	}
	counts := get(w.Counts(t.Context()))(t)
	if green := counts.States[paywall.ProbeGreen]; green != calls || counts.States[paywall.ProbeGrey] != 600-calls {
		t.Errorf("%d calls, states %v", calls, counts.States)
	}
}

// A try with a token comes only from a decision, and never before a listener.
func TestProbes_ListenersFirst(t *testing.T) {
	w := newWatch(t)
	item := w.addItem(t, "station")
	for w.line.TakeNow(t.Context()) { // listeners use up the minute
		continue
	}
	must(t, w.Tick(t.Context()))
	if n := w.minter.calls(); n != 0 {
		t.Fatalf("%d calls although none was left", n)
	}
	if p := w.probe(t, item); p.State != paywall.ProbeGrey || p.Cause != paywall.CauseHalf {
		t.Errorf("probe %+v", p)
	}
	w.clock.Pass(10 * time.Minute)
	must(t, w.Tick(t.Context()))
	if p := w.probe(t, item); p.State != paywall.ProbeGreen {
		t.Errorf("probe %+v", p)
	}
	asked := w.minter.asked[0]
	if !asked.Ticket.Opens(item.Sources[0]) || asked.Window != paywall.MinWindow {
		t.Errorf("asked %+v", asked)
	}
}

// A leak is not tried with a token, and one 429 makes everybody rest.
func TestProbes_TokenRules(t *testing.T) {
	w := newWatch(t)
	w.addItem(t, "leak")
	w.prober.set("leak", paywall.SightPlays)
	w.prober.set("far", paywall.SightUnlisted)
	w.addItem(t, "far")
	must(t, w.Tick(t.Context()))
	if n := w.minter.calls(); n != 0 {
		t.Errorf("%d calls for sources that a token tells nothing of", n)
	}
	limited := w.addItem(t, "limited")
	w.minter.fail = []error{&paywall.SupplierError{Key: paywall.TroubleLimit, Status: 429, Pause: time.Minute}}
	must(t, w.Tick(t.Context()))
	if p := w.probe(t, limited); p.State != paywall.ProbeAmber || p.Cause != paywall.CauseSupplier {
		t.Errorf("probe %+v", p)
	}
	if w.line.TakeNow(t.Context()) {
		t.Error("listeners' calls go out although the supplier asked for a rest")
	}
}

// Owners hear of a failure after the second check in a row, of a leak at once, of
// drafts never, and of nothing twice.
func TestProbes_Warnings(t *testing.T) {
	w := newWatch(t)
	w.addUser(t, "boss", owner)
	w.addUser(t, "gone", owner, disabled)
	w.addUser(t, "member")
	w.addUser(t, "support", func(u *paywall.User) { u.Role = paywall.RoleSupport })
	w.addItem(t, "station")
	w.addItem(t, "sketch", draft)
	check := func(bare paywall.Sighting, leaks, failing, mails int) {
		t.Helper()
		w.clock.Pass(11 * time.Minute)
		w.prober.set("station", bare)
		must(t, w.Tick(t.Context()))
		gotLeaks, gotFailing, err := w.Alarms(t.Context())
		must(t, err)
		if n := w.warnings(t); gotLeaks != leaks || gotFailing != failing || n != mails {
			t.Errorf("after %q: %d leaks, %d failing, %d mails; want %d, %d, %d", bare, gotLeaks, gotFailing, n, leaks, failing, mails)
		}
	}
	w.prober.set("sketch", paywall.SightPlays)
	check(paywall.SightRefused, 0, 0, 0)
	check(paywall.SightDown, 0, 0, 0)
	check(paywall.SightRefused, 0, 0, 0) // it was away once
	check(paywall.SightDown, 0, 0, 0)
	check(paywall.SightDown, 0, 1, 1)
	check(paywall.SightSilent, 0, 1, 1)
	check(paywall.SightPlays, 1, 0, 2) // worse than what they know
	check(paywall.SightDown, 0, 1, 2)
	check(paywall.SightPlays, 1, 0, 2)
	check(paywall.SightRefused, 0, 0, 2)
	check(paywall.SightPlays, 1, 0, 3) // it recovered and failed again
	mails := get2(w.Mails(t.Context(), "", "", 100, 0))(t)
	for _, m := range mails {
		if m.To != "boss@example.org" && m.To != storetest.NewUser("boss").Email {
			t.Errorf("a warning to %s", m.To)
		}
	}
}

// What is seen of a source is kept over restarts, with its history.
func TestProbes_History(t *testing.T) {
	w := newWatch(t)
	item := w.addItem(t, "station")
	must(t, w.Tick(t.Context()))
	began := w.clock.Now()
	for _, bare := range []paywall.Sighting{paywall.SightRefused, paywall.SightPlays, paywall.SightPlays, paywall.SightRefused} {
		w.clock.Pass(10 * time.Minute)
		w.prober.set("station", bare)
		must(t, w.node().Tick(t.Context())) // as after a restart
	}
	task, changes, err := w.Of(t.Context(), item.Sources[0].ID)
	must(t, err)
	var got []string
	for _, c := range changes {
		got = append(got, fmt.Sprintf("%s %s→%s %s", c.At.Sub(began), c.Old, c.New, c.Cause))
	}
	wantSame(t, got, []string{"40m0s red→green closed", "20m0s green→red leak", "0s grey→green closed"})
	if p := task.Probe; !p.SinceAt.Equal(began.Add(40*time.Minute)) || !p.GreenAt.Equal(p.CheckedAt) {
		t.Errorf("probe %+v", p)
	}
}

// A source whose address was changed counts as never checked, and is checked at
// once.
func TestProbes_ChangedSource(t *testing.T) {
	w := newWatch(t)
	item := w.addItem(t, "station")
	w.prober.set("station", paywall.SightPlays)
	must(t, w.Tick(t.Context()))
	if p := w.probe(t, item); p.State != paywall.ProbeRed {
		t.Fatalf("probe %+v", p)
	}
	item.Sources[0].Ref, item.Sources[0].URL = "other", "https://demo.ice.infomaniak.ch/other"
	must(t, w.UpdateItem(t.Context(), item))
	if p := w.probe(t, item); p.State != paywall.ProbeGrey || p.Cause != paywall.CauseNever {
		t.Errorf("probe %+v", p)
	}
	must(t, w.Tick(t.Context()))
	if p := w.probe(t, item); p.State != paywall.ProbeGreen {
		t.Errorf("probe %+v", p)
	}
}

// The protection is switched on, read back, and proved by a check alone.
func TestProbes_Protect(t *testing.T) {
	w := newWatch(t)
	item := w.addItem(t, "station")
	source := item.Sources[0]
	w.supplier.on[source.Supplied()] = false
	w.prober.set("station", paywall.SightPlays)
	must(t, w.Tick(t.Context()))
	task, _, err := w.Of(t.Context(), source.ID)
	must(t, err)
	if !w.CanProtect(task) {
		t.Error("a leak cannot be protected")
	}
	must(t, w.Protect(t.Context(), by, source.ID))
	w.Wait()
	if p := w.probe(t, item); p.State != paywall.ProbeRed || p.Cause != paywall.CauseLeakSpreading || p.Told != paywall.FoundYes {
		t.Errorf("just after: %+v", p)
	}
	w.wantAudit(t, paywall.AuditEntry{
		At: w.clock.Now(), Actor: by, Action: "source.protect", Subject: item.ID,
		Detail: "source: Title of station, 128 kbit/s\nprotection: off → on\nread back: yes",
	})
	w.clock.Pass(20 * time.Minute)
	must(t, w.Tick(t.Context()))
	if p := w.probe(t, item); p.Cause != paywall.CauseLeakStuck {
		t.Errorf("after 20 minutes: %+v", p)
	}
	w.prober.set("station", paywall.SightRefused)
	w.clock.Pass(10 * time.Minute)
	must(t, w.Tick(t.Context()))
	if p := w.probe(t, item); p.State != paywall.ProbeGreen {
		t.Errorf("when it holds: %+v", p)
	}
}

// TestProbes_ProtectSlowly: what was switched stands in the record, also when there
// is no time left to read it back.
func TestProbes_ProtectSlowly(t *testing.T) {
	w := newWatch(t)
	item := w.addItem(t, "station")
	source := item.Sources[0]
	w.supplier.on[source.Supplied()] = false
	ctx, cancel := context.WithCancel(t.Context())
	w.supplier.then = cancel
	_ = w.Protect(ctx, by, source.ID)
	w.Wait()
	w.wantAudit(t, paywall.AuditEntry{
		At: w.clock.Now(), Actor: by, Action: "source.protect", Subject: item.ID,
		Detail: "source: Title of station, 128 kbit/s\nprotection: off → on\nread back: yes",
	})
}

// "Done" is not believed, and a refusal is told in words.
func TestProbes_ProtectFails(t *testing.T) {
	w := newWatch(t)
	item, free := w.addItem(t, "station"), w.addItem(t, "free", open)
	source := item.Sources[0]
	w.supplier.on[source.Supplied()], w.supplier.deaf = false, true
	wantKey(t, w.Protect(t.Context(), by, source.ID), paywall.KindInvalid, "probe.error.no_effect")
	if p := w.probe(t, item); p.Told != paywall.FoundNo || !p.SwitchedAt.IsZero() {
		t.Errorf("probe %+v", p)
	}
	w.supplier.fail = &paywall.SupplierError{Key: paywall.TroubleRights, Status: 403}
	wantKey(t, w.Protect(t.Context(), by, source.ID), paywall.KindInvalid, paywall.TroubleRights)
	wantKey(t, w.Protect(t.Context(), by, free.Sources[0].ID), paywall.KindInvalid, "probe.error.protect")
	wantErr(t, w.Protect(t.Context(), by, "nothing"), paywall.ErrNotFound)
	if n := w.supplier.switched; n != 2 {
		t.Errorf("%d switches were asked for", n)
	}
}

// A switch without an answer may have been made: it stands in the record.
func TestProbes_ProtectInDoubt(t *testing.T) {
	w := newWatch(t)
	item := w.addItem(t, "station")
	w.supplier.fail = &paywall.SupplierError{Key: paywall.TroubleTimeout}
	wantKey(t, w.Protect(t.Context(), by, item.Sources[0].ID), paywall.KindInvalid, paywall.TroubleTimeout)
	w.wantAudit(t, paywall.AuditEntry{
		At: w.clock.Now(), Actor: by, Action: "source.protect", Subject: item.ID,
		Detail: "source: Title of station, 128 kbit/s\nprotection: off → on\nread back: unknown",
	})
}

// Who presses again while a check is under way begins no second one.
func TestProbes_CheckNowAgain(t *testing.T) {
	w := newWatch(t)
	id := w.addItem(t, "station").Sources[0].ID
	asked, answer := make(chan struct{}), make(chan struct{})
	w.prober.then = sync.OnceFunc(func() {
		close(asked)
		<-answer
	})
	var first sync.WaitGroup
	first.Go(func() { _, _ = w.CheckNow(t.Context(), id) })
	<-asked
	for range 20 {
		if done := get(w.CheckNow(t.Context(), id))(t); done {
			t.Error("a check is done that was not begun")
		}
	}
	close(answer)
	first.Wait()
	w.Wait()
	if w.prober.asked["station"] != 1 || w.prober.with["station"] != 1 {
		t.Errorf("asked %d times, %d with a token", w.prober.asked["station"], w.prober.with["station"])
	}
}

// What the supplier says is asked for all sources at once, seldom, on one node;
// a token that may not read it makes it unknown.
func TestProbes_AskProtections(t *testing.T) {
	w := newWatch(t)
	item := w.addItem(t, "station")
	must(t, w.Tick(t.Context()))
	w.supplier.on[item.Sources[0].Supplied()] = false
	other := w.node()
	for range 60 {
		must(t, w.AskProtections(t.Context()))
		must(t, other.AskProtections(t.Context()))
		w.clock.Pass(time.Minute)
	}
	if n := w.supplier.read; n != 2 {
		t.Errorf("%d questions in an hour, want 2", n)
	}
	if p := w.probe(t, item); p.State != paywall.ProbeRed || p.Cause != paywall.CauseOff {
		t.Errorf("probe %+v", p)
	}
	for _, tc := range []struct {
		key  string
		want paywall.Found
	}{{paywall.TroubleDown, paywall.FoundNo}, {paywall.TroubleRights, paywall.FoundUnknown}} {
		w.supplier.fail, w.supplier.on = &paywall.SupplierError{Key: tc.key}, nil
		w.clock.Pass(time.Hour)
		must(t, w.AskProtections(t.Context()))
		if p := w.probe(t, item); p.Told != tc.want {
			t.Errorf("after %s: told %q", tc.key, p.Told)
		}
	}
}

func TestProbes_CheckNow(t *testing.T) {
	w := newWatch(t)
	item := w.addItem(t, "station")
	done := get(w.CheckNow(t.Context(), item.Sources[0].ID))(t)
	if p := w.probe(t, item); !done || p.State != paywall.ProbeGreen || p.Waits() {
		t.Errorf("done %v, probe %+v", done, p)
	}
	_, err := w.CheckNow(t.Context(), "nothing")
	wantErr(t, err, paywall.ErrNotFound)
	// By hand a well source is tried with a token again, but not without end.
	for range 40 {
		_, err := w.CheckNow(t.Context(), item.Sources[0].ID)
		must(t, err)
		w.Wait()
	}
	if n := w.minter.calls(); n != 25 {
		t.Errorf("%d tries with a token, want 25", n)
	}
}

// After an import used up our calls, a small station is wholly checked as soon as
// they are free again; until then its step is done, and tells what is to come.
func TestProbes_SmallStation(t *testing.T) {
	w := newWatch(t)
	for n := range 4 {
		w.addItem(t, fmt.Sprintf("station-%d", n))
	}
	checklist := w.checklist()
	wantSame(t, w.step(t, checklist, paywall.StepProtection), "open protection.grey")
	for w.line.TakeNow(t.Context()) {
		continue
	}
	must(t, w.Tick(t.Context()))
	counts := get(w.Counts(t.Context()))(t)
	if w.minter.calls() != 0 || counts.States[paywall.ProbeGrey] != 4 {
		t.Fatalf("%d calls although none was free, states %v", w.minter.calls(), counts.States)
	}
	wantSame(t, w.step(t, checklist, paywall.StepProtection), "done protection.half")
	w.clock.Pass(2 * time.Minute)
	must(t, w.Tick(t.Context()))
	if counts := get(w.Counts(t.Context()))(t); counts.States[paywall.ProbeGreen] != 4 {
		t.Errorf("two minutes later: %v", counts.States)
	}
	wantSame(t, w.step(t, checklist, paywall.StepProtection), "done protection.green")
}

// Who wants all sources of a small station checked gets it at once, also just after
// the first checks.
func TestProbes_CheckAll(t *testing.T) {
	w := newWatch(t)
	for n := range 9 {
		w.addItem(t, fmt.Sprintf("station-%d", n))
	}
	must(t, w.Tick(t.Context()))
	w.clock.Pass(time.Second)
	must(t, w.CheckAll(t.Context()))
	must(t, w.Tick(t.Context()))
	if n := w.minter.calls(); n != 18 {
		t.Errorf("%d tries with a token, want 18", n)
	}
}

// A source that waits for its try is asked again before the interval ends.
func TestProbes_WaitsForItsTry(t *testing.T) {
	w := newWatch(t)
	for n := range 12 { // two more than may come at once
		w.addItem(t, fmt.Sprintf("station-%d", n))
	}
	must(t, w.Tick(t.Context()))
	tasks := get2(w.List(t.Context(), paywall.ProbeFilter{State: paywall.ProbeGrey}, 20, 0))(t)
	if len(tasks) != 2 {
		t.Fatalf("%d sources wait", len(tasks))
	}
	for _, task := range tasks {
		if wait := task.Probe.DueAt.Sub(w.clock.Now()); wait < 30*time.Second || wait > 2*time.Minute {
			t.Errorf("it comes again after %s", wait)
		}
	}
	w.run(t, 5*time.Minute, w.Probes)
	if counts := get(w.Counts(t.Context()))(t); counts.States[paywall.ProbeGreen] != 12 {
		t.Errorf("five minutes later: %v", counts.States)
	}
}
