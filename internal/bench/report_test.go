package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestReport_CPU(t *testing.T) {
	player := &contender{costs: []time.Duration{220_000, 198_000, 500_000}, renders: 10}
	bare := &contender{costs: []time.Duration{110_000, 90_000, 100_000}}
	var r report
	r.addCPU(player, bare, supplierStats{Calls: 10, Connections: 2})
	if r.missed() {
		t.Errorf("a median ratio of 2.2 is within the goal: %+v", r.lines)
	}
	player.costs[0], player.costs[1] = 260_000, 234_000
	r = report{}
	r.addCPU(player, bare, supplierStats{Calls: 10})
	if !r.missed() {
		t.Errorf("a ratio of 2.6 is not within the goal: %+v", r.lines)
	}
}

func TestReport_Latency(t *testing.T) {
	direct := waits{steady: []time.Duration{30 * time.Millisecond}, burst: []time.Duration{31 * time.Millisecond}}
	site := waits{steady: []time.Duration{33 * time.Millisecond}, burst: []time.Duration{90 * time.Millisecond}}
	var r report
	r.addLatency(site, direct)
	if r.missed() {
		t.Errorf("3 ms later is within the goal: %+v", r.lines)
	}
	site.steady[0] += time.Microsecond
	r.addLatency(site, direct)
	if !r.missed() {
		t.Error("more than 3 ms later is within the goal")
	}
}

func TestReport_Write(t *testing.T) {
	var r report
	r.addStart([]time.Duration{20 * time.Millisecond})
	r.addMemory(memory{resident: 41_000_000, anonymous: 8_000_000})
	r.addWeight(weight{page: 14_999, assets: 45_000, names: []string{"a.css 45000"}})
	var out bytes.Buffer
	r.write(&out)
	for _, want := range []string{"20.00 ms", "41.0 MB", "15.0 kB", "a.css 45000", "met", "missed"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the table lacks %q:\n%s", want, &out)
		}
	}
}

func TestAssetsIn(t *testing.T) {
	text := []byte(`<link href="/static/a.css"><script src="/static/js/b.js"></script><p data-hls="/static/vendor/hls.x.js">
		url(/static/c.svg) /static/a.css`)
	want := []string{"/static/a.css", "/static/js/b.js", "/static/vendor/hls.x.js", "/static/c.svg"}
	got := assetsIn(text)
	if !slices.Equal(got, want) {
		t.Errorf("assetsIn = %q, want %q", got, want)
	}
	var w weight
	for _, name := range got {
		w.add(name, 10)
	}
	if w.assets != 30 || w.hls != 10 {
		t.Errorf("weight %+v", w)
	}
}

func TestCheckMints(t *testing.T) {
	if err := checkMints(supplierStats{Calls: 5}, 5); err != nil {
		t.Error(err)
	}
	if err := checkMints(supplierStats{Calls: 4}, 5); err == nil {
		t.Error("a page without a mint passed")
	}
}

func TestParseOptions(t *testing.T) {
	o, err := parseOptions([]string{"-quick", "-strict"}, io.Discard)
	if err != nil || !o.strict || o.sizes != quickSizes {
		t.Errorf("options %+v, %v", o, err)
	}
	for _, args := range [][]string{{"-unknown"}, {"more"}} {
		if _, err := parseOptions(args, io.Discard); !errors.Is(err, errUsage) {
			t.Errorf("%q: %v", args, err)
		}
	}
}

func TestRoleOf(t *testing.T) {
	if _, rest, ok := roleOf([]string{"role:supplier", "a"}); !ok || len(rest) != 1 {
		t.Errorf("supplier: %v, %q", ok, rest)
	}
	for _, args := range [][]string{nil, {"-quick"}, {"role:other"}} {
		if _, _, ok := roleOf(args); ok {
			t.Errorf("%q is a role", args)
		}
	}
	if _, err := roleListener(context.Background(), nil, 1); err == nil {
		t.Error("a role without an address listens")
	}
}
