package handlers_test

import (
	"encoding/csv"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"usher/internal/testkit"
	"usher/paywall"
)

// makeVouchers makes a batch, changed at will, and reads its codes.
func makeVouchers(t *testing.T, kit *testkit.Kit, changes ...func(in *paywall.VoucherInput)) (paywall.VoucherBatch, []string) {
	t.Helper()
	in := paywall.VoucherInput{Name: "Fair", Prefix: "FEST", Codes: 3, Uses: 1, Scope: paywall.ScopeEverything, Days: 30}
	for _, change := range changes {
		change(&in)
	}
	vouchers := kit.Site.Handler.Vouchers
	batch, err := vouchers.Create(t.Context(), paywall.Actor{Name: "test"}, in)
	noFault(t, err)
	lines, err := vouchers.List(t.Context(), batch.ID, in.Codes, 0)
	noFault(t, err)
	var codes []string
	for _, line := range lines {
		code, err := vouchers.Code(line.Voucher)
		noFault(t, err)
		codes = append(codes, code)
	}
	return batch, codes
}

// wantCodeNowhere: a code stands in no line of the log and in no byte of the database.
func wantCodeNowhere(t *testing.T, kit *testkit.Kit, code string) {
	t.Helper()
	bare := strings.ReplaceAll(code, "-", "")
	texts := map[string]string{"the log": kit.Log.String()}
	path := strings.TrimPrefix(kit.Config.DatabaseURL, "sqlite:")
	for _, suffix := range []string{"", "-wal"} {
		file, err := os.ReadFile(path + suffix)
		if err == nil {
			texts["the database"+suffix] = string(file)
		}
	}
	for where, text := range texts {
		if strings.Contains(text, code) || strings.Contains(text, bare) || strings.Contains(text, strings.ToLower(code)) {
			t.Errorf("%s holds the code", where)
		}
	}
}

// TestRedeem_fromThePaywall: somebody signed out types a code on the paywall,
// signs in, and is back on the item, which plays.
func TestRedeem_fromThePaywall(t *testing.T) {
	kit := testkit.New(t)
	_, codes := makeVouchers(t, kit)
	visitor := kit.Client(t)
	wall := visitor.Get("/listen/radio-lumiere").WantStatus(http.StatusOK)
	if got := wall.Attr("form[action='/redeem'] input[name=item]", "value"); got != "radio-lumiere" {
		t.Fatalf("the paywall's field is for %q", got)
	}
	login := visitor.Post("/redeem", url.Values{"code": {codes[0]}, "item": {"radio-lumiere"}}).WantStatus(http.StatusSeeOther).Header.Get("Location")
	if !strings.HasPrefix(login, "/login?next=%2Fredeem%3Fkept%3D") || strings.Contains(login, "FEST") {
		t.Fatalf("signed out one is sent to %s", login)
	}
	next := visitor.Get(login).WantStatus(http.StatusOK).Attr("input[name=next]", "value")
	back := visitor.Post("/login", url.Values{"email": {"ben@demo.test"}, "password": {"demo-demo-demo"}, "next": {next}})
	page := visitor.Get(back.WantStatus(http.StatusSeeOther).Header.Get("Location")).WantStatus(http.StatusOK)
	if page.Attr("#code", "value") != codes[0] || page.Attr("input[name=item]", "value") != "radio-lumiere" {
		t.Fatalf("after the sign-in the form has %q", page.Attr("#code", "value"))
	}
	done := visitor.Post("/redeem", url.Values{"code": {page.Attr("#code", "value")}, "item": {"radio-lumiere"}}).WantStatus(http.StatusSeeOther)
	if got := done.Header.Get("Location"); got != "/listen/radio-lumiere" {
		t.Errorf("after redeeming one lands at %s", got)
	}
	item := visitor.Get("/listen/radio-lumiere").WantStatus(http.StatusOK)
	if item.Doc().Find("audio").Length() != 1 || !strings.Contains(item.Text(".flash"), "redeemed") {
		t.Errorf("it does not play: %s", item.Text("main"))
	}
	if letter := kit.Letter(t, "ben@demo.test"); letter.Kind != paywall.MailRedeemed || letter.Until.IsZero() {
		t.Errorf("the mail is %+v", letter)
	}
	if account := visitor.Get("/account"); !strings.Contains(account.Text(".rows"), "Everything") {
		t.Errorf("the account lists %s", account.Text(".rows"))
	}
	wantCodeNowhere(t, kit, codes[0])
}

