package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"usher/internal/testkit"
	"usher/paywall"
)

// mostLinks bounds how many pages a role is led to.
const mostLinks = 150

// Whoever has a role finds no link in the owner area that does not open, also
// when mails fail and a source leaks.
func TestRoles_links(t *testing.T) {
	kit := testkit.New(t)
	kit.Site.Handler.MailOff = true
	protect(t, kit, "radiolumiere-128.mp3", false)
	settle(t, kit)
	for _, role := range paywall.StaffRoles {
		t.Run(string(role), func(t *testing.T) { followAll(t, kit.Staff(t, role)) })
	}
}

// followAll opens what the pages of the owner area lead to.
func followAll(t *testing.T, visitor *testkit.Client) {
	t.Helper()
	queue, from := []string{"/admin"}, map[string]string{"/admin": ""}
	for n := 0; n < len(queue) && n < mostLinks; n++ {
		path := queue[n]
		page := visitor.Get(path)
		if page.Status >= http.StatusBadRequest {
			t.Errorf("%s leads to %s, which answers %d", from[path], path, page.Status)
		}
		if !strings.HasPrefix(path, "/admin") {
			continue
		}
		for _, link := range page.Doc().Find("a[href]").EachIter() {
			to, err := url.Parse(link.AttrOr("href", ""))
			if err != nil || to.Host != "" || !strings.HasPrefix(to.Path, "/") || strings.HasPrefix(to.Path, "/static/") {
				continue
			}
			to.Fragment = ""
			if _, known := from[to.String()]; !known {
				from[to.String()] = path
				queue = append(queue, to.String())
			}
		}
	}
	if len(queue) < 10 {
		t.Errorf("only %d pages: %v", len(queue), queue)
	}
}
