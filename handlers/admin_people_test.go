package handlers_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"usher/internal/testkit"
	"usher/paywall"
)

// workedOff does what waits in the background.
func workedOff(t *testing.T, kit *testkit.Kit) {
	t.Helper()
	if err := kit.Site.Jobs.Work(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// addCrowd makes members with numbers.
func addCrowd(t *testing.T, kit *testkit.Kit, n int) {
	t.Helper()
	for i := range n {
		_, err := kit.Site.Auth.CreateConfirmed(t.Context(), paywall.Actor{Name: "test"}, paywall.NewUser{
			Email: fmt.Sprintf("crowd%02d@demo.test", i), Role: paywall.RoleMember,
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestMembers_filters(t *testing.T) {
	kit := testkit.New(t)
	owner := kit.As(t, "owner")
	if err := kit.Site.Auth.Block(t.Context(), paywall.Actor{Name: "test"}, personOf(t, kit, "ben").ID, "spam"); err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]string{
		"state=blocked&q=ben": "ben", "role=owner": "owner", "q=ANNA&access=live": "anna", "access=none&q=dora": "dora", "sort=email&state=active&q=a": "anna",
		"from=2026-11-23": "", "until=2026-11-21": "", "state=nonsense&q=carla": "carla", "target=everything&q=anna": "anna",
	} {
		page := owner.Get("/admin/members?" + query).WantStatus(http.StatusOK)
		first := page.Text("tbody tr .cell-name a")
		if want == "" && first != "" || want != "" && first != want+"@demo.test" {
			t.Errorf("%s begins with %q, want %q", query, first, want)
		}
	}
	reader := kit.Staff(t, paywall.RoleReader)
	page := reader.Get("/admin/members").WantStatus(http.StatusOK)
	if page.Doc().Find(".admin-body form[method=post], input[type=checkbox]").Length() != 0 {
		t.Error("a reader is offered to change something")
	}
}

func TestGrants_filters(t *testing.T) {
	kit := testkit.New(t)
	owner := kit.As(t, "owner")
	page := owner.Get("/admin/grants?q=anna&state=live&origin=owner&sort=ending").WantStatus(http.StatusOK)
	if got := page.Text("tbody tr .cell-name a"); got != "anna@demo.test" || page.Attr("#q", "value") != "anna" {
		t.Errorf("the search finds %q", got)
	}
	for _, query := range []string{"q=nobody", "state=later", "origin=voucher&q=anna"} {
		if rows := owner.Get("/admin/grants?" + query).Doc().Find("tbody tr").Length(); rows != 0 {
			t.Errorf("%s finds %d rows", query, rows)
		}
	}
	kit.Staff(t, paywall.RoleReader).Get("/admin/grants").WantStatus(http.StatusOK)
}

func TestGrants_extend(t *testing.T) {
	kit := testkit.New(t)
	owner, anna := kit.As(t, "owner"), personOf(t, kit, "anna")
	kit.Clock.Advance(time.Minute) // behind the grant that was seeded
	owner.Post(memberPath(t, kit, "anna")+"/grants", url.Values{"opens": {"everything"}, "until": {"2026-11-30"}, "note": {"fair"}}).WantStatus(http.StatusSeeOther)
	grants, err := kit.Site.Store.GrantsOf(t.Context(), anna.ID)
	if err != nil || grants[0].Note != "fair" {
		t.Fatalf("grants = %+v, %v", grants, err)
	}
	path := "/admin/grants/" + grants[0].ID + "/extend"
	page := owner.Post(path, url.Values{"days": {"many"}}).WantStatus(http.StatusUnprocessableEntity)
	if got := page.Text("[role=alert]"); got != "Enter 1 to 3,660 days." {
		t.Errorf("the refusal is %q", got)
	}
	answer := owner.Post(path, url.Values{"days": {"2"}, "next": {memberPath(t, kit, "anna")}}).WantStatus(http.StatusSeeOther)
	if to := answer.Header.Get("Location"); to != memberPath(t, kit, "anna") {
		t.Errorf("it goes on at %q", to)
	}
	page = owner.Get(memberPath(t, kit, "anna"))
	if body := page.Text(".timeline"); !strings.Contains(body, "Access extended") || !strings.Contains(body, "Mail: ") {
		t.Errorf("the timeline is %q", body)
	}
	grant, err := kit.Site.Store.GrantByID(t.Context(), grants[0].ID)
	if want := time.Date(2026, 12, 2, 23, 0, 0, 0, time.UTC); err != nil || !grant.Until.Equal(want) {
		t.Errorf("it ends %v, want %v (%v)", grant.Until, want, err)
	}
	page = owner.Post(memberPath(t, kit, "anna")+"/grants", url.Values{"opens": {"item:none"}, "until": {"2026-11-30"}}).WantStatus(http.StatusUnprocessableEntity)
	if page.Text("#opens-error") == "" || page.Attr("#until", "value") != "2026-11-30" {
		t.Error("a refused grant is not explained")
	}
}

// TestGrants_again: of a grant that is over the same can be given once more, and of
// no other.
func TestGrants_again(t *testing.T) {
	kit := testkit.New(t)
	owner, carla, page := kit.As(t, "owner"), personOf(t, kit, "carla"), memberPath(t, kit, "carla")
	owner.Post(page+"/grants", url.Values{"opens": {"everything"}, "note": {"press"}}).WantStatus(http.StatusSeeOther)
	newest := func() paywall.Grant {
		t.Helper()
		grants, err := kit.Site.Store.GrantsOf(t.Context(), carla.ID)
		noFault(t, err)
		return grants[0]
	}
	old := newest()
	base := "/admin/grants/" + old.ID
	running := owner.Post(base+"/again", url.Values{"days": {"7"}}).WantStatus(http.StatusUnprocessableEntity)
	if got := running.Text("[role=alert]"); !strings.Contains(got, "not over yet") || owner.Get(page).Doc().Find("form[action='"+base+"/again']").Length() != 0 {
		t.Errorf("of a grant that counts: %q", got)
	}
	owner.Post(base+"/revoke", nil).WantStatus(http.StatusSeeOther)
	kit.Clock.Advance(time.Minute)
	form := owner.Get(page).Doc().Find("form[action='" + base + "/again']")
	if form.Find("input[name=days]").Length() != 1 || owner.Get(page).Doc().Find("form[action='"+base+"/revoke'], form[action='"+base+"/extend']").Length() != 0 {
		t.Errorf("a grant that was taken back offers %s", owner.Get(page).Text(".grants .cell-action"))
	}
	owner.Post(base+"/again", url.Values{"days": {"0"}}).WantStatus(http.StatusUnprocessableEntity)
	if to := owner.Post(base+"/again", url.Values{"days": {"7"}, "next": {page}}).WantStatus(http.StatusSeeOther).Header.Get("Location"); to != page {
		t.Errorf("it goes on at %s", to)
	}
	given := newest()
	want := paywall.Grant{
		ID: given.ID, UserID: carla.ID, Scope: paywall.ScopeEverything, From: kit.Clock.Now(), Until: kit.Clock.Now().AddDate(0, 0, 7),
		Origin: paywall.OriginOwner, Note: "press", CreatedAt: kit.Clock.Now(),
	}
	if given != want || given.ID == old.ID {
		t.Errorf("given %+v\nwant %+v", given, want)
	}
	record, err := kit.Site.Store.RecentAudit(t.Context(), 1, 0)
	noFault(t, err)
	if record[0].Action != "grant.give" || record[0].Subject != given.ID {
		t.Errorf("the record says %+v", record[0])
	}
	owner.Post("/admin/grants/none/again", url.Values{"days": {"7"}}).WantStatus(http.StatusNotFound)
}

func TestMember_noteAndBlock(t *testing.T) {
	kit := testkit.New(t)
	owner, path := kit.As(t, "owner"), memberPath(t, kit, "ben")
	owner.Post(path+"/note", url.Values{"staff_note": {"<script>alert(1)</script>"}}).WantStatus(http.StatusSeeOther)
	page := owner.Get(path)
	if got := page.Text("#staff-note"); got != "<script>alert(1)</script>" || strings.Contains(page.Body, "<script>alert") {
		t.Errorf("the note reads %q", got)
	}
	long := strings.Repeat("x", paywall.MaxReason+1)
	page = owner.Post(path+"/disable", url.Values{"reason": {long}}).WantStatus(http.StatusUnprocessableEntity)
	if page.Attr("#reason", "value") != long || page.Text("#reason-error") == "" {
		t.Error("a refused reason is not explained")
	}
	owner.Post(path+"/disable", url.Values{"reason": {"shares the password"}}).WantStatus(http.StatusSeeOther)
	page = owner.Get(path)
	if body := page.Text(".admin-body"); strings.Count(body, "shares the password") != 2 {
		t.Errorf("the reason does not stand above and in the timeline: %s", body)
	}
	support := kit.Staff(t, paywall.RoleSupport)
	page = support.Post(memberPath(t, kit, "owner")+"/note", url.Values{"staff_note": {"x"}}).WantStatus(http.StatusUnprocessableEntity)
	if page.Text("[role=alert]") == "" {
		t.Error("support may write about owners")
	}
}

func TestMember_resend(t *testing.T) {
	kit := testkit.New(t)
	owner := kit.As(t, "owner")
	mail, err := kit.Site.Mails.Test(t.Context(), paywall.Actor{Name: "test"}, "anna@demo.test")
	if err != nil {
		t.Fatal(err)
	}
	path := memberPath(t, kit, "anna")
	action := owner.Get(path).Attr(".timeline form", "action")
	if action != "/admin/mails/"+mail.ID+"/resend" {
		t.Fatalf("the timeline resends by %q", action)
	}
	answer := owner.Post(action, url.Values{"next": {path}}).WantStatus(http.StatusSeeOther)
	if to := answer.Header.Get("Location"); to != path {
		t.Errorf("it goes on at %q", to)
	}
}

// TestBulk_pages goes through the pages of an act on many: what it needs, what it
// would do, its progress.
func TestBulk_pages(t *testing.T) {
	kit := testkit.New(t)
	addCrowd(t, kit, 130)
	owner := kit.As(t, "owner")
	page := owner.Get("/admin/members/bulk?act=mail&scope=all&q=crowd").WantStatus(http.StatusOK)
	if got := page.Text(".lead"); got != "130 accounts: all that the search finds" {
		t.Errorf("it is for %q", got)
	}
	form := url.Values{"act": {"mail"}, "scope": {"all"}, "q": {"crowd"}, "subject": {"Concert"}, "text": {"Doors at eight.\n\n<b>Bring friends.</b>"}}
	page = owner.Post("/admin/members/bulk", form).WantStatus(http.StatusOK)
	for _, want := range []string{"130 accounts will get this mail", "Concert", "Doors at eight.", "<b>Bring friends.</b>", "The team of Radio Lumière writes to its members:"} {
		if !strings.Contains(page.Text(".admin-body"), want) {
			t.Errorf("the preview lacks %q", want)
		}
	}
	if mails := kit.Letters(t, "crowd00@demo.test"); len(mails) != 0 {
		t.Error("the preview writes mails")
	}
	form.Set("sure", "1")
	answer := owner.Post("/admin/members/bulk", form).WantStatus(http.StatusSeeOther)
	job := answer.Header.Get("Location")
	page = owner.Get(job).WantStatus(http.StatusOK)
	if page.Attr("progress", "max") != "130" || page.Header.Get("Refresh") == "" {
		t.Error("the page does not show the progress")
	}
	workedOff(t, kit)
	page = owner.Get(job)
	if body := page.Text(".admin-body"); !strings.Contains(body, "Done") || !strings.Contains(body, "Mails written130") || page.Header.Get("Refresh") != "" {
		t.Errorf("at its end the page says %q", body)
	}
	if mails := kit.Letters(t, "crowd77@demo.test"); len(mails) != 1 || mails[0].Subject != "Concert" {
		t.Errorf("mails = %+v", mails)
	}
	if !strings.Contains(owner.Get("/admin/members/jobs").Text("tbody"), "Send a mail") {
		t.Error("the job is not listed")
	}
}

func TestBulk_refused(t *testing.T) {
	kit := testkit.New(t)
	owner := kit.As(t, "owner")
	page := owner.Get("/admin/members/bulk?act=extend").WantStatus(http.StatusUnprocessableEntity)
	if !strings.Contains(page.Text("[role=alert]"), "Select at least one account") {
		t.Error("it is not said that nobody was selected")
	}
	owner.Get("/admin/members/bulk?act=erase&scope=all").WantStatus(http.StatusNotFound)
	form := url.Values{"act": {"extend"}, "id": {personOf(t, kit, "anna").ID}, "days": {"0"}}
	if page = owner.Post("/admin/members/bulk", form).WantStatus(http.StatusUnprocessableEntity); page.Text("#days-error") == "" {
		t.Error("no days are not explained")
	}
	form = url.Values{"act": {"revoke"}, "id": {personOf(t, kit, "ben").ID}}
	page = owner.Post("/admin/members/bulk", form).WantStatus(http.StatusOK)
	if !strings.Contains(page.Text(".admin-body"), "None of these accounts has such a grant") || page.Doc().Find("button[name=sure]").Length() != 0 {
		t.Errorf("taking nothing back is offered: %s", page.Text(".admin-body"))
	}
	support := kit.Staff(t, paywall.RoleSupport)
	support.Get("/admin/members/bulk?act=export&scope=all").WantStatus(http.StatusNotFound)
	if support.Get("/admin/members").Doc().Find("option[value=export]").Length() != 0 {
		t.Error("support is offered to export")
	}
	kit.Clock.Advance(time.Hour) // the proof of who one is is old
	form = url.Values{"act": {"block"}, "id": {personOf(t, kit, "anna").ID}, "sure": {"1"}}
	answer := owner.Post("/admin/members/bulk", form).WantStatus(http.StatusSeeOther)
	if !strings.HasPrefix(answer.Header.Get("Location"), "/account/prove") {
		t.Error("blocking asks for no proof")
	}
	if page = owner.Get("/admin/members/bulk?act=block&scope=all"); page.Doc().Find("a[href^='/account/prove']").Length() == 0 {
		t.Error("the page does not lead to the proof")
	}
}

func TestMembers_export(t *testing.T) {
	kit := testkit.New(t)
	owner := kit.As(t, "owner")
	anna := personOf(t, kit, "anna")
	anna.Name = `=HYPERLINK("http://evil")`
	if err := kit.Site.Store.UpdateUser(t.Context(), anna); err != nil {
		t.Fatal(err)
	}
	answer := owner.Post("/admin/members/export", url.Values{"scope": {"all"}, "q": {"demo.test"}, "mark": {"1"}}).WantStatus(http.StatusOK)
	if got := answer.Header.Get("Content-Disposition"); got != `attachment; filename="members-2026-11-22.csv"` {
		t.Errorf("Content-Disposition %q", got)
	}
	if answer.Header.Get("Cache-Control") != "no-store" || !strings.HasPrefix(answer.Header.Get("Content-Type"), "text/csv") {
		t.Errorf("headers %v", answer.Header)
	}
	text, marked := strings.CutPrefix(answer.Body, "\ufeff")
	if !marked || !strings.Contains(text, "\r\n") {
		t.Error("no mark, or no RFC 4180 line ends")
	}
	lines, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || strings.Join(lines[0], ",") != "email,name,language,access,from,until,note" || len(lines) < 6 {
		t.Fatalf("%q, %v", lines, err)
	}
	if !strings.Contains(text, `"'=HYPERLINK(""http://evil"")"`) {
		t.Errorf("a formula got out:\n%s", text)
	}
	entries, err := kit.Site.Store.AuditOf(t.Context(), personOf(t, kit, "owner").ID, 9)
	if err != nil || !slices.ContainsFunc(entries, func(e paywall.AuditEntry) bool { return e.Action == "member.export" }) {
		t.Errorf("the record says %+v, %v", entries, err)
	}
	if strings.HasPrefix(owner.Post("/admin/members/export", url.Values{"scope": {"all"}, "q": {"nobody"}}).Body, "email,name") == false {
		t.Error("an empty export has no head, or a mark that nobody asked for")
	}
	kit.Clock.Advance(time.Hour)
	owner.Post("/admin/members/export", url.Values{"scope": {"all"}}).WantStatus(http.StatusSeeOther)
}

// uploadFile posts a file as a browser does.
func uploadFile(t *testing.T, c *testkit.Client, text string) *testkit.Answer {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", `C:\Lists\members.csv`)
	if err == nil {
		_, err = part.Write([]byte(text))
	}
	if err == nil {
		err = form.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return c.Do(http.MethodPost, "/admin/members/import", form.FormDataContentType(), &body)
}

func TestMemberImport_pages(t *testing.T) {
	kit := testkit.New(t)
	owner := kit.As(t, "owner")
	owner.Get("/admin/members/import").WantStatus(http.StatusOK)
	job := uploadFile(t, owner, "E-Mail;Name;Access\nnew@demo.test;<i>New</i>;everything\nanna@demo.test;;promo\n=1+1;bad;\n").
		WantStatus(http.StatusSeeOther).Header.Get("Location")
	page := owner.Get(job).WantStatus(http.StatusOK)
	if page.Text("h1") != "Import of members.csv" || page.Attr("#column0 option[selected]", "value") != "email" || page.Attr("#column2 option[selected]", "value") != "access" {
		t.Errorf("the columns are not guessed: %s", page.Text(".admin-body"))
	}
	bad := owner.Post(job, url.Values{"column0": {"email"}, "column1": {"email"}, "column2": {""}}).WantStatus(http.StatusUnprocessableEntity)
	if bad.Text("[role=alert]") == "" {
		t.Error("two columns of one kind are not explained")
	}
	owner.Post(job, url.Values{"column0": {"email"}, "column1": {"name"}, "column2": {"access"}, "bad": {"skip"}}).WantStatus(http.StatusSeeOther)
	if owner.Get(job).Header.Get("Refresh") == "" {
		t.Error("the check does not refresh its page")
	}
	workedOff(t, kit)
	page = owner.Get(job)
	for _, want := range []string{"Lines that make an account1", "Lines that give access to an account that exists1", "Lines with a mistake1", "Start the import"} {
		if !strings.Contains(page.Text(".admin-body"), want) {
			t.Errorf("the check lacks %q:\n%s", want, page.Text(".admin-body"))
		}
	}
	if rows := owner.Get(job + "?show=bad").Doc().Find("tbody tr").Length(); rows != 1 {
		t.Errorf("%d bad lines are shown", rows)
	}
	file := owner.Get(page.Attr("a[href$='errors.csv']", "href")).WantStatus(http.StatusOK)
	if want := "E-Mail,Name,Access,Line,Reason\r\n'=1+1,bad,,4,"; !strings.HasPrefix(file.Body, want) {
		t.Errorf("the error file is %q", file.Body)
	}
	if _, err := kit.Site.Store.UserByEmail(t.Context(), "new@demo.test"); err == nil {
		t.Error("the check made an account")
	}
	owner.Post(job+"/start", nil).WantStatus(http.StatusSeeOther)
	workedOff(t, kit)
	made, err := kit.Site.Store.UserByEmail(t.Context(), "new@demo.test")
	if err != nil {
		t.Fatal(err)
	}
	if body := owner.Get("/admin/members/" + made.ID).Text(".timeline"); !strings.Contains(body, "Account imported") {
		t.Errorf("the timeline is %q", body)
	}
	owner.Post(job+"/undo", nil).WantStatus(http.StatusSeeOther)
	workedOff(t, kit)
	if body := owner.Get(job).Text(".admin-body"); !strings.Contains(body, "Accounts removed1") || !strings.Contains(body, "Grants taken back2") {
		t.Errorf("after taking it back: %s", body)
	}
	owner.Get("/admin/members/" + made.ID).WantStatus(http.StatusNotFound)
}

func TestMemberImport_refused(t *testing.T) {
	kit := testkit.New(t)
	owner := kit.As(t, "owner")
	if page := uploadFile(t, owner, "").WantStatus(http.StatusUnprocessableEntity); page.Text("#file-error") == "" {
		t.Error("an empty file is not explained")
	}
	if page := uploadFile(t, owner, "email\n"+strings.Repeat("x", 21<<20)); page.Status != http.StatusUnprocessableEntity || page.Text("#file-error") == "" {
		t.Errorf("a file too large is answered %d", page.Status)
	}
	owner.Post("/admin/members/import", url.Values{"file": {"x"}}).WantStatus(http.StatusUnsupportedMediaType)
	job := uploadFile(t, owner, "email\nnew@demo.test\n").Header.Get("Location")
	kit.Staff(t, paywall.RoleSupport).Post("/admin/members/jobs/"+strings.TrimPrefix(job, "/admin/members/import/")+"/stop", nil).WantStatus(http.StatusNotFound)
	owner.Post(job+"/start", nil).WantStatus(http.StatusUnprocessableEntity)
	owner.Post(job+"/delete", url.Values{}).WantStatus(http.StatusSeeOther)
	owner.Get(job).WantStatus(http.StatusNotFound)
	kit.Clock.Advance(time.Hour)
	answer := uploadFile(t, owner, "email\nnew@demo.test\n").WantStatus(http.StatusSeeOther)
	if !strings.HasPrefix(answer.Header.Get("Location"), "/account/prove") {
		t.Error("an import asks for no proof")
	}
}

// A list of which no line would do anything is not offered to be run.
func TestMemberImport_nothing(t *testing.T) {
	kit := testkit.New(t)
	owner := kit.As(t, "owner")
	job := uploadFile(t, owner, "email\nnobody\nnothing@\n").WantStatus(http.StatusSeeOther).Header.Get("Location")
	owner.Post(job, url.Values{"column0": {"email"}, "bad": {"skip"}}).WantStatus(http.StatusSeeOther)
	workedOff(t, kit)
	page := owner.Get(job)
	if page.Doc().Find("form[action$='/start']").Length() != 0 || !strings.Contains(page.Text(".notice"), "No line of this file") {
		t.Errorf("the check of useless lines offers a start: %s", page.Text(".admin-body"))
	}
}
