package handlers_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"usher/internal/demo"
	"usher/internal/testkit"
	"usher/paywall"
)

// memberPath is the owner's page about a person of the demo.
func memberPath(t *testing.T, kit *testkit.Kit, person string) string {
	t.Helper()
	return "/admin/members/" + personOf(t, kit, person).ID
}

func personOf(t *testing.T, kit *testkit.Kit, person string) paywall.User {
	t.Helper()
	user, err := kit.Site.Store.UserByEmail(t.Context(), person+"@demo.test")
	if err != nil {
		t.Fatal(err)
	}
	return user
}

func TestMembers_list(t *testing.T) {
	kit := testkit.New(t)
	for i := range 60 {
		_, err := kit.Site.Auth.CreateConfirmed(t.Context(), paywall.Actor{Name: "test"}, paywall.NewUser{
			Email: fmt.Sprintf("crowd%02d@demo.test", i), Role: paywall.RoleMember,
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	owner := kit.As(t, "owner")
	page := owner.Get("/admin/members").WantStatus(http.StatusOK)
	if rows := page.Doc().Find("tbody tr").Length(); rows != 50 || !strings.Contains(page.Body, "65 accounts") {
		t.Errorf("%d rows on the first page", rows)
	}
	if page.Doc().Find("a[rel=prev]").Length() != 0 {
		t.Error("something comes before the first page")
	}
	page = owner.Get(page.Attr("a[rel=next]", "href")).WantStatus(http.StatusOK)
	if rows := page.Doc().Find("tbody tr").Length(); rows != 15 || page.Doc().Find("a[rel=next]").Length() != 0 {
		t.Errorf("%d rows on the last page", rows)
	}
	page = owner.Get("/admin/members?q=CROWD0").WantStatus(http.StatusOK)
	if rows := page.Doc().Find("tbody tr").Length(); rows != 10 || page.Attr("#q", "value") != "CROWD0" {
		t.Errorf("the search finds %d rows", rows)
	}
	if next := owner.Get("/admin/members?q=crowd").Attr("a[rel=next]", "href"); next != "/admin/members?page=2&q=crowd" {
		t.Errorf("the search goes on at %q", next)
	}
	if rows := owner.Get("/admin/members?q=%25").Doc().Find("tbody tr").Length(); rows != 0 {
		t.Errorf("a percent sign finds %d rows", rows)
	}
}

func TestMembers_invite(t *testing.T) {
	kit := testkit.New(t)
	owner := kit.As(t, "owner")
	page := owner.Post("/admin/members/invite", url.Values{"email": {"nonsense"}}).WantStatus(http.StatusUnprocessableEntity)
	if page.Text("#email-error") == "" || page.Attr("#email", "value") != "nonsense" {
		t.Error("a wrong address is not explained")
	}
	owner.Post("/admin/members/invite", url.Values{"email": {"anna@demo.test"}}).WantStatus(http.StatusUnprocessableEntity)
	owner.Header.Set("Accept-Language", "it") // which says nothing of whom they invite
	owner.Post("/admin/members/invite", url.Values{"email": {" New@Demo.Test"}}).WantStatus(http.StatusSeeOther)
	mails, _, err := kit.Site.Store.Mails(t.Context(), "", "new@demo.test", 5, 0)
	if err != nil || len(mails) != 1 || mails[0].Kind != paywall.MailInvite || mails[0].Language != "" {
		t.Fatalf("mails = %+v, %v", mails, err)
	}
	page = owner.Get("/admin/members").WantStatus(http.StatusOK)
	if text := page.Text(".rows li"); !strings.HasPrefix(text, "new@demo.test") {
		t.Errorf("the list of invitations begins with %q", text)
	}
	owner.Post("/admin/members/uninvite", url.Values{"email": {"new@demo.test"}}).WantStatus(http.StatusSeeOther)
	if owner.Get("/admin/members").Doc().Find(".rows li").Length() != 0 {
		t.Error("the invitation is still there")
	}
}

func TestMembers_noInvitesWhenClosed(t *testing.T) {
	kit := testkit.New(t)
	owner := kit.As(t, "owner")
	owner.Post("/admin/settings/sign-up", url.Values{"sign_up": {"closed"}}).WantStatus(http.StatusSeeOther)
	if page := owner.Get("/admin/members"); page.Doc().Find("form[action$='/invite']").Length() != 0 {
		t.Error("the page invites")
	}
	owner.Post("/admin/members/invite", url.Values{"email": {"new@demo.test"}}).WantStatus(http.StatusUnprocessableEntity)
}

func TestMember_page(t *testing.T) {
	kit := testkit.New(t)
	kit.As(t, "anna")
	owner := kit.As(t, "owner")
	page := owner.Get(memberPath(t, kit, "anna")).WantStatus(http.StatusOK)
	body := page.Text(".admin-body")
	for _, want := range []string{"Anna", "anna@demo.test", "Active", "Devices signed in1", "PasswordYes", "Second stepNo", "Everything", "Signed inBy: password"} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %q:\n%s", want, body)
		}
	}
	if got := page.Attr("form[action$='/grants']", "action"); got != memberPath(t, kit, "anna")+"/grants" {
		t.Errorf("grants are given at %q", got)
	}
	owner.Get("/admin/members/nosuchperson").WantStatus(http.StatusNotFound)
	owner.Post("/admin/members/nosuchperson/disable", nil).WantStatus(http.StatusNotFound)
}

func TestMember_disableAndEnable(t *testing.T) {
	kit := testkit.New(t)
	anna, owner := kit.As(t, "anna"), kit.As(t, "owner")
	path := memberPath(t, kit, "anna")
	answer := owner.Post(path+"/disable", nil).WantStatus(http.StatusSeeOther)
	if got := answer.Header.Get("Location"); got != path {
		t.Errorf("it goes on at %q", got)
	}
	anna.Get("/account").WantStatus(http.StatusSeeOther)
	page := owner.Get(path)
	if page.Doc().Find("form[action$='/enable']").Length() != 1 || page.Doc().Find("form[action$='/disable'], form[action$='/login-link']").Length() != 0 {
		t.Error("the page offers the wrong things for an account that is off")
	}
	page = owner.Post(path+"/login-link", nil).WantStatus(http.StatusUnprocessableEntity)
	if page.Text(".notice-bad") == "" || strings.Contains(page.Body, "/link/") {
		t.Error("a link for an account that is off is not refused in words")
	}
	owner.Post(path+"/enable", nil).WantStatus(http.StatusSeeOther)
	kit.As(t, "anna").Get("/account").WantStatus(http.StatusOK)
}

func TestMember_ownAccount(t *testing.T) {
	kit := testkit.New(t)
	owner, path := kit.As(t, "owner"), memberPath(t, kit, "owner")
	if page := owner.Get(path); page.Doc().Find(".admin-body form").Length() != 0 {
		t.Error("the page offers to change the own account")
	}
	for _, act := range []string{"disable", "factor-off", "sessions-end", "login-link", "unlock", "enable"} {
		page := owner.Post(path+"/"+act, nil).WantStatus(http.StatusUnprocessableEntity)
		if !strings.Contains(page.Text(".notice-bad"), "your own account") {
			t.Errorf("%s says %q", act, page.Text(".notice-bad"))
		}
	}
	owner.Get("/admin/members").WantStatus(http.StatusOK)
}

func TestMember_loginLink(t *testing.T) {
	kit := testkit.New(t)
	page := kit.As(t, "owner").Post(memberPath(t, kit, "ben")+"/login-link", nil).WantStatus(http.StatusOK)
	link, base := page.Attr(".secret", "value"), kit.Config.BaseURL.String()
	if !strings.HasPrefix(link, base+"/link/") || page.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("the link is %q, kept as %q", link, page.Header.Get("Cache-Control"))
	}
	ben := kit.Client(t)
	door := ben.Get(strings.TrimPrefix(link, base)).WantStatus(http.StatusOK)
	secret := door.Attr("form[action='/link'] input[name=secret]", "value")
	ben.Post("/link", url.Values{"secret": {secret}}).WantStatus(http.StatusSeeOther)
	ben.Get("/account").WantStatus(http.StatusOK)
	kit.Client(t).Post("/link", url.Values{"secret": {secret}}).WantStatus(http.StatusUnprocessableEntity)
}

