package demo

import (
	"context"
	"encoding/json"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"usher/internal/i18n"
	"usher/internal/mail"
	"usher/views"
)

// MailboxPath is the page of the mailbox.
const MailboxPath = "/_demo/mailbox"

// mostMails is how many mails the demo keeps.
const mostMails = 500

// Mailbox keeps the demo's mails in memory instead of sending them, and shows
// them in the browser. The zero value is not ready; use NewMailbox.
type Mailbox struct {
	siteName func() string
	assets   views.Assets
	zone     *time.Location
	flush    func(context.Context) error
	routes   *http.ServeMux

	mu    sync.Mutex
	last  int // number of the newest
	mails []received
}

type received struct {
	number int
	at     time.Time
	mail.Envelope
}

var _ mail.Sender = (*Mailbox)(nil)

// NewMailbox makes an empty mailbox of a site.
func NewMailbox(siteName func() string, assets views.Assets, zone *time.Location) *Mailbox {
	b := &Mailbox{siteName: siteName, assets: assets, zone: zone, routes: http.NewServeMux()}
	b.routes.HandleFunc("GET /_demo/mails", b.list)
	b.routes.HandleFunc("GET /_demo/mails/{file}", b.html)
	b.routes.HandleFunc("GET "+MailboxPath, b.page)
	return b
}

// FlushWith sets what brings in everything that is due before mails are shown.
// The worker that does it needs the mailbox first, so it comes later.
func (b *Mailbox) FlushWith(flush func(context.Context) error) { b.flush = flush }

// Send puts a mail into the mailbox.
func (b *Mailbox) Send(_ context.Context, e mail.Envelope) (string, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.last++
	b.mails = append([]received{{number: b.last, at: e.Date, Envelope: e}}, b.mails...)
	b.mails = b.mails[:min(len(b.mails), mostMails)]
	return "250 kept in the demo's mailbox", nil
}

// ServeHTTP serves everything below /_demo/mail. Other methods than GET and HEAD
// are refused.
func (b *Mailbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Referrer-Policy", "no-referrer")
	b.routes.ServeHTTP(w, r)
}

// newest brings in what is due and gives all mails, newest first.
func (b *Mailbox) newest(r *http.Request) ([]received, error) {
	if b.flush != nil {
		if err := b.flush(r.Context()); err != nil {
			return nil, err
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]received{}, b.mails...), nil
}

func (b *Mailbox) list(w http.ResponseWriter, r *http.Request) {
	mails, err := b.newest(r)
	if err != nil {
		unavailable(w)
		return
	}
	type entry struct {
		To      string `json:"to"`
		Subject string `json:"subject"`
		Text    string `json:"text"`
		HTML    string `json:"html"`
		At      string `json:"at"`
	}
	entries := make([]entry, 0, len(mails))
	for _, m := range mails {
		entries = append(entries, entry{m.To, m.Subject, m.Text, m.HTML, m.at.UTC().Format(time.RFC3339)})
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(entries) // a reader that went away needs no answer
}

func unavailable(w http.ResponseWriter) {
	http.Error(w, "the outbox does not answer", http.StatusServiceUnavailable)
}

// html shows a mail as a mail program would. Its styles stand in the page
// itself; nothing else may happen there.
func (b *Mailbox) html(w http.ResponseWriter, r *http.Request) {
	number, isHTML := strings.CutSuffix(r.PathValue("file"), ".html")
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, m := range b.mails {
		if isHTML && strconv.Itoa(m.number) == number {
			w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; "+
				"form-action 'none'; base-uri 'none'; frame-ancestors 'none'")
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = w.Write([]byte(m.HTML))
			return
		}
	}
	http.NotFound(w, r)
}

func (b *Mailbox) page(w http.ResponseWriter, r *http.Request) {
	mails, err := b.newest(r)
	if err != nil {
		unavailable(w)
		return
	}
	l := i18n.Negotiate(r.Header.Get("Accept-Language"))
	p := views.DemoMailboxPage{Page: views.Page{
		L: l, SiteName: b.siteName(), Title: l.T("demo.mailbox.title"), Path: r.URL.Path, Assets: b.assets,
	}}
	for _, m := range mails {
		p.Mails = append(p.Mails, views.DemoMail{
			Number: m.number, Subject: m.Subject, To: m.To, At: l.DateTime(m.at.In(b.zone)), Lines: linesOf(m.Text),
		})
	}
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self'; "+
		"form-action 'none'; base-uri 'none'; frame-ancestors 'none'")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_ = views.DemoMailbox(p).Render(r.Context(), w)
}

var code = regexp.MustCompile(`^[0-9]{6}$`)

// linesOf finds what one wants to press or copy in a mail's text.
func linesOf(text string) []views.DemoLine {
	var lines []views.DemoLine
	for line := range strings.Lines(strings.TrimRight(text, "\n")) {
		line = strings.TrimRight(line, "\n")
		d := views.DemoLine{Text: line, Code: code.MatchString(line)}
		if strings.HasPrefix(line, "http://") || strings.HasPrefix(line, "https://") {
			d.URL = line
		}
		lines = append(lines, d)
	}
	return lines
}
