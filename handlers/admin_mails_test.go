package handlers_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"usher/internal/testkit"
	"usher/paywall"
)

// mailTo is the newest mail to an address.
func mailTo(t *testing.T, kit *testkit.Kit, address string) paywall.Mail {
	t.Helper()
	mails, _, err := kit.Site.Store.Mails(t.Context(), "", address, 1, 0)
	if err != nil || len(mails) == 0 {
		t.Fatalf("no mail to %s: %v", address, err)
	}
	return mails[0]
}

// askCode has a code to sign in mailed.
func askCode(t *testing.T, kit *testkit.Kit, address string) paywall.Mail {
	t.Helper()
	kit.Client(t).Post("/login/code", url.Values{"email": {address}}).WantStatus(http.StatusSeeOther)
	return mailTo(t, kit, address)
}

func TestMails_list(t *testing.T) {
	kit := testkit.New(t)
	askCode(t, kit, "anna@demo.test")
	owner := kit.As(t, "owner")
	owner.Post("/admin/mails/test", nil).WantStatus(http.StatusSeeOther)
	if err := kit.Site.Mail.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	page := owner.Get("/admin/mails").WantStatus(http.StatusOK)
	if rows := page.Doc().Find("tbody tr").Length(); rows != 2 || page.Doc().Find(".badge-good").Length() != 2 {
		t.Errorf("%d rows, %d of them sent", rows, page.Doc().Find(".badge-good").Length())
	}
	for query, want := range map[string]int{"?q=anna": 1, "?state=sent": 2, "?state=failed": 0, "?state=sent&q=owner": 1} {
		page := owner.Get("/admin/mails" + query).WantStatus(http.StatusOK)
		if rows := page.Doc().Find("tbody tr").Length(); rows != want {
			t.Errorf("%s finds %d rows, want %d", query, rows, want)
		}
	}
	if got := owner.Get("/admin/mails?state=failed").Attr("#state option[selected]", "value"); got != "failed" {
		t.Errorf("the form shows state %q", got)
	}
	if m := mailTo(t, kit, "owner@demo.test"); m.Kind != paywall.MailTest {
		t.Errorf("the test mail is a %s", m.Kind)
	}
	owner.Get("/admin/mails/nosuchmail").WantStatus(http.StatusNotFound)
	owner.Post("/admin/mails/nosuchmail/resend", nil).WantStatus(http.StatusNotFound)
}

// Who reads a code could use it: that takes a fresh proof and leaves a line.
func TestMails_readingACode(t *testing.T) {
	kit := testkit.New(t)
	m := askCode(t, kit, "anna@demo.test")
	owner, path := kit.As(t, "owner"), "/admin/mails/"+m.ID
	page := owner.Get(path).WantStatus(http.StatusOK)
	if text := page.Text(".letter pre"); !strings.Contains(text, kit.Config.BaseURL.String()+"/link/") {
		t.Errorf("the mail reads %q", text)
	}
	if lines := auditLines(t, kit, "mail.read"); len(lines) != 1 || lines[0].Detail != "mail: sign_in\nto: anna@demo.test" {
		t.Errorf("the record says %+v", lines)
	}
	kit.Clock.Advance(paywall.FreshFor)
	page = owner.Get(path).WantStatus(http.StatusOK)
	if page.Doc().Find(".letter").Length() != 0 || strings.Contains(page.Body, "/link/") {
		t.Error("the mail is shown without a fresh proof")
	}
	if got := page.Attr(".admin-body section a.button", "href"); got != "/account/prove?next="+url.QueryEscape(path) {
		t.Errorf("the way to prove oneself is %q", got)
	}
	if lines := auditLines(t, kit, "mail.read"); len(lines) != 1 {
		t.Errorf("%d lines for a mail that was not read again", len(lines))
	}
	// What opens nothing can be read at any time.
	owner.Post("/admin/mails/test", nil).WantStatus(http.StatusSeeOther)
	page = owner.Get("/admin/mails/" + mailTo(t, kit, "owner@demo.test").ID)
	if page.Text(".letter pre") == "" {
		t.Error("the test mail is not shown")
	}
}

