package handlers_test

import (
	"net/http"
	"strings"
	"testing"

	"usher/internal/testkit"
	"usher/paywall"
)

// Nobody is told of trouble with a link to a page that their role does not open.
func TestNotices_leadWhereTheRoleMayGo(t *testing.T) {
	kit := testkit.New(t)
	kit.Site.Handler.MailOff = true
	for _, role := range paywall.StaffRoles {
		staff := kit.Staff(t, role)
		for _, path := range []string{"/admin", "/admin/items"} {
			page := staff.Get(path).WantStatus(http.StatusOK)
			if told := strings.Contains(page.Text(".admin-body"), "Mails are not sent"); told != role.May(paywall.RightSeePeople) {
				t.Errorf("%s, %s: told of mails: %v", role, path, told)
			}
			for _, link := range page.Doc().Find(".notice a").EachIter() {
				staff.Get(link.AttrOr("href", "")).WantStatus(http.StatusOK)
			}
		}
	}
}