func TestMember_unlock(t *testing.T) {
	kit := testkit.New(t)
	guesser, owner := kit.Client(t), kit.As(t, "owner")
	for range 15 {
		guesser.Post("/login", url.Values{"email": {"ben@demo.test"}, "password": {"wrong-wrong-wrong"}})
	}
	right := url.Values{"email": {"ben@demo.test"}, "password": {demo.Password}}
	kit.Client(t).Post("/login", right).WantStatus(http.StatusUnprocessableEntity)
	owner.Post(memberPath(t, kit, "ben")+"/unlock", nil).WantStatus(http.StatusSeeOther)
	kit.Client(t).Post("/login", right).WantStatus(http.StatusSeeOther)
}

func TestMember_factorOff(t *testing.T) {
	kit := testkit.New(t)
	ben, owner := personOf(t, kit, "ben"), kit.As(t, "owner")
	path := "/admin/members/" + ben.ID
	if owner.Get(path).Doc().Find("form[action$='/factor-off']").Length() != 0 {
		t.Error("a second step that is off can be switched off")
	}
	owner.Post(path+"/factor-off", nil).WantStatus(http.StatusNotFound)
	err := kit.Site.Store.PutSecondFactor(t.Context(), paywall.SecondFactor{
		UserID: ben.ID, Secret: []byte("sealed"), CreatedAt: testkit.Start, ConfirmedAt: testkit.Start,
	})
	if err != nil {
		t.Fatal(err)
	}
	if owner.Get(path).Doc().Find("form[action$='/factor-off']").Length() != 1 {
		t.Error("the second step cannot be switched off")
	}
	owner.Post(path+"/factor-off", nil).WantStatus(http.StatusSeeOther)
	if page := owner.Get(path); !strings.Contains(page.Text(".admin-body"), "Second stepNo") {
		t.Error("the second step is still on")
	}
}

