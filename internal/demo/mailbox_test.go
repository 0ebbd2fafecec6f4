package demo_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"usher/internal/demo"
	"usher/internal/mail"
	"usher/views"
)

func newMailbox() *demo.Mailbox {
	return demo.NewMailbox(func() string { return "Radio Lumière" }, views.Assets{CSS: "/static/css/usher.css"}, time.UTC)
}

func drop(t *testing.T, b *demo.Mailbox, subject string) {
	t.Helper()
	_, err := b.Send(t.Context(), mail.Envelope{
		To: "anna@example.org", Subject: subject, Date: time.Date(2026, 4, 1, 20, 0, 0, 0, time.UTC),
		Text: "Radio\n\n012345\n\nSign in:\nhttps://radio.example/go?a=1&b=2\n\n<script>\n", HTML: "<html><style>p{}</style><p>012345",
	})
	if err != nil {
		t.Fatal(err)
	}
}

func get(b *demo.Mailbox, method, path string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	b.ServeHTTP(w, httptest.NewRequest(method, path, nil))
	return w
}

func TestMailbox_list(t *testing.T) {
	b := newMailbox()
	if got := strings.TrimSpace(get(b, "GET", "/_demo/mails").Body.String()); got != "[]" {
		t.Errorf("an empty mailbox is %s", got)
	}
	b.FlushWith(func(context.Context) error { drop(t, b, "late"); return nil })
	drop(t, b, "early")
	w := get(b, "GET", "/_demo/mails")
	var list []map[string]string
	if err := json.Unmarshal(w.Body.Bytes(), &list); err != nil {
		t.Fatal(err)
	}
	if len(list) != 2 || list[0]["subject"] != "late" || list[1]["subject"] != "early" || list[0]["to"] != "anna@example.org" ||
		list[0]["at"] != "2026-04-01T20:00:00Z" || !strings.Contains(list[0]["text"], "012345") || len(list[0]) != 5 {
		t.Errorf("%v", list)
	}
	if w.Header().Get("Cache-Control") != "no-store" || w.Header().Get("Content-Type") != "application/json" {
		t.Errorf("headers %v", w.Header())
	}
	b.FlushWith(func(context.Context) error { return errors.New("down") })
	for _, path := range []string{"/_demo/mails", "/_demo/mailbox"} {
		if w := get(b, "GET", path); w.Code != http.StatusServiceUnavailable {
			t.Errorf("%s: %d when the outbox is down", path, w.Code)
		}
	}
}

func TestMailbox_keepsTheNewest(t *testing.T) {
	b := newMailbox()
	for i := range 510 {
		drop(t, b, strconv.Itoa(i))
	}
	var list []map[string]string
	if err := json.Unmarshal(get(b, "GET", "/_demo/mails").Body.Bytes(), &list); err != nil {
		t.Fatal(err)
	}
	if len(list) != 500 || list[0]["subject"] != "509" || list[499]["subject"] != "10" {
		t.Errorf("%d kept, from %s to %s", len(list), list[0]["subject"], list[len(list)-1]["subject"])
	}
}

func TestMailbox_page(t *testing.T) {
	b := newMailbox()
	if body := get(b, "GET", "/_demo/mailbox").Body.String(); !strings.Contains(body, "No mail yet") {
		t.Errorf("an empty mailbox shows %s", body)
	}
	drop(t, b, "012345 is <your> code")
	w := get(b, "GET", "/_demo/mailbox")
	body := w.Body.String()
	for _, part := range []string{
		"012345 is &lt;your&gt; code", "anna@example.org", "<strong>012345</strong>", "&lt;script&gt;",
		`<a href="https://radio.example/go?a=1&amp;b=2">`, `href="/_demo/mails/1.html"`, `href="/static/css/usher.css"`,
	} {
		if !strings.Contains(body, part) {
			t.Errorf("no %q in %s", part, body)
		}
	}
	if csp := w.Header().Get("Content-Security-Policy"); strings.Contains(csp, "unsafe") || !strings.Contains(csp, "default-src 'none'") {
		t.Errorf("policy %q", csp)
	}
}

func TestMailbox_html(t *testing.T) {
	b := newMailbox()
	drop(t, b, "one")
	w := get(b, "GET", "/_demo/mails/1.html")
	csp := w.Header().Get("Content-Security-Policy")
	if !strings.Contains(w.Body.String(), "<p>012345") || !strings.Contains(csp, "default-src 'none'; style-src 'unsafe-inline'") {
		t.Errorf("%s with policy %q", w.Body, csp)
	}
	for _, path := range []string{"/_demo/mails/2.html", "/_demo/mails/1", "/_demo/mails/x.html", "/_demo/mails/1.html/x", "/_demo/other"} {
		if w := get(b, "GET", path); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}

func TestMailbox_methods(t *testing.T) {
	b := newMailbox()
	drop(t, b, "one")
	for _, path := range []string{"/_demo/mails", "/_demo/mailbox", "/_demo/mails/1.html"} {
		if w := get(b, "HEAD", path); w.Code != http.StatusOK {
			t.Errorf("HEAD %s: %d", path, w.Code)
		}
		if w := get(b, "POST", path); w.Code != http.StatusMethodNotAllowed {
			t.Errorf("POST %s: %d", path, w.Code)
		}
	}
}
