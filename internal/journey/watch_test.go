package journey

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
)

// watch keeps what a tab complains about, what it asks for, and which frames it
// shows.
type watch struct {
	own string // address of the site

	mu       sync.Mutex
	found    []complaint
	expected []string
	pages    map[network.RequestID]int // status by the request of a document
	statuses []int                     // that documents are expected to have
	requests []request
	frames   map[string]string // origin by the unique id of its script world
}

// request is something that the tab asked for.
type request struct {
	id          network.RequestID
	method, url string
}

// complaint is something that went wrong, with the request it belongs to.
type complaint struct {
	text string
	id   network.RequestID
}

// violation marks the console line that tellViolations writes.
const violation = "usher-journey: policy violated: "

// tellViolations makes the page say when it breaks its own security policy.
var tellViolations = addScript(`document.addEventListener('securitypolicyviolation', (e) =>
	console.error(` + strconv.Quote(violation) + ` + e.effectiveDirective + ' ' + e.blockedURI + ' ' + e.sourceFile));`)

func newWatch(own string) *watch {
	return &watch{own: own, pages: map[network.RequestID]int{}, frames: map[string]string{}}
}

// hear is called for each event of the tab, in order.
func (w *watch) hear(event any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		w.add("", "exception: %s", exceptionText(e.ExceptionDetails))
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeAssert {
			w.add("", "console: %s", argsText(e.Args))
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError || e.Entry.Source == log.EntrySourceSecurity {
			w.add(e.Entry.NetworkRequestID, "%s: %s %s", e.Entry.Source, e.Entry.Text, e.Entry.URL)
		}
	case *network.EventRequestWillBeSent:
		w.requests = append(w.requests, request{e.RequestID, e.Request.Method, e.Request.URL})
	case *network.EventResponseReceived:
		if e.Type == network.ResourceTypeDocument {
			w.pages[e.RequestID] = int(e.Response.Status)
		}
		if e.Response.Status >= 400 && strings.HasPrefix(e.Response.URL, w.own) {
			w.add(e.RequestID, "status %d of %s", e.Response.Status, e.Response.URL)
		}
	case *network.EventLoadingFailed:
		if url := w.urlOf(e.RequestID); !e.Canceled && strings.HasPrefix(url, w.own) {
			w.add(e.RequestID, "%s failed: %s %s", url, e.ErrorText, e.BlockedReason)
		}
	case *runtime.EventExecutionContextCreated:
		w.frames[e.Context.UniqueID] = e.Context.Origin
	case *runtime.EventExecutionContextDestroyed:
		delete(w.frames, e.ExecutionContextUniqueID)
	case *runtime.EventExecutionContextsCleared:
		clear(w.frames)
	}
}

func (w *watch) add(id network.RequestID, format string, args ...any) {
	w.found = append(w.found, complaint{fmt.Sprintf(format, args...), id})
}

func (w *watch) urlOf(id network.RequestID) string {
	for _, r := range w.requests {
		if r.id == id {
			return r.url
		}
	}
	return ""
}

// expect names complaints that belong to a journey, by a part of their text.
func (w *watch) expect(parts ...string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.expected = append(w.expected, parts...)
}

// expectPage names statuses of error pages that belong to a journey: the page
// itself may have them, nothing in it may.
func (w *watch) expectPage(statuses ...int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.statuses = append(w.statuses, statuses...)
}

// problems are the complaints that nobody expected.
func (w *watch) problems() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var left []string
	for _, c := range w.found {
		status, ofPage := w.pages[c.id]
		if ofPage && slices.Contains(w.statuses, status) || containsAny(c.text, w.expected) {
			continue
		}
		left = append(left, c.text)
	}
	return left
}

// asked counts the requests whose address holds a text.
func (w *watch) asked(method, part string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := 0
	for _, r := range w.requests {
		if r.method == method && strings.Contains(r.url, part) {
			n++
		}
	}
	return n
}

// frame finds the script world of the frame that shows an origin.
func (w *watch) frame(origin string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	for id, of := range w.frames {
		if of == origin {
			return id
		}
	}
	return ""
}

func containsAny(text string, parts []string) bool {
	for _, part := range parts {
		if strings.Contains(text, part) {
			return true
		}
	}
	return false
}

func exceptionText(d *runtime.ExceptionDetails) string {
	if d.Exception != nil && d.Exception.Description != "" {
		return d.Exception.Description
	}
	return d.Text
}

func argsText(args []*runtime.RemoteObject) string {
	words := make([]string, len(args))
	for i, a := range args {
		words[i] = a.Description
		if a.Description == "" {
			words[i] = strings.Trim(string(a.Value), `"`)
		}
	}
	return strings.Join(words, " ")
}

// quote writes a text as a JavaScript string.
func quote(text string) string { return strconv.Quote(text) }

// forget drops the requests seen so far.
func (w *watch) forget() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.requests = nil
}
