package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"usher/internal/testkit"
	"usher/paywall"
)

// setSignUp says who may make an account.
func setSignUp(t *testing.T, kit *testkit.Kit, mode paywall.SignUpMode) {
	t.Helper()
	noFault(t, kit.Site.Settings.ChangeSignUp(t.Context(), paywall.Actor{Name: "test"}, mode))
}

// formWithCode goes on from a typed code to the form for an account.
func formWithCode(t *testing.T, c *testkit.Client, code, item string) *testkit.Answer {
	t.Helper()
	login := c.Post("/redeem", url.Values{"code": {code}, "item": {item}}).WantStatus(http.StatusSeeOther).Header.Get("Location")
	door := c.Get(login).WantStatus(http.StatusOK).Attr(`main a[href^="/signup"]`, "href")
	if door == "" {
		t.Fatal("the sign-in page has no way to an account")
	}
	return c.Get(door).WantStatus(http.StatusOK)
}

// askWithCode sends the form for an account.
func askWithCode(c *testkit.Client, form *testkit.Answer, code, email string) *testkit.Answer {
	next := form.Attr(`form[action="/signup"] input[name=next]`, "value")
	return c.Post("/signup", url.Values{"code": {code}, "email": {email}, "next": {next}})
}

// TestVoucher_invites: where accounts are made by invitation, a stranger comes
// with a code, makes one with it, and hears what it opens.
func TestVoucher_invites(t *testing.T) {
	kit := testkit.New(t)
	setSignUp(t, kit, paywall.SignUpInvitation)
	batch, codes := makeVouchers(t, kit)
	c := kit.Client(t)
	form := formWithCode(t, c, codes[0], "radio-lumiere")
	if form.Attr("#code", "value") != codes[0] || !strings.Contains(form.Text("main .lead"), "With this code") {
		t.Fatalf("the form is %s", form.Text("main"))
	}
	// A slip in the code is told at its field, and mended there.
	slip := askWithCode(c, form, "FEST-0000-0000-0000-0000", newcomer).WantStatus(http.StatusUnprocessableEntity)
	if slip.Doc().Find("#code[aria-invalid]").Length() != 1 || slip.Attr("#email", "value") != newcomer || len(kit.Letters(t, newcomer)) != 0 {
		t.Fatalf("a wrong code: %s", slip.Text("main"))
	}
	askWithCode(c, slip, codes[0], newcomer).WantStatus(http.StatusSeeOther)
	wantCodeNowhere(t, kit, codes[0])
	letter := kit.Letter(t, newcomer)
	done := c.Post("/code", url.Values{"code": {letter.Code}}).WantStatus(http.StatusSeeOther)
	item := c.Get(done.Header.Get("Location")).WantStatus(http.StatusOK)
	if item.Doc().Find("audio").Length() != 1 || !strings.Contains(item.Text(".flash"), "redeemed") {
		t.Errorf("at %s: %s", done.Header.Get("Location"), item.Text("main"))
	}
	user, err := kit.Site.Store.UserByEmail(t.Context(), newcomer)
	noFault(t, err)
	line, err := kit.Site.Handler.Vouchers.Batch(t.Context(), batch.ID)
	noFault(t, err)
	if !user.Confirmed() || line.Tally.Used != 1 {
		t.Errorf("confirmed %v, %d uses", user.Confirmed(), line.Tally.Used)
	}
	wantCodeNowhere(t, kit, codes[0])

	// Used up it invites nobody, in the same words as a code that never was.
	late := kit.Client(t)
	used := askWithCode(late, formWithCode(t, late, codes[0], ""), codes[0], "late@demo.test").WantStatus(http.StatusUnprocessableEntity)
	if used.Text(".field-error") != slip.Text(".field-error") {
		t.Errorf("%q differs from %q", used.Text(".field-error"), slip.Text(".field-error"))
	}
}

// TestVoucher_invitesNotTwice: a code that was used before the mail was answered
// makes no account, by its code and by its link.
func TestVoucher_invitesNotTwice(t *testing.T) {
	kit := testkit.New(t)
	setSignUp(t, kit, paywall.SignUpInvitation)
	_, codes := makeVouchers(t, kit)
	c := kit.Client(t)
	askWithCode(c, formWithCode(t, c, codes[0], ""), codes[0], newcomer).WantStatus(http.StatusSeeOther)
	letter := kit.Letter(t, newcomer)
	kit.WithSession(t, "ben").Post("/redeem", url.Values{"code": {codes[0]}}).WantStatus(http.StatusSeeOther)
	for _, answer := range []*testkit.Answer{
		c.Post("/code/again", nil),
		c.Post("/code", url.Values{"code": {letter.Code}}),
		c.Post("/link", url.Values{"secret": {strings.TrimPrefix(letter.Path, "/link/")}}),
	} {
		answer.WantStatus(http.StatusUnprocessableEntity)
		if !strings.Contains(answer.Text("main"), "cannot be redeemed any more") {
			t.Errorf("the page says %q", answer.Text("main"))
		}
	}
	if _, err := kit.Site.Store.UserByEmail(t.Context(), newcomer); paywall.KindOf(err) != paywall.KindNotFound {
		t.Errorf("there is an account: %v", err)
	}
}

