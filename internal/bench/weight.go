package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
)

const (
	pageGoal   = 15_000
	assetsGoal = 45_000
	// mostBytes bounds what is read of one answer.
	mostBytes = 4 << 20
)

// weight is what a visitor's browser has to fetch, in bytes on the way.
type weight struct {
	page, assets, hls int
	names             []string // of the assets, without hls.js
}

// weigh adds up what a page names, and what its style sheets name.
func weigh(ctx context.Context, p *process, page []byte) (weight, error) {
	w := weight{page: len(page)}
	todo := assetsIn(page)
	for n := 0; n < len(todo); n++ {
		sent, err := fetch(ctx, p, todo[n], "")
		if err != nil {
			return w, err
		}
		w.add(todo[n], len(sent))
		if !strings.HasSuffix(todo[n], ".css") {
			continue
		}
		for _, found := range assetsIn(unpack(sent)) {
			if !slices.Contains(todo, found) {
				todo = append(todo, found)
			}
		}
	}
	return w, nil
}

func (w *weight) add(name string, size int) {
	if strings.Contains(name, "/hls.") {
		w.hls += size
		return
	}
	w.assets += size
	w.names = append(w.names, fmt.Sprintf("%s %d", name[strings.LastIndexByte(name, '/')+1:], size))
}

var assetForm = regexp.MustCompile(`/static/[A-Za-z0-9._/-]+`)

// assetsIn lists the static files that a text names, each once.
func assetsIn(text []byte) []string {
	var names []string
	for _, found := range assetForm.FindAllString(string(text), -1) {
		if !slices.Contains(names, found) {
			names = append(names, found)
		}
	}
	return names
}

// unpack undoes gzip; what is not packed stays as it is.
func unpack(sent []byte) []byte {
	in, err := gzip.NewReader(bytes.NewReader(sent))
	if err != nil {
		return sent
	}
	text, err := readAll(in)
	if err != nil {
		return sent
	}
	return text
}

func readAll(in io.Reader) ([]byte, error) { return io.ReadAll(io.LimitReader(in, mostBytes)) }