// TestRedeem_throughSignUp: the code survives a sign-up by mail in another
// browser, and lies nowhere in the clear meanwhile.
func TestRedeem_throughSignUp(t *testing.T) {
	kit := testkit.New(t)
	_, codes := makeVouchers(t, kit)
	visitor := kit.Client(t)
	login := visitor.Post("/redeem", url.Values{"code": {strings.ToLower(codes[0])}}).WantStatus(http.StatusSeeOther).Header.Get("Location")
	next, err := url.Parse(login)
	noFault(t, err)
	signUp(t, visitor, newcomer, newPassword, next.Query().Get("next"))
	wantCodeNowhere(t, kit, codes[0])
	letter := kit.Letter(t, newcomer)
	phone := kit.Client(t)
	link := phone.Get(letter.Path).WantStatus(http.StatusOK)
	in := phone.Post("/link", url.Values{"secret": {link.Attr("input[name=secret]", "value")}}).WantStatus(http.StatusSeeOther)
	page := phone.Get(in.Header.Get("Location")).WantStatus(http.StatusOK)
	if page.Attr("#code", "value") != strings.ToLower(codes[0]) {
		t.Fatalf("in the other browser the form has %q at %s", page.Attr("#code", "value"), in.Header.Get("Location"))
	}
	phone.Post("/redeem", url.Values{"code": {page.Attr("#code", "value")}}).WantStatus(http.StatusSeeOther)
	if phone.Get("/listen/radio-lumiere").Doc().Find("audio").Length() != 1 {
		t.Error("it does not play for the new member")
	}
}

// TestRedeem_lookingUsesNothing: a scanner of mails and a camera may look.
func TestRedeem_lookingUsesNothing(t *testing.T) {
	kit := testkit.New(t)
	batch, codes := makeVouchers(t, kit)
	ben := kit.WithSession(t, "ben")
	for _, client := range []*testkit.Client{kit.Client(t), ben} {
		for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodGet} {
			answer := client.Do(method, "/redeem/"+codes[0], "", nil).WantStatus(http.StatusOK)
			for header, want := range map[string]string{"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex", "Cache-Control": "no-store"} {
				if got := answer.Header.Get(header); got != want {
					t.Errorf("%s: %q", header, got)
				}
			}
			if method == http.MethodGet && (answer.Attr("#code", "value") != codes[0] || strings.Count(answer.Body, codes[0]) != 1) {
				t.Errorf("the page holds the code %d times", strings.Count(answer.Body, codes[0]))
			}
		}
	}
	if got := ben.Get("/redeem/"+codes[0]+"/").WantStatus(http.StatusOK).Attr("#code", "value"); got != codes[0] {
		t.Errorf("with a slash behind it the code is %q", got)
	}
	ben.Get("/redeem?code=" + codes[0]).WantStatus(http.StatusOK)
	line, err := kit.Site.Handler.Vouchers.Batch(t.Context(), batch.ID)
	noFault(t, err)
	if line.Tally.Used != 0 {
		t.Error("looking used a code")
	}
	wantCodeNowhere(t, kit, codes[0])
}