// TestVoucher_tellsNoAddress: whether an address has an account shows nowhere.
func TestVoucher_tellsNoAddress(t *testing.T) {
	kit := testkit.New(t)
	setSignUp(t, kit, paywall.SignUpInvitation)
	_, codes := makeVouchers(t, kit)
	var pages []string
	for _, email := range []string{"anna@demo.test", "annb@demo.test"} {
		c := kit.Client(t)
		page := askWithCode(c, formWithCode(t, c, codes[0], ""), codes[0], email).WantStatus(http.StatusSeeOther)
		if page.Header.Get("Location") != "/code" {
			t.Errorf("%s leads to %s", email, page.Header.Get("Location"))
		}
		pages = append(pages, strings.ReplaceAll(c.Get("/code").WantStatus(http.StatusOK).Text("main"), email, ""))
	}
	if pages[0] != pages[1] {
		t.Errorf("%q differs from %q", pages[0], pages[1])
	}
	if letter := kit.Letter(t, "anna@demo.test"); letter.Kind != paywall.MailExists {
		t.Errorf("who has an account is mailed %s", letter.Kind)
	}
}

// TestVoucher_invitesNobodyWhereClosed: with sign-up closed a code opens no way to
// an account, the page says so, and who makes codes is warned.
func TestVoucher_invitesNobodyWhereClosed(t *testing.T) {
	kit := testkit.New(t)
	batch, codes := makeVouchers(t, kit)
	owner, support, path := kit.WithSession(t, "owner"), kit.Staff(t, paywall.RoleSupport), "/admin/vouchers/"+batch.ID
	const warning, door = "Only people with an account", `main a[href="/admin/settings/sign-up"]`
	if page := owner.Get(path); strings.Contains(page.Text("main"), warning) {
		t.Error("the owner is warned while sign-up is open")
	}
	setSignUp(t, kit, paywall.SignUpClosed)
	c := kit.Client(t)
	if page := c.Get("/redeem/" + codes[0]).WantStatus(http.StatusOK); !strings.Contains(page.Text("main"), warning) {
		t.Errorf("the page says %q", page.Text("main"))
	}
	login := c.Post("/redeem", url.Values{"code": {codes[0]}}).WantStatus(http.StatusSeeOther).Header.Get("Location")
	next := c.Get(login).WantStatus(http.StatusOK)
	if next.Doc().Find(`a[href^="/signup"]`).Length() != 0 {
		t.Error("the sign-in page leads to an account")
	}
	askWithCode(c, next, codes[0], newcomer).WantStatus(http.StatusForbidden)
	for _, page := range []*testkit.Answer{owner.Get("/admin/vouchers/new"), owner.Get(path), owner.Get(path + "/print")} {
		page.WantStatus(http.StatusOK)
		if !strings.Contains(page.Text("main"), warning) || page.Doc().Find(door).Length() != 1 {
			t.Errorf("%s warns of nothing", page.Text("h1"))
		}
	}
	seen := support.Get(path).WantStatus(http.StatusOK)
	if !strings.Contains(seen.Text("main"), warning) || seen.Doc().Find(door).Length() != 0 {
		t.Errorf("support sees %s", seen.Text("main"))
	}
}

// TestRedeem_isFound: the account leads to the page for codes, and so does the home
// page as long as there is a code to redeem.
func TestRedeem_isFound(t *testing.T) {
	kit := testkit.New(t)
	const link = `main a[href="/redeem"]`
	anybody, ben := kit.Client(t), kit.WithSession(t, "ben")
	found := func() bool { return anybody.Get("/").WantStatus(http.StatusOK).Doc().Find(link).Length() == 1 }
	if found() {
		t.Error("the home page leads to codes that there are not")
	}
	_, codes := makeVouchers(t, kit, func(in *paywall.VoucherInput) { in.Codes = 1 })
	if !found() || ben.Get("/account").WantStatus(http.StatusOK).Doc().Find(link).Length() != 1 {
		t.Error("there is no way to redeem a code")
	}
	ben.Post("/redeem", url.Values{"code": {codes[0]}}).WantStatus(http.StatusSeeOther)
	if found() {
		t.Error("the home page leads to codes that are used up")
	}
}
