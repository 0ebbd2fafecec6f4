package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// supplierProcess is the running supplier as the bench sees it.
type supplierProcess struct{ *process }

// startSupplier starts it on the load's core.
func (b *bench) startSupplier(ctx context.Context) (*supplierProcess, error) {
	p, err := b.startRole(ctx, "supplier", b.cores.load, nil)
	if err != nil {
		return nil, err
	}
	return &supplierProcess{p}, nil
}

func (s *supplierProcess) url() string { return "http://" + s.addr }

// supplierStats is what the supplier has counted since its start.
type supplierStats struct {
	Calls       int `json:"calls"`
	Connections int `json:"connections"`
}

func (s supplierStats) since(before supplierStats) supplierStats {
	return supplierStats{s.Calls - before.Calls, s.Connections - before.Connections}
}

func (s *supplierProcess) stats(ctx context.Context) (stats supplierStats, err error) {
	err = s.ask(ctx, statsPath, &stats)
	return stats, err
}

// setDelay makes each call take that long.
func (s *supplierProcess) setDelay(ctx context.Context, delay time.Duration) error {
	var answer struct{ Understood bool }
	err := s.ask(ctx, fmt.Sprint(delayPath, delay.Milliseconds()), &answer)
	if err == nil && !answer.Understood {
		err = fmt.Errorf("the supplier does not take the delay %s", delay)
	}
	return err
}

// control has one connection, which stays open: the supplier counts them.
var control = &http.Client{
	Timeout:   5 * time.Second,
	Transport: &http.Transport{MaxConnsPerHost: 1, IdleConnTimeout: runLimit},
}

func (s *supplierProcess) ask(ctx context.Context, path string, answer any) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url()+path, nil)
	if err != nil {
		return err
	}
	response, err := control.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	return json.NewDecoder(response.Body).Decode(answer)
}

// checkMints fails when a page came without a fresh token: then less was
// measured than a whole page.
func checkMints(stats supplierStats, renders int) error {
	if stats.Calls == renders {
		return nil
	}
	return fmt.Errorf("the supplier counted %d calls for %d pages: a session that asks more than five times "+
		"in a minute gets its own token again, so there are too few sessions for this machine, or a mint failed",
		stats.Calls, renders)
}