func TestMember_sessionsEnd(t *testing.T) {
	kit := testkit.New(t)
	anna, owner := kit.As(t, "anna"), kit.As(t, "owner")
	owner.Post(memberPath(t, kit, "anna")+"/sessions-end", nil).WantStatus(http.StatusSeeOther)
	anna.Get("/account").WantStatus(http.StatusSeeOther)
	owner.Get("/admin/members").WantStatus(http.StatusOK)
}

// What opens or closes an account needs a fresh proof of who one is.
func TestMember_wantsProof(t *testing.T) {
	kit := testkit.New(t)
	owner, path := kit.As(t, "owner"), memberPath(t, kit, "anna")
	owner.Header.Set("Referer", kit.Config.BaseURL.String()+path)
	kit.Clock.Advance(paywall.FreshFor + time.Second)
	if page := owner.Get(path); page.Doc().Find("form[action$='/disable'], form[action$='/login-link']").Length() != 0 {
		t.Error("the page offers what would be refused")
	}
	for _, act := range []string{"disable", "factor-off", "login-link"} {
		answer := owner.Post(path+"/"+act, nil).WantStatus(http.StatusSeeOther)
		if got := answer.Header.Get("Location"); got != "/account/prove?next="+url.QueryEscape(path) {
			t.Errorf("%s leads to %q", act, got)
		}
	}
	if personOf(t, kit, "anna").Disabled() {
		t.Error("the account is switched off all the same")
	}
	owner.Post(path+"/unlock", nil).WantStatus(http.StatusSeeOther)
}

// Only owners do any of it; see also the matrix of routes.
func TestMember_ownersOnly(t *testing.T) {
	kit := testkit.New(t)
	path := memberPath(t, kit, "anna")
	ben, nobody := kit.As(t, "ben"), kit.Client(t)
	for _, act := range []string{"disable", "enable", "unlock", "login-link", "factor-off", "sessions-end"} {
		ben.Post(path+"/"+act, nil).WantStatus(http.StatusNotFound)
		nobody.Post(path+"/"+act, nil).WantStatus(http.StatusUnauthorized)
	}
	ben.Get(path).WantStatus(http.StatusNotFound)
	if personOf(t, kit, "anna").Disabled() {
		t.Error("the account is switched off")
	}
}
