package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
)

const (
	startGoal  = 100 * time.Millisecond
	memoryGoal = 40_000_000
)

// measureStart starts the program again and again on a database that is there,
// until it answers the first page.
func (b *bench) measureStart(ctx context.Context, table *report) error {
	database, err := b.database()
	if err != nil {
		return err
	}
	var took []time.Duration
	for range b.starts {
		d, err := b.startOnce(ctx, database)
		if err != nil {
			return err
		}
		took = append(took, d)
	}
	table.addStart(took)
	return nil
}

func (b *bench) startOnce(ctx context.Context, database string) (time.Duration, error) {
	p, err := b.launchUsher(ctx, database)
	if err != nil {
		return 0, err
	}
	err = p.poll(ctx, func() error {
		_, err := fetch(ctx, p, "/", "")
		return err
	})
	took := time.Since(p.began)
	return took, errors.Join(err, p.stop())
}

// measureRest looks at one more process: the memory it keeps after a single
// page, and what that page weighs.
func (b *bench) measureRest(ctx context.Context, table *report) error {
	p, err := b.startUsher(ctx)
	if err != nil {
		return err
	}
	return errors.Join(b.measureIdle(ctx, p, table), p.stop())
}

func (b *bench) measureIdle(ctx context.Context, p *process, table *report) error {
	page, err := fetch(ctx, p, playerPath, b.seeded.cookies[0])
	if err != nil {
		return err
	}
	time.Sleep(b.settle)
	used, err := memoryOf(p.pid())
	if err != nil {
		return err
	}
	table.addMemory(used)
	weight, err := weigh(ctx, p, page)
	if err != nil {
		return err
	}
	table.addWeight(weight)
	return nil
}

// fetch gets a page or an asset as it is sent, compressed or not.
func fetch(ctx context.Context, p *process, path, cookie string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+p.addr+path, nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept-Encoding", "gzip") // said aloud, the client leaves the answer packed
	if cookie != "" {
		request.Header.Set("Cookie", cookie)
	}
	response, err := fresh.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answers %s", path, response.Status)
	}
	return readAll(response.Body)
}

// fresh makes a new connection for each request.
var fresh = &http.Client{Timeout: startLimit, Transport: &http.Transport{DisableKeepAlives: true}}