func auditLines(t *testing.T, kit *testkit.Kit, action string) (lines []paywall.AuditEntry) {
	t.Helper()
	all, err := kit.Site.Store.RecentAudit(t.Context(), 100, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range all {
		if line.Action == action {
			lines = append(lines, line)
		}
	}
	return lines
}

func TestMails_forgottenAndResent(t *testing.T) {
	kit := testkit.New(t)
	m := askCode(t, kit, "anna@demo.test")
	owner, path := kit.As(t, "owner"), "/admin/mails/"+m.ID
	if err := kit.Site.Mail.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	owner.Post(path+"/resend", nil).WantStatus(http.StatusSeeOther)
	if _, n, err := kit.Site.Store.Mails(t.Context(), paywall.MailQueued, "anna@demo.test", 5, 0); err != nil || n != 1 {
		t.Errorf("%d mails wait, %v", n, err)
	}
	kit.Clock.Advance(24 * time.Hour)
	if err := kit.Site.Store.EmptyMails(t.Context(), kit.Clock.Now()); err != nil {
		t.Fatal(err)
	}
	page := owner.Get(path).WantStatus(http.StatusOK)
	if page.Doc().Find(".letter").Length() != 0 || !strings.Contains(page.Body, "The contents were forgotten") {
		t.Error("a mail whose contents are gone does not say so")
	}
	page = owner.Post(path+"/resend", nil).WantStatus(http.StatusUnprocessableEntity)
	if page.Text(".notice-bad") == "" {
		t.Error("it is not said why the mail cannot be sent once more")
	}
}

// The owner reads on every page of the area that mails do not arrive.
func TestMails_notices(t *testing.T) {
	kit := testkit.New(t)
	owner := kit.As(t, "owner")
	told := func() string { return owner.Get("/admin/collections").WantStatus(http.StatusOK).Text(".notice") }
	if text := told(); text != "" {
		t.Errorf("nothing is wrong, and the owner is told %q", text)
	}
	m := askCode(t, kit, "anna@demo.test")
	m.State, m.Answer = paywall.MailFailed, "550 no"
	if err := kit.Site.Store.UpdateMail(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	if text := told(); !strings.HasPrefix(text, "1 mail could not be sent") {
		t.Errorf("of a failed mail the owner is told %q", text)
	}
	kit.Clock.Advance(25 * time.Hour)
	if text := told(); text != "" {
		t.Errorf("a day later the owner is still told %q", text)
	}
	kit.Site.Handler.MailOff = true
	for _, path := range []string{"/admin/items", "/admin/items/new", "/admin/grants", "/admin/members", "/admin/mails", "/admin/settings"} {
		if text := owner.Get(path).Text(".notice"); !strings.HasPrefix(text, "Mails are not sent") {
			t.Errorf("%s tells %q", path, text)
		}
	}
}

func TestMails_brokenLetterIsNoPage(t *testing.T) {
	kit := testkit.New(t)
	kit.Site.Handler.Letter = func(_ context.Context, _ paywall.Mail) (string, string, error) { return "", "", errors.New("no words") }
	m := askCode(t, kit, "anna@demo.test")
	kit.As(t, "owner").Get("/admin/mails/" + m.ID).WantStatus(http.StatusInternalServerError)
}

func TestMails_ownersOnly(t *testing.T) {
	kit := testkit.New(t)
	path := "/admin/mails/" + askCode(t, kit, "anna@demo.test").ID
	ben, nobody := kit.As(t, "ben"), kit.Client(t)
	ben.Get(path).WantStatus(http.StatusNotFound)
	ben.Get("/admin/mails").WantStatus(http.StatusNotFound)
	for _, act := range []string{path + "/resend", "/admin/mails/test"} {
		ben.Post(act, nil).WantStatus(http.StatusNotFound)
		nobody.Post(act, nil).WantStatus(http.StatusUnauthorized)
	}
	if n := len(auditLines(t, kit, "mail.read")) + len(auditLines(t, kit, "mail.resend")); n != 0 {
		t.Errorf("%d lines about mails that nobody reached", n)
	}
}

// TestMails_voucher: a code that was mailed is as secret as one in the list of them.
func TestMails_voucher(t *testing.T) {
	kit := testkit.New(t)
	batch, codes := makeVouchers(t, kit)
	owner := kit.WithSession(t, "owner")
	owner.Post("/admin/vouchers/"+batch.ID+"/mail", url.Values{"addresses": {"ben@demo.test"}}).WantStatus(http.StatusSeeOther)
	path := "/admin/mails/" + mailTo(t, kit, "ben@demo.test").ID
	readers := map[string]*testkit.Client{
		"reader": kit.Staff(t, paywall.RoleReader), "support": kit.Staff(t, paywall.RoleSupport), "owner of an hour ago": owner,
	}
	kit.Clock.Advance(paywall.FreshFor)
	for name, staff := range readers {
		page := staff.Get(path).WantStatus(http.StatusOK)
		if page.Doc().Find(".letter").Length() != 0 {
			t.Errorf("a %s reads the mail", name)
		}
		for _, code := range codes {
			if strings.Contains(page.Body, code) {
				t.Errorf("a %s reads the code", name)
			}
		}
	}
	if page := kit.As(t, "owner").Get(path); !strings.Contains(page.Text(".letter pre"), codes[len(codes)-1]) {
		t.Error("an owner who proved it reads no code")
	}
	if lines := auditLines(t, kit, "mail.read"); len(lines) != 1 {
		t.Errorf("%d lines in the record, want 1", len(lines))
	}
}

// TestMails_noticesOfRoles: who may not see the mails is not led to them.
func TestMails_noticesOfRoles(t *testing.T) {
	kit := testkit.New(t)
	m := askCode(t, kit, "anna@demo.test")
	m.State = paywall.MailFailed
	if err := kit.Site.Store.UpdateMail(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	for _, role := range paywall.StaffRoles {
		page := kit.Staff(t, role).Get("/admin").WantStatus(http.StatusOK)
		if led := page.Doc().Find(`a[href^="/admin/mails?"]`).Length() > 0; led != role.May(paywall.RightSeePeople) {
			t.Errorf("a %s is led to the mails: %v", role, led)
		}
	}
}

// TestMails_otherKey: a mail that was sealed with another key can be looked at.
func TestMails_otherKey(t *testing.T) {
	kit := testkit.New(t)
	noFault(t, kit.Site.Store.AddMail(t.Context(), paywall.Mail{
		ID: "foreign", Kind: paywall.MailPassword, To: "x@example.org", Language: "en", Sealed: []byte("sealed with a key that nobody has any more"),
		State: paywall.MailQueued, CreatedAt: testkit.Start, NextAt: testkit.Start, NotAfter: testkit.Start.Add(time.Hour),
	}))
	page := kit.As(t, "owner").Get("/admin/mails/foreign").WantStatus(http.StatusOK)
	if text := page.Text("main"); !strings.Contains(text, "cannot be read") {
		t.Errorf("the page says %q", text)
	}
}

// TestMails_resendWithoutBody: a form without fields may come without a body, from
// this site alone.
func TestMails_resendWithoutBody(t *testing.T) {
	kit := testkit.New(t)
	owner := kit.As(t, "owner")
	owner.Post("/admin/mails/test", url.Values{}).WantStatus(http.StatusSeeOther)
	path := "/admin/mails/" + mailTo(t, kit, "owner@demo.test").ID + "/resend"
	owner.Do(http.MethodPost, path, "", nil).WantStatus(http.StatusSeeOther)
	owner.Do(http.MethodPost, path, "", strings.NewReader("next=/")).WantStatus(http.StatusUnsupportedMediaType)
	owner.Header.Set("Sec-Fetch-Site", "cross-site")
	owner.Do(http.MethodPost, path, "", nil).WantStatus(http.StatusForbidden)
}