func TestRedeem_refusals(t *testing.T) {
	kit := testkit.New(t)
	_, codes := makeVouchers(t, kit)
	ben := kit.WithSession(t, "ben")
	wrong := ben.Post("/redeem", url.Values{"code": {"FEST-0000-0000-0000-0000"}, "item": {"le-concert"}}).WantStatus(422)
	if wrong.Attr("#code", "value") != "FEST-0000-0000-0000-0000" || wrong.Attr("input[name=item]", "value") != "le-concert" || !strings.Contains(wrong.Text("main"), "Back to “Le Concert”") {
		t.Errorf("what was typed is gone: %s", wrong.Text("main"))
	}
	ben.Post("/redeem", url.Values{"code": {codes[0]}}).WantStatus(http.StatusSeeOther)
	again := ben.Post("/redeem", url.Values{"code": {codes[0]}}).WantStatus(422)
	if !strings.Contains(again.Text(".field-error"), "already") {
		t.Errorf("who used it is told %q", again.Text(".field-error"))
	}
	// The answers to a wrong code and to one that somebody else used are one.
	carla := kit.WithSession(t, "carla")
	used := carla.Post("/redeem", url.Values{"code": {codes[0]}}).WantStatus(422)
	never := carla.Post("/redeem", url.Values{"code": {"FEST-0000-0000-0000-0000"}}).WantStatus(422)
	if used.Text(".field-error") != never.Text(".field-error") {
		t.Errorf("%q differs from %q", used.Text(".field-error"), never.Text(".field-error"))
	}
	for _, typed := range []string{"", "short", strings.Repeat("x", 5000)} {
		kit.Client(t).Post("/redeem", url.Values{"code": {typed}}).WantStatus(422)
	}
	for range 8 {
		carla.Post("/redeem", url.Values{"code": {"FEST-0000-0000-0000-0000"}}).WantStatus(422)
	}
	busy := carla.Post("/redeem", url.Values{"code": {codes[1]}}).WantStatus(http.StatusTooManyRequests)
	if busy.Header.Get("Retry-After") == "" || !strings.Contains(busy.Text(".notice-bad"), "Too many codes") {
		t.Errorf("who guesses is told %q", busy.Text("main"))
	}
	kit.Client(t).Get("/redeem?kept=nonsense").WantStatus(http.StatusOK)
}

