package handlers_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"usher/internal/testkit"
)

func TestAdminPage_tellsOfAProxy(t *testing.T) {
	kit := testkit.New(t)
	owner := kit.As(t, "owner")
	if page := owner.Get("/admin/items"); page.Doc().Find(".notice").Length() != 0 {
		t.Errorf("the owner is told %q", page.Text(".notice"))
	}
	visitor := kit.Client(t)
	visitor.Header.Set("X-Forwarded-For", "203.0.113.7")
	visitor.Get("/")
	if page := owner.Get("/admin/items"); !strings.Contains(page.Text(".notice"), "a proxy at 127.0.0.1") {
		t.Errorf("the owner is told %q", page.Text(".notice"))
	}
}

// The visitors of a demo sit at one machine, and nobody is warned of that.
func TestAdminPage_demoIsOneAddress(t *testing.T) {
	kit := testkit.New(t)
	owner := kit.As(t, "owner")
	for i := range 100 {
		visitor := kit.Client(t)
		visitor.Header.Set("User-Agent", "browser "+strconv.Itoa(i%5))
		visitor.Get("/")
	}
	if page := owner.Get("/admin/items"); strings.Contains(page.Text(".notice"), "one address") {
		t.Errorf("the owner is told %q", page.Text(".notice"))
	}
}

// The owner area shows all times in the site's zone, in which they are typed there,
// whatever zone the owner's profile names.
func TestAdminPage_zone(t *testing.T) {
	kit := testkit.New(t)
	owner := kit.As(t, "owner")
	owner.Post("/account/profile", url.Values{"name": {"Olga"}, "zone": {"America/New_York"}}).WantStatus(http.StatusSeeOther)
	user, err := kit.Site.Store.UserByEmail(t.Context(), "owner@demo.test")
	if err != nil {
		t.Fatal(err)
	}
	// Sunday 19:30 in Zurich is 13:30 in New York.
	for _, path := range []string{"/admin/audit", "/admin/members?sort=seen", "/admin/health", "/admin/members/" + user.ID} {
		page := owner.Get(path).WantStatus(http.StatusOK)
		if strings.Contains(page.Body, "13:30") {
			t.Errorf("%s shows times of the owner's profile", path)
		}
		if !strings.Contains(page.Body, "19:30") {
			t.Errorf("%s does not show times of the site", path)
		}
	}
}
