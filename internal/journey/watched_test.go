package journey

import (
	"slices"
	"strings"
	"testing"
)

// TestWatch: what goes wrong in a page on purpose is noticed, so that silence in
// the other tests means something.
func TestWatch(t *testing.T) {
	t.Parallel()
	b := visitor(t, running(t))
	b.visit("/")
	b.watch.expect("planted", "policy violated", "Security Policy", "404")
	for script, want := range map[string]string{
		`setTimeout(() => { throw new Error('planted exception') })`: "exception: Error: planted exception",
		`console.error('planted', new Error('planted line'))`:        "console: planted",
		`fetch('/planted')`: "status 404 of ",
		`document.body.append(Object.assign(document.createElement('script'), { textContent: 'document' }))`:  violation + "script-src",
		`document.body.append(Object.assign(document.createElement('img'), { src: 'http://127.0.0.1:1/a' }))`: violation + "img-src",
	} {
		b.waitFor("("+script+", true)", stepLimit)
		if !poll(b.ctx, stepLimit, func() bool { return slices.ContainsFunc(b.watch.all(), contains(want)) }) {
			t.Errorf("%s: nobody noticed; known is %q", script, b.watch.all())
		}
	}
}

func contains(part string) func(string) bool {
	return func(text string) bool { return strings.Contains(text, part) }
}

// all is everything the tab complained about, expected or not.
func (w *watch) all() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	all := make([]string, len(w.found))
	for i, c := range w.found {
		all[i] = c.text
	}
	return all
}