func TestVouchers_makeAndList(t *testing.T) {
	kit := testkit.New(t)
	owner := kit.WithSession(t, "owner")
	if empty := owner.Get("/admin/vouchers").WantStatus(http.StatusOK); !strings.Contains(empty.Text(".empty"), "No vouchers yet") {
		t.Errorf("an empty list says %q", empty.Text("main"))
	}
	item, err := kit.Site.Store.ItemBySlug(t.Context(), "le-concert")
	noFault(t, err)
	form := url.Values{
		"name": {"Festival"}, "prefix": {"fest"}, "codes": {"120"}, "uses": {"2"}, "opens": {"item:" + item.ID}, "lasts": {"until"}, "until": {"2026-12-24"},
		"days": {"30"}, "valid_from": {"2026-11-01"}, "valid_until": {"2026-12-01"}, "note": {"at the door"}, "again": {"1"},
	}
	made := owner.Post("/admin/vouchers/new", form).WantStatus(http.StatusSeeOther).Header.Get("Location")
	line, err := kit.Site.Handler.Vouchers.Batch(t.Context(), strings.TrimPrefix(made, "/admin/vouchers/"))
	noFault(t, err)
	zone := kit.Config.Zone
	want := paywall.VoucherBatch{
		ID: line.Batch.ID, Name: "Festival", Prefix: "FEST", Codes: 120, Uses: 2, Again: true, Scope: paywall.ScopeItem, TargetID: item.ID,
		Until: time.Date(2026, 12, 25, 0, 0, 0, 0, zone).UTC(), ValidFrom: time.Date(2026, 11, 1, 0, 0, 0, 0, zone).UTC(),
		ValidUntil: time.Date(2026, 12, 2, 0, 0, 0, 0, zone).UTC(), Note: "at the door", CreatedAt: testkit.Start,
	}
	if line.Batch != want {
		t.Errorf("made %+v\nwant %+v", line.Batch, want)
	}
	for n := range 60 {
		makeVouchers(t, kit, func(in *paywall.VoucherInput) { in.Name, in.Codes = "Series "+strconv.Itoa(100+n), 1 })
	}
	list := owner.Get("/admin/vouchers?sort=name").WantStatus(http.StatusOK)
	if rows := list.Doc().Find("tbody tr").Length(); rows != 50 || !strings.Contains(list.Text("tbody tr"), "FestivalLe Concert") {
		t.Errorf("%d rows, first %q", rows, list.Text("tbody tr"))
	}
	if next := list.Attr("a[rel=next]", "href"); next != "/admin/vouchers?page=2&sort=name" || owner.Get(next).Doc().Find("tbody tr").Length() != 11 {
		t.Errorf("the next page is %q", next)
	}
	if rows := owner.Get("/admin/vouchers?q=door").Doc().Find("tbody tr").Length(); rows != 1 {
		t.Errorf("the search finds %d", rows)
	}
	batch, codes := makeVouchers(t, kit, func(in *paywall.VoucherInput) { in.Codes = 120 })
	held := kit.Staff(t, paywall.RoleSupport).Get("/admin/vouchers?q=" + strings.ToLower(codes[100])).WantStatus(http.StatusSeeOther).Header.Get("Location")
	if held != "/admin/vouchers/"+batch.ID+"?page=3#code-101" {
		t.Errorf("a code in hand leads to %s", held)
	}
	if row := owner.Get(held[:strings.Index(held, "#")]).Doc().Find("#code-101 .cell-name"); row.Find("code").Text() != codes[100] || row.Find("p").Text() != "No.\u00a0101" {
		t.Errorf("the code and its number read %q", row.Text())
	}
	owner.Get("/admin/vouchers?q=FEST-0000-0000-0000-0000").WantStatus(http.StatusOK)
	owner.Get("/admin/vouchers?sort=id%3BDROP&page=-1").WantStatus(http.StatusOK)

	for field, value := range map[string]string{"name": "", "codes": "10001", "uses": "x", "lasts": "", "until": "soon", "valid_until": "2020-01-01", "opens": ""} {
		bad := url.Values{}
		for name, values := range form {
			bad[name] = values
		}
		bad.Set(field, value)
		answer := owner.Post("/admin/vouchers/new", bad).WantStatus(422)
		if answer.Attr("#note", "value") != "at the door" || answer.Doc().Find(".field-error").Length() != 1 {
			t.Errorf("%s=%q: %d errors, note %q", field, value, answer.Doc().Find(".field-error").Length(), answer.Attr("#note", "value"))
		}
	}
}

// TestVouchers_otherChoice: what was typed for a choice that is not made is
// refused at its field, and not dropped.
func TestVouchers_otherChoice(t *testing.T) {
	kit := testkit.New(t)
	owner := kit.WithSession(t, "owner")
	for _, test := range []struct{ lasts, days, until, refused string }{
		{"days", "30", "2026-12-24", "until"}, {"ever", "30", "2026-12-24", "until"}, {"ever", "60", "", "days"}, {"until", "60", "2026-12-24", "days"},
		{"until", "30", "2026-12-24", ""}, {"until", "", "2026-12-24", ""}, {"ever", "30", "", ""}, {"days", "60", "", ""},
	} {
		answer := owner.Post("/admin/vouchers/new", url.Values{
			"name": {"Fair"}, "codes": {"1"}, "uses": {"1"}, "opens": {"everything"}, "lasts": {test.lasts}, "days": {test.days}, "until": {test.until},
		})
		if test.refused == "" {
			answer.WantStatus(http.StatusSeeOther)
			continue
		}
		answer.WantStatus(http.StatusUnprocessableEntity)
		if answer.Doc().Find("#"+test.refused+"[aria-invalid]").Length() != 1 || answer.Attr("#until", "value") != test.until {
			t.Errorf("%+v: %q, the date is %q", test, answer.Text(".field-error"), answer.Attr("#until", "value"))
		}
	}
}

