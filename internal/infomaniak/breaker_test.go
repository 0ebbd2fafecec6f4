package infomaniak

import (
	"errors"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"usher/paywall"
)

// flaky is a supplier whose answer can be changed between calls.
type flaky struct {
	calls  atomic.Int32
	status atomic.Int32
}

func (f *flaky) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.calls.Add(1)
	if status := int(f.status.Load()); status != 200 {
		answers(status, "")(w, r)
		return
	}
	success(`"token=abc"`)(w, r)
}

func flakyClient(t *testing.T, status int) (*flaky, *clock, *Client) {
	t.Helper()
	f, clk := &flaky{}, newClock()
	f.status.Store(int32(status))
	c := newClient(t, serve(t, f.ServeHTTP).URL, func(c *Config) { c.Now = clk.now })
	return f, clk, c
}

func failTimes(t *testing.T, c *Client, n int) {
	t.Helper()
	for range n {
		mintFails(t, c, video)
	}
}

// TestBreaker_Cycle goes once round: closed, open, failed probe, good probe.
func TestBreaker_Cycle(t *testing.T) {
	f, clk, c := flakyClient(t, 500)
	clk.add(time.Hour)
	failTimes(t, c, openAfter)
	opened := clk.now()
	if h := c.Health(); h.State != StateOpen || !h.Since.Equal(opened) || h.LastTrouble != paywall.TroubleDown || !h.LastErrorAt.Equal(opened) {
		t.Fatalf("health = %+v", h)
	}

	clk.add(openFor - time.Millisecond)
	failure := mintFails(t, c, video)
	if !errors.Is(failure, ErrBreakerOpen) || failure.Pause != 0 || failure.Transient || TroubleKey(failure) != "trouble.breaker" {
		t.Errorf("failure = %+v", failure)
	}
	if n := f.calls.Load(); n != openAfter {
		t.Fatalf("%d calls, want %d", n, openAfter)
	}

	clk.add(time.Millisecond)
	if failure := mintFails(t, c, video); failure.Status != 500 {
		t.Errorf("the probe did not go out: %v", failure)
	}
	if h := c.Health(); h.State != StateOpen || !h.Since.Equal(opened) {
		t.Errorf("health after a failed probe = %+v", h)
	}
	failTimes(t, c, 1)
	if n := f.calls.Load(); n != openAfter+1 {
		t.Errorf("%d calls, want %d", n, openAfter+1)
	}

	clk.add(openFor)
	f.status.Store(200)
	if _, err := mint(t, c, video); err != nil {
		t.Fatalf("good probe: %v", err)
	}
	if h := c.Health(); h.State != StateClosed || !h.Since.Equal(clk.now()) || !h.LastOK.Equal(clk.now()) {
		t.Errorf("health after a good probe = %+v", h)
	}
	f.status.Store(500)
	failTimes(t, c, openAfter-1)
	if h := c.Health(); h.State != StateClosed {
		t.Errorf("old failures still count: %+v", h)
	}
}

// TestBreaker_Answers: refusals are answers, and break a row of failures.
func TestBreaker_Answers(t *testing.T) {
	for _, status := range []int{400, 401, 403, 404, 422, 429} {
		f, clk, c := flakyClient(t, status)
		failTimes(t, c, 3*openAfter)
		if h := c.Health(); h.State != StateClosed || h.LastTrouble == "" {
			t.Errorf("%d: health = %+v", status, h)
		}
		f.status.Store(500)
		failTimes(t, c, openAfter-1)
		f.status.Store(int32(status))
		failTimes(t, c, 1)
		f.status.Store(500)
		failTimes(t, c, openAfter-1)
		if h := c.Health(); h.State != StateClosed {
			t.Errorf("%d did not break the row: %+v", status, h)
		}
		failTimes(t, c, 1)
		clk.add(openFor)
		f.status.Store(int32(status))
		failTimes(t, c, 1)
		if h := c.Health(); h.State != StateClosed {
			t.Errorf("%d to a probe did not close it: %+v", status, h)
		}
	}
}

