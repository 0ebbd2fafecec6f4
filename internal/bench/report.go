package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// report is the table at the end of a run.
type report struct {
	lines []line
	notes []string
}

// line is one measured thing. Without a goal it has no verdict.
type line struct{ what, goal, measured, verdict string }

const missedWord = "missed"

func verdictOf(met bool) string {
	if met {
		return "met"
	}
	return missedWord
}

// judge adds a line with a goal.
func (r *report) judge(met bool, what, goal, measured string) {
	r.lines = append(r.lines, line{what, goal, measured, verdictOf(met)})
}

// tell adds a line without a goal.
func (r *report) tell(what, measured string) {
	r.lines = append(r.lines, line{what, "-", measured, "-"})
}

// note adds a line below the table.
func (r *report) note(format string, args ...any) {
	r.notes = append(r.notes, fmt.Sprintf(format, args...))
}

// missed tells whether a goal was.
func (r *report) missed() bool {
	for _, l := range r.lines {
		if l.verdict == missedWord {
			return true
		}
	}
	return false
}

func (r *report) write(w io.Writer) {
	if len(r.lines) == 0 {
		return
	}
	table := tabwriter.NewWriter(w, 0, 0, 3, ' ', 0)
	for _, l := range append([]line{{"measured thing", "goal", "measured", "verdict"}}, r.lines...) {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", l.what, l.goal, l.measured, l.verdict)
	}
	_ = table.Flush() // who closed the output does not read it
	for _, n := range r.notes {
		fmt.Fprintf(w, "\n%s", n)
	}
	fmt.Fprintln(w)
}

func (r *report) addCPU(player, bare *contender, mints supplierStats) {
	// Round by round, because a machine gets faster and slower while it works:
	// what is compared must stand side by side in time.
	var ratios []float64
	for i := range player.costs {
		ratios = append(ratios, float64(player.costs[i])/float64(bare.costs[i]))
	}
	ratio := median(ratios)
	r.judge(ratio <= cpuGoal, "CPU per request, player page : bare handler", fmt.Sprintf("≤ %.1f", cpuGoal), fmt.Sprintf("%.2f", ratio))
	least, bareLeast := slices.Min(player.costs), slices.Min(bare.costs)
	r.tell("  by the cheapest round of each", fmt.Sprintf("%.2f", float64(least)/float64(bareLeast)))
	r.tell("  player page", micros(median(player.costs)))
	r.tell("  bare handler", micros(median(bare.costs)))
	r.judge(mints.Calls == player.renders, "calls to the supplier per player page", "1",
		fmt.Sprintf("%d of %d pages", mints.Calls, player.renders))
	r.judge(mints.Connections <= cpuViewers, "connections opened for them", fmt.Sprintf("≤ %d", cpuViewers), fmt.Sprint(mints.Connections))
	r.note("CPU by round, player page: %s; bare handler: %s; ratio: %s",
		join(player.costs, micros), join(bare.costs, micros), join(ratios, func(x float64) string { return fmt.Sprintf("%.2f", x) }))
	r.note("For each second on their core the servers waited %s (player page) and %s (bare handler) for it; "+
		"much more than a few ms means that something else ran there, and that all figures are too high",
		millis(player.core.waitPerSecond()), millis(bare.core.waitPerSecond()))
}

func (r *report) addLatency(site, direct waits) {
	later := median(site.steady) - median(direct.steady)
	r.judge(later <= latencyGoal, fmt.Sprintf("first byte after the supplier's %s, %d viewers at once", supplierDelay, crowd),
		"≤ "+latencyGoal.String(), millis(later))
	r.tell("  95th, 99th percentile", afterwards(site.steady, direct.steady, 95)+", "+afterwards(site.steady, direct.steady, 99))
	r.tell("  all in one instant: median, 95th, 99th percentile", afterwards(site.burst, direct.burst, 50)+", "+
		afterwards(site.burst, direct.burst, 95)+", "+afterwards(site.burst, direct.burst, 99))
	r.note("First byte, median, 95th, 99th percentile. Steady: page %s, supplier alone %s. In one instant: page %s, supplier alone %s",
		spread(site.steady), spread(direct.steady), spread(site.burst), spread(direct.burst))
}

func (r *report) addStart(took []time.Duration) {
	r.judge(median(took) < startGoal, "cold start to the first page", "< "+startGoal.String(), millis(median(took)))
	r.note("Cold starts: %s", join(took, millis))
}

func (r *report) addMemory(m memory) {
	r.judge(m.resident < memoryGoal, "idle memory", "< "+megabytes(memoryGoal), megabytes(m.resident))
	r.tell("  without the pages of files", megabytes(m.anonymous))
}

func (r *report) addWeight(w weight) {
	r.judge(w.page < pageGoal, "HTML of the player page", "< "+kilobytes(pageGoal), kilobytes(w.page))
	r.judge(w.assets < assetsGoal, "all its assets, compressed", "< "+kilobytes(assetsGoal), kilobytes(w.assets))
	r.tell("  hls.js apart", kilobytes(w.hls))
	r.note("Assets in bytes: %s", strings.Join(w.names, ", "))
}

// afterwards is how much later a percentile of the page is than the supplier's.
func afterwards(site, direct []time.Duration, p float64) string {
	return millis(percentile(site, p) - percentile(direct, p))
}

func spread(waits []time.Duration) string {
	return join([]time.Duration{percentile(waits, 50), percentile(waits, 95), percentile(waits, 99)}, millis)
}

func join[T any](values []T, format func(T) string) string {
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = format(v)
	}
	return strings.Join(texts, " ")
}

func micros(d time.Duration) string {
	return fmt.Sprintf("%.0f µs", float64(d)/float64(time.Microsecond))
}
func millis(d time.Duration) string {
	return fmt.Sprintf("%.2f ms", float64(d)/float64(time.Millisecond))
}
func kilobytes(n int) string { return fmt.Sprintf("%.1f kB", float64(n)/1e3) }
func megabytes(n int) string { return fmt.Sprintf("%.1f MB", float64(n)/1e6) }