// TestVouchers_whoSeesCodes: codes are like money.
func TestVouchers_whoSeesCodes(t *testing.T) {
	kit := testkit.New(t)
	batch, codes := makeVouchers(t, kit)
	path := "/admin/vouchers/" + batch.ID
	for _, role := range []paywall.Role{paywall.RoleReader, paywall.RoleSupport} {
		answer := kit.Staff(t, role).Get(path).WantStatus(http.StatusOK)
		if strings.Contains(answer.Body, codes[0]) || !strings.Contains(answer.Body, "FEST-••••-••••-••••-"+codes[0][len(codes[0])-4:]) {
			t.Errorf("%s sees %s", role, answer.Text("table"))
		}
		if n := answer.Doc().Find("form[action$='/void']").Length(); (n > 0) != (role == paywall.RoleSupport) {
			t.Errorf("%s is offered %d forms to void", role, n)
		}
		if answer.Doc().Find("form[action$='/mail'], form[action$='/export'], form[action$='/extend']").Length() != 0 {
			t.Errorf("%s is offered what an owner may do", role)
		}
	}
	owner := kit.WithSession(t, "owner")
	if answer := owner.Get(path); !strings.Contains(answer.Body, codes[0]) {
		t.Error("the owner does not see the codes")
	}
	kit.Clock.Advance(time.Hour)
	if answer := owner.Get(path).WantStatus(http.StatusOK); strings.Contains(answer.Body, codes[0]) || answer.Doc().Find("a[href^='/account/prove']").Length() == 0 {
		t.Error("an owner who left the desk still shows the codes")
	}
	for _, do := range []func() *testkit.Answer{
		func() *testkit.Answer { return owner.Get(path + "/print") },
		func() *testkit.Answer { return owner.Post(path+"/export", nil) },
		func() *testkit.Answer { return owner.Post(path+"/mail", url.Values{"addresses": {"a@b.example"}}) },
	} {
		answer := do().WantStatus(http.StatusSeeOther)
		if !strings.HasPrefix(answer.Header.Get("Location"), "/account/prove") {
			t.Errorf("sent to %s", answer.Header.Get("Location"))
		}
	}
}

func TestVouchers_paper(t *testing.T) {
	kit := testkit.New(t)
	batch, codes := makeVouchers(t, kit, func(in *paywall.VoucherInput) { in.Codes = 130 })
	owner, base := kit.WithSession(t, "owner"), kit.Config.BaseURL.String()
	path := "/admin/vouchers/" + batch.ID
	noFault(t, kit.Site.Handler.Vouchers.Void(t.Context(), paywall.Actor{}, batch.ID, voucherID(t, kit, batch, 1)))
	owner.Post(path+"/mail", url.Values{"addresses": {"=cmd@demo.test"}}).WantStatus(http.StatusSeeOther) // takes the last code
	kit.WithSession(t, "ben").Post("/redeem", url.Values{"code": {codes[1]}}).WantStatus(http.StatusSeeOther)

	sheet := owner.Get(path + "/print").WantStatus(http.StatusOK)
	if n := sheet.Doc().Find(".voucher-card svg path").Length(); n != 98 { // a void one and a used one are left out
		t.Errorf("%d cards", n)
	}
	if first := sheet.Text(".voucher-card"); !strings.Contains(first, codes[2]) || !strings.Contains(first, base+"/redeem") || !strings.Contains(first, "30 days from redeeming") {
		t.Errorf("the first card says %s", first)
	}
	second := owner.Get(sheet.Attr("a[rel=next]", "href")).WantStatus(http.StatusOK)
	if n := second.Doc().Find(".voucher-card").Length(); n != 29 { // the last one was mailed
		t.Errorf("%d cards on the second sheet", n)
	}
	if sheet.Doc().Find("main img, script:not([src^='/static/js/forms.'])").Length() != 0 {
		t.Error("the sheet loads something that is not needed")
	}
	// Without the script the button stays hidden; the browser prints by its menu.
	if sheet.Doc().Find("button[data-print][hidden]").Length() != 1 || sheet.Doc().Find("script").Length() != 1 {
		t.Error("the sheet has no button to print")
	}

	file := owner.Post(path+"/export", nil).WantStatus(http.StatusOK)
	rows, err := csv.NewReader(strings.NewReader(file.Body)).ReadAll()
	noFault(t, err)
	if len(rows) != 131 || rows[3][1] != codes[2] || rows[3][2] != base+"/redeem/"+codes[2] || rows[1][3] != "Void" || rows[2][3] != "Used up" {
		t.Errorf("%d rows: %v", len(rows), rows[:4])
	}
	if last := rows[130]; last[3] != "Mailed" || last[6] != "'=cmd@demo.test" {
		t.Errorf("the last row is %v", last)
	}
	if !strings.HasPrefix(file.Header.Get("Content-Disposition"), "attachment") {
		t.Errorf("disposition %q", file.Header.Get("Content-Disposition"))
	}
	record, err := kit.Site.Store.RecentAudit(t.Context(), 50, 0)
	noFault(t, err)
	exported, printed := 0, 0
	for _, entry := range record {
		if entry.Action == "voucher.export" && entry.Actor.Name == "owner@demo.test" {
			exported++
		}
		if entry.Action == "voucher.print" && entry.Actor.Name == "owner@demo.test" && strings.HasPrefix(entry.Detail, "batch: Fair\ncodes: 1") {
			printed++
		}
		if strings.Contains(entry.Detail, codes[1]) {
			t.Errorf("the record holds a code: %s", entry.Detail)
		}
	}
	if exported != 1 || printed != 2 {
		t.Errorf("%d lines about the export, %d about sheets", exported, printed)
	}
}

