package testkit

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"usher/internal/demo"
	"usher/paywall"
)

// Client is one browser: it keeps cookies and does not follow redirects. It
// sends what a browser sends with requests from the site's own pages.
type Client struct {
	t    testing.TB
	base string
	http *http.Client
	// Header is sent with each request; tests add to it or take away.
	Header http.Header
}

// Client makes a fresh browser.
func (k *Kit) Client(t testing.TB) *Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	check(t, err)
	transport := &http.Transport{DisableCompression: true}
	t.Cleanup(transport.CloseIdleConnections)
	return &Client{t: t, base: k.URL, Header: http.Header{
		"Sec-Fetch-Site":  {"same-origin"},
		"Accept-Language": {"en"},
		"User-Agent":      {"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"},
	}, http: &http.Client{
		Jar: jar, Transport: transport, Timeout: 20 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// As makes a fresh browser and signs a person of the demo in: "anna".
func (k *Kit) As(t testing.TB, person string) *Client {
	t.Helper()
	c := k.Client(t)
	answer := c.Post("/login", url.Values{"email": {person + "@demo.test"}, "password": {demo.Password}})
	if answer.Status != http.StatusSeeOther {
		t.Fatalf("login of %s: status %d", person, answer.Status)
	}
	return c
}

// Answer is what came back.
type Answer struct {
	t      testing.TB
	Status int
	Header http.Header
	Body   string
}

// Get asks for a page.
func (c *Client) Get(path string) *Answer { return c.Do(http.MethodGet, path, "", nil) }

// Post sends a form.
func (c *Client) Post(path string, form url.Values) *Answer {
	return c.Do(http.MethodPost, path, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
}

// Do sends any request.
func (c *Client) Do(method, path, contentType string, body io.Reader) *Answer {
	c.t.Helper()
	request, err := http.NewRequestWithContext(c.t.Context(), method, c.base+path, body)
	check(c.t, err)
	for name, values := range c.Header {
		request.Header[name] = values
	}
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	answer, err := c.http.Do(request)
	check(c.t, err)
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	check(c.t, err)
	return &Answer{t: c.t, Status: answer.StatusCode, Header: answer.Header, Body: string(text)}
}

// Cookies are those the browser keeps for the site.
func (c *Client) Cookies() []*http.Cookie {
	base, err := url.Parse(c.base)
	check(c.t, err)
	return c.http.Jar.Cookies(base)
}

// Doc is the answer as a parsed page.
func (a *Answer) Doc() *goquery.Document {
	a.t.Helper()
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader([]byte(a.Body)))
	check(a.t, err)
	return doc
}

// JSON decodes the answer.
func (a *Answer) JSON(into any) {
	a.t.Helper()
	check(a.t, json.Unmarshal([]byte(a.Body), into))
}

// Text is the text of the first element that a CSS selector finds.
func (a *Answer) Text(selector string) string {
	a.t.Helper()
	return strings.Join(strings.Fields(a.Doc().Find(selector).First().Text()), " ")
}

// Attr is an attribute of the first element that a CSS selector finds.
func (a *Answer) Attr(selector, name string) string {
	a.t.Helper()
	value, _ := a.Doc().Find(selector).First().Attr(name)
	return value
}

// Dump is everything of the answer a visitor could read: status, headers, body.
func (a *Answer) Dump() string {
	var b strings.Builder
	_ = a.Header.Write(&b)
	return b.String() + "\n" + a.Body
}

// WantStatus fails the test unless the answer has this status.
func (a *Answer) WantStatus(want int) *Answer {
	a.t.Helper()
	if a.Status != want {
		a.t.Fatalf("status %d, want %d\n%.600s", a.Status, want, a.Body)
	}
	return a
}

// Within makes the same browser give up after a limit. It is safe to use at the
// same time as the original.
func (c *Client) Within(limit time.Duration) *Client {
	impatient, client := *c, *c.http
	client.Timeout = limit
	impatient.http = &client
	return &impatient
}

// WithSession makes a fresh browser that is signed in without the cost of a
// password hash, for tests with many viewers.
func (k *Kit) WithSession(t testing.TB, person string) *Client {
	t.Helper()
	user, err := k.Site.Store.UserByEmail(t.Context(), person+"@demo.test")
	check(t, err)
	started, err := k.Site.Sessions.Start(t.Context(), paywall.Arrival{User: user, Caller: paywall.Caller{Device: "test"}})
	check(t, err)
	c := k.Client(t)
	base, err := url.Parse(k.URL)
	check(t, err)
	c.http.Jar.SetCookies(base, []*http.Cookie{{Name: "usher", Value: started.Session.ID + "." + started.Secret.Reveal(), Path: "/"}})
	return c
}

// Staff makes an account with a role and signs it in.
func (k *Kit) Staff(t testing.TB, role paywall.Role) *Client {
	t.Helper()
	person := "staff-" + string(role)
	_, err := k.Site.Auth.CreateConfirmed(t.Context(), paywall.Actor{Name: "test"},
		paywall.NewUser{Email: person + "@demo.test", Name: string(role), Role: role})
	check(t, err)
	return k.WithSession(t, person)
}