// TestBreaker_Failures: everything that means "not there" opens it.
func TestBreaker_Failures(t *testing.T) {
	short := func(c *Config) { c.Timeout = 30 * time.Millisecond }
	for name, h := range map[string]http.HandlerFunc{
		"502": answers(502, ""), "redirect": answers(302, ""), "HTML": answers(200, "<html>"),
		"odd token": success(`"a b"`), "hang": hang(""), "half a body": hang("{"),
		"reset": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	} {
		t.Run(name, func(t *testing.T) {
			c := newClient(t, serve(t, h).URL, short)
			failTimes(t, c, openAfter)
			if h := c.Health(); h.State != StateOpen {
				t.Errorf("health = %+v", h)
			}
		})
	}
}

// TestBreaker_OneProbe: while the probe is out, everybody else fails at once.
func TestBreaker_OneProbe(t *testing.T) {
	var calls atomic.Int32
	arrived, release := make(chan struct{}), make(chan struct{})
	srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if calls.Add(1) <= openAfter {
			answers(500, "")(w, r)
			return
		}
		close(arrived)
		<-release
		success(`"token=abc"`)(w, r)
	})
	clk := newClock()
	c := newClient(t, srv.URL, func(c *Config) { c.Now, c.Timeout = clk.now, time.Minute })
	failTimes(t, c, openAfter)
	clk.add(openFor)
	probe := make(chan error)
	go func() {
		_, err := mint(t, c, video)
		probe <- err
	}()
	<-arrived
	if h := c.Health(); h.State != StateProbing {
		t.Errorf("health = %+v", h)
	}
	var others sync.WaitGroup
	for range 20 {
		others.Go(func() {
			if _, err := mint(t, c, video); !errors.Is(err, ErrBreakerOpen) {
				t.Errorf("beside the probe: %v", err)
			}
		})
	}
	others.Wait()
	close(release)
	if err := <-probe; err != nil {
		t.Error(err)
	}
	if n := calls.Load(); n != openAfter+1 {
		t.Errorf("%d calls, want %d", n, openAfter+1)
	}
}

// TestBreaker_Rules covers what HTTP cannot bring about at will.
func TestBreaker_Rules(t *testing.T) {
	down := &paywall.SupplierError{Status: 500}
	opened := func(t *testing.T) (*clock, *breaker) {
		t.Helper()
		clk := newClock()
		b := newBreaker(clk.now)
		for range openAfter {
			p, _ := b.enter()
			b.report(p, failed, down)
		}
		if b.health().State != StateOpen {
			t.Fatal("not open")
		}
		return clk, b
	}
	t.Run("a probe that was given up frees its place", func(t *testing.T) {
		clk, b := opened(t)
		clk.add(openFor)
		p, ok := b.enter()
		if !ok || b.ready() {
			t.Fatal("no probe, or two")
		}
		b.report(p, unclear, errors.New("left"))
		if _, ok := b.enter(); !ok {
			t.Error("the next caller may not probe")
		}
	})
	t.Run("a late answer from before does not close it", func(t *testing.T) {
		clk := newClock()
		b := newBreaker(clk.now)
		late, _ := b.enter()
		for range openAfter {
			p, _ := b.enter()
			b.report(p, failed, down)
		}
		b.report(late, answered, nil)
		if h := b.health(); h.State != StateOpen || h.LastOK.IsZero() {
			t.Errorf("health = %+v", h)
		}
	})
	t.Run("a late outcome from before does not stand for the probe's", func(t *testing.T) {
		clk, b := opened(t)
		clk.add(openFor)
		b.enter()
		for _, v := range []verdict{answered, failed, unclear} {
			b.report(pass{}, v, nil)
			if h := b.health(); h.State != StateProbing {
				t.Errorf("%d: health = %+v", v, h)
			}
		}
	})
	t.Run("a late failure does not prolong the rest", func(t *testing.T) {
		clk := newClock()
		b := newBreaker(clk.now)
		late, _ := b.enter()
		for range openAfter {
			p, _ := b.enter()
			b.report(p, failed, down)
		}
		clk.add(openFor - time.Second)
		b.report(late, failed, down)
		clk.add(time.Second)
		if !b.ready() {
			t.Error("still resting")
		}
	})
	t.Run("a clock set back does not keep it open", func(t *testing.T) {
		clk, b := opened(t)
		clk.add(-time.Hour)
		if !b.ready() {
			t.Error("open for an hour")
		}
	})
}
