package handlers_test

import (
	"net/http"
	"testing"

	"usher/internal/testkit"
)

// TestPager_pastTheEnd: a page that a list has not leads to its last one.
func TestPager_pastTheEnd(t *testing.T) {
	kit := testkit.New(t)
	addCrowd(t, kit, 130)
	batch, _ := makeVouchers(t, kit)
	owner := kit.As(t, "owner")
	for path, last := range map[string]string{
		"/admin/members?q=crowd&page=999999":            "/admin/members?page=3&q=crowd",
		"/admin/members?q=crowd&page=4":                 "/admin/members?page=3&q=crowd",
		"/admin/members?q=nobody&page=2":                "/admin/members?page=1&q=nobody",
		"/admin/items?page=9":                           "/admin/items?page=1",
		"/admin/grants?page=9":                          "/admin/grants?page=1",
		"/admin/health?page=9":                          "/admin/health?page=1",
		"/admin/mails?page=9":                           "/admin/mails?page=1",
		"/admin/vouchers?page=9":                        "/admin/vouchers?page=1",
		"/admin/vouchers/" + batch.ID + "?page=9":       "/admin/vouchers/" + batch.ID + "?page=1",
		"/admin/vouchers/" + batch.ID + "/print?page=9": "/admin/vouchers/" + batch.ID + "/print?page=1",
		"/admin/audit?page=999999":                      "/admin/audit?page=1",
		memberPath(t, kit, "anna") + "?page=999999":     memberPath(t, kit, "anna") + "?page=1",
	} {
		answer := owner.Get(path).WantStatus(http.StatusSeeOther)
		if to := answer.Header.Get("Location"); to != last {
			t.Errorf("%s leads to %s, want %s", path, to, last)
		}
	}
	owner.Get("/admin/members?q=crowd&page=3").WantStatus(http.StatusOK)
	if visitor := kit.Client(t).Get("/?page=999999").WantStatus(http.StatusOK); visitor.Doc().Find(".card").Length() == 0 {
		t.Error("the home page has nothing on its last page")
	}
}