// voucherID is the id of a code by its number.
func voucherID(t *testing.T, kit *testkit.Kit, batch paywall.VoucherBatch, number int) string {
	t.Helper()
	lines, err := kit.Site.Handler.Vouchers.List(t.Context(), batch.ID, 1, number-1)
	noFault(t, err)
	return lines[0].Voucher.ID
}

func TestVouchers_mailToAList(t *testing.T) {
	kit := testkit.New(t)
	batch, codes := makeVouchers(t, kit)
	owner := kit.WithSession(t, "owner")
	path := "/admin/vouchers/" + batch.ID
	answer := owner.Post(path+"/mail", url.Values{"addresses": {"Nora <nora@listener.test>\nno address\nben@demo.test"}, "language": {"fr"}}).WantStatus(422)
	if got := answer.Text("#addresses"); got != "no address" {
		t.Errorf("left in the form: %q", got)
	}
	if !strings.Contains(answer.Text(".flash"), "2 codes are on their way") || !strings.Contains(answer.Text(".mail-problems"), "no address") {
		t.Errorf("the page says %q and %q", answer.Text(".flash"), answer.Text(".mail-problems"))
	}
	letter := kit.Letter(t, newcomer)
	if letter.Kind != paywall.MailVoucher || letter.Language != "fr" || letter.Voucher != codes[2] {
		t.Fatalf("the letter is %+v", letter)
	}
	subject, text, err := kit.Site.Handler.Letter(t.Context(), letter.Mail)
	noFault(t, err)
	if !strings.Contains(subject, "Un bon pour vous") || !strings.Contains(text, kit.Config.BaseURL.String()+"/redeem/"+codes[2]) || !strings.Contains(text, "30 jours") {
		t.Errorf("%s\n%s", subject, text)
	}
	if page := owner.Get(path); !strings.Contains(page.Text("tbody"), newcomer) {
		t.Errorf("the list does not say who got it: %s", page.Text("tbody"))
	}
	owner.Post(path+"/mail", url.Values{"addresses": {"one@listener.test"}}).WantStatus(http.StatusSeeOther)
	none := owner.Post(path+"/mail", url.Values{"addresses": {"two@listener.test"}}).WantStatus(422)
	if !strings.Contains(none.Text(".mail-problems"), "No code is left") {
		t.Errorf("without codes: %q", none.Text(".mail-problems"))
	}
	owner.Post(path+"/mail", url.Values{"addresses": {" "}}).WantStatus(422)

	// The mailed code works, and whoever used it stands in the list.
	ben := kit.WithSession(t, "ben")
	ben.Post("/redeem", url.Values{"code": {kit.Letter(t, "ben@demo.test").Voucher}}).WantStatus(http.StatusSeeOther)
	used := owner.Get(path + "?list=redeemed").WantStatus(http.StatusOK)
	if got := used.Attr("tbody a", "href"); got != memberPath(t, kit, "ben") {
		t.Errorf("who redeemed leads to %q", got)
	}
	wantCodeNowhere(t, kit, codes[2])
}

