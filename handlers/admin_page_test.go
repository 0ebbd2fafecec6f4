package handlers_test

import (
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