func TestVouchers_voidAndExtend(t *testing.T) {
	kit := testkit.New(t)
	batch, codes := makeVouchers(t, kit)
	support, owner := kit.Staff(t, paywall.RoleSupport), kit.WithSession(t, "owner")
	path := "/admin/vouchers/" + batch.ID
	one := path + "/" + voucherID(t, kit, batch, 1) + "/void"
	support.Post(one, nil).WantStatus(http.StatusSeeOther)
	support.Post(one, nil).WantStatus(422)
	support.Post(path+"/extend", url.Values{"valid_until": {"2026-12-24"}}).WantStatus(http.StatusNotFound)
	ben := kit.WithSession(t, "ben")
	ben.Post("/redeem", url.Values{"code": {codes[0]}}).WantStatus(422)

	owner.Post(path+"/extend", url.Values{"valid_until": {"2026-12-24"}}).WantStatus(http.StatusSeeOther)
	if got := owner.Get(path).Attr("#valid_until", "value"); got != "2026-12-24" {
		t.Errorf("valid until %q", got)
	}
	bad := owner.Post(path+"/extend", url.Values{"valid_until": {"2020-01-01"}}).WantStatus(422)
	if bad.Attr("#valid_until", "value") != "2020-01-01" || bad.Doc().Find(".field-error").Length() != 1 {
		t.Errorf("a past date: %s", bad.Text("main"))
	}
	support.Post(path+"/void", nil).WantStatus(http.StatusSeeOther)
	ben.Post("/redeem", url.Values{"code": {codes[1]}}).WantStatus(422)
	if got := support.Get(path).Text(".tally"); got != "Codes3Used0Left0Void3Ended unused0" {
		t.Errorf("the counts are %q", got)
	}
	support.Post("/admin/vouchers/none/void", nil).WantStatus(http.StatusNotFound)
	support.Post("/admin/vouchers/none/"+voucherID(t, kit, batch, 2)+"/void", nil).WantStatus(http.StatusNotFound)
}

// TestRedeem_fiftyAtOnce: fifty browsers press the button with one code.
func TestRedeem_fiftyAtOnce(t *testing.T) {
	kit := testkit.New(t)
	batch, codes := makeVouchers(t, kit, func(in *paywall.VoucherInput) { in.Codes = 1 })
	var clients []*testkit.Client
	for n := range 50 {
		name := "crowd" + strconv.Itoa(n)
		_, err := kit.Site.Auth.CreateConfirmed(t.Context(), paywall.Actor{Name: "test"}, paywall.NewUser{Email: name + "@demo.test", Role: paywall.RoleMember})
		noFault(t, err)
		clients = append(clients, kit.WithSession(t, name))
	}
	statuses := make([]int, len(clients))
	var all sync.WaitGroup
	for n, client := range clients {
		all.Go(func() { statuses[n] = client.Post("/redeem", url.Values{"code": {codes[0]}}).Status })
	}
	all.Wait()
	counts := map[int]int{}
	for _, status := range statuses {
		counts[status]++
	}
	if counts[http.StatusSeeOther] != 1 || counts[http.StatusUnprocessableEntity] != 49 {
		t.Errorf("answers by status: %v", counts)
	}
	_, mails, err := kit.Site.Store.Mails(t.Context(), "", "crowd", 99, 0)
	noFault(t, err)
	line, err := kit.Site.Handler.Vouchers.Batch(t.Context(), batch.ID)
	noFault(t, err)
	if mails != 1 || line.Tally.Used != 1 {
		t.Errorf("%d mails, %d uses", mails, line.Tally.Used)
	}
}
