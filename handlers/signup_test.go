package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"usher/internal/config"
	"usher/internal/testkit"
	"usher/paywall"
)

const (
	newcomer    = "nora@listener.test"
	newPassword = "three quiet lamps by the lake"
)

// signUp fills the sign-up form in and follows to the form for the code.
func signUp(t *testing.T, c *testkit.Client, email, password, next string) *testkit.Answer {
	t.Helper()
	form := c.Get("/signup?next=" + url.QueryEscape(next)).WantStatus(http.StatusOK)
	for _, field := range []string{"email", "password", "next"} {
		if form.Doc().Find(`form[action="/signup"] input[name=`+field+`]`).Length() != 1 {
			t.Fatalf("the form has no field %s", field)
		}
	}
	answer := c.Post("/signup", url.Values{
		"email": {email}, "password": {password}, "next": {form.Attr(`form[action="/signup"] input[name=next]`, "value")},
	}).WantStatus(http.StatusSeeOther)
	page := c.Get(answer.Header.Get("Location")).WantStatus(http.StatusOK)
	if page.Doc().Find(`form[action="/code"] input[name=code]`).Length() != 1 {
		t.Fatal("the next form has no field for the code")
	}
	return page
}

func TestSignUp_leadsBackToTheItem(t *testing.T) {
	kit := testkit.New(t)
	visitor := kit.Client(t)
	wall := visitor.Get("/listen/studio-ouvert").WantStatus(http.StatusOK)
	door := wall.Attr(`main a[href^="/signup"]`, "href")
	if door == "" {
		t.Fatal("the wall has no way to an account")
	}
	next, _ := url.Parse(door)
	page := signUp(t, visitor, " Nora@Listener.TEST ", newPassword, next.Query().Get("next"))
	if !strings.Contains(page.Text("main .lead"), newcomer) {
		t.Errorf("the page does not say where the mail went: %q", page.Text("main .lead"))
	}
	letter := kit.Letter(t, newcomer)
	if letter.Kind != paywall.MailConfirm || len(letter.Code) != 6 {
		t.Fatalf("mail %+v", letter)
	}
	done := visitor.Post("/code", url.Values{"code": {letter.Code[:3] + " " + letter.Code[3:]}}).WantStatus(http.StatusSeeOther)
	if got := done.Header.Get("Location"); got != "/listen/studio-ouvert" {
		t.Errorf("after signing up one lands at %q", got)
	}
	if visitor.Get("/listen/studio-ouvert").Doc().Find("audio").Length() != 1 {
		t.Error("it does not play for the new member")
	}
	user, err := kit.Site.Store.UserByEmail(t.Context(), newcomer)
	if err != nil || !user.Confirmed() || user.Role != paywall.RoleMember || user.Language != "en" {
		t.Fatalf("account %+v, %v", user, err)
	}
	consents, err := kit.Site.Store.ConsentsOf(t.Context(), user.ID)
	if err != nil || len(consents) != 1 || consents[0].Version != 1 {
		t.Errorf("consents %+v, %v", consents, err)
	}
	again := kit.Client(t)
	again.Post("/login", url.Values{"email": {newcomer}, "password": {newPassword}}).WantStatus(http.StatusSeeOther)
}

// TestSignUp_linkInAnotherBrowser: the link asks with a button, works where it is
// opened, and the password typed elsewhere does not count there.
func TestSignUp_linkInAnotherBrowser(t *testing.T) {
	kit := testkit.New(t)
	laptop, phone := kit.Client(t), kit.Client(t)
	signUp(t, laptop, newcomer, newPassword, "/listen/studio-ouvert")
	path := kit.Letter(t, newcomer).Path

	for range 3 {
		phone.Do(http.MethodHead, path, "", nil).WantStatus(http.StatusOK)
		page := phone.Get(path).WantStatus(http.StatusOK)
		if page.Header.Get("Referrer-Policy") != "no-referrer" || len(phone.Cookies()) != 0 {
			t.Error("a look at the link leaves traces")
		}
	}
	secret := phone.Get(path).Attr(`form[action="/link"] input[name=secret]`, "value")
	done := phone.Post("/link", url.Values{"secret": {secret}}).WantStatus(http.StatusSeeOther)
	if got := done.Header.Get("Location"); got != "/listen/studio-ouvert" {
		t.Errorf("lands at %q", got)
	}
	phone.Get("/account").WantStatus(http.StatusOK)
	laptop.Get("/account").WantStatus(http.StatusSeeOther)
	user, err := kit.Site.Store.UserByEmail(t.Context(), newcomer)
	if err != nil || user.PasswordHash != "" {
		t.Errorf("a password typed in another browser counts: %+v, %v", user, err)
	}
	over := phone.Post("/link", url.Values{"secret": {secret}}).WantStatus(http.StatusUnprocessableEntity)
	if over.Doc().Find(`form[action="/link"]`).Length() != 0 {
		t.Error("a used link still has its button")
	}
	laptop.Post("/code", url.Values{"code": {kit.Letter(t, newcomer).Code}}).WantStatus(http.StatusUnprocessableEntity)
}

func TestSignUp_byTheOwnersSetting(t *testing.T) {
	kit := testkit.New(t)
	for mode, want := range map[paywall.SignUpMode]int{
		paywall.SignUpOpen: http.StatusSeeOther, paywall.SignUpInvitation: http.StatusForbidden, paywall.SignUpClosed: http.StatusForbidden,
	} {
		settings := paywall.Settings{SignUp: mode, KeepMails: 30, KeepNetworks: 30, KeepPlays: 30}
		if err := kit.Site.Settings.Change(t.Context(), paywall.Actor{Name: "test"}, settings); err != nil {
			t.Fatal(err)
		}
		c := kit.Client(t)
		known := c.Post("/signup", url.Values{"email": {"anna@demo.test"}}).WantStatus(want)
		unknown := c.Post("/signup", url.Values{"email": {"annb@demo.test"}}).WantStatus(want)
		if want == http.StatusForbidden && strings.ReplaceAll(known.Body, "anna@", "annb@") != unknown.Body {
			t.Errorf("%s: known and unknown addresses are told apart", mode)
		}
		shown := c.Get("/signup").WantStatus(http.StatusOK).Doc().Find(`form[action="/signup"]`).Length() == 1
		linked := c.Get("/login").Doc().Find(`a[href^="/signup"]`).Length() == 1
		if shown != (mode == paywall.SignUpOpen) || linked != shown {
			t.Errorf("%s: form %v, link %v", mode, shown, linked)
		}
	}
}

func TestSignUp_refusesWithTheInputKept(t *testing.T) {
	kit := testkit.New(t)
	c := kit.Client(t)
	for field, form := range map[string]url.Values{
		"email":    {"email": {"not an address"}, "password": {newPassword}},
		"password": {"email": {newcomer}, "password": {"short"}},
	} {
		answer := c.Post("/signup", form).WantStatus(http.StatusUnprocessableEntity)
		if answer.Doc().Find("#"+field+"[aria-invalid]").Length() != 1 || answer.Attr("#email", "value") != form.Get("email") {
			t.Errorf("%s: the form does not show what is wrong, or forgot the address", field)
		}
	}
	weak := c.Post("/signup", url.Values{"email": {newcomer}, "password": {"password1234"}}).WantStatus(http.StatusUnprocessableEntity)
	if !strings.Contains(weak.Text("#password-error"), "easy to guess") {
		t.Errorf("a weak password: %q", weak.Text("#password-error"))
	}
}

// TestSignUp_inParallel: of many sign-ups at once with one address there is one
// account, and each mail goes to the stored address alone.
func TestSignUp_inParallel(t *testing.T) {
	kit := testkit.New(t, noLimits)
	clients := make([]*testkit.Client, 50)
	for i := range clients {
		clients[i] = kit.Client(t)
	}
	all := func(do func(i int, c *testkit.Client)) {
		var group sync.WaitGroup
		for i, c := range clients {
			group.Go(func() { do(i, c) })
		}
		group.Wait()
	}
	spellings := []string{newcomer, "NORA@listener.test", " nora@LISTENER.test"}
	all(func(i int, c *testkit.Client) {
		c.Post("/signup", url.Values{"email": {spellings[i%len(spellings)]}}).WantStatus(http.StatusSeeOther)
	})
	letters := kit.Letters(t, newcomer)
	if len(letters) != len(clients) {
		t.Errorf("%d mails for %d sign-ups", len(letters), len(clients))
	}
	var mu sync.Mutex
	entered := 0
	all(func(_ int, c *testkit.Client) {
		for _, letter := range letters {
			if c.Post("/code", url.Values{"code": {letter.Code}}).Status == http.StatusSeeOther {
				mu.Lock()
				entered++
				mu.Unlock()
				return
			}
		}
	})
	if entered > 1 {
		t.Errorf("%d windows got in", entered)
	}
	if users, total, err := kit.Site.Store.ListMembers(t.Context(), paywall.MemberFilter{Text: newcomer}, "", 10, 0); err != nil || total > 1 {
		t.Errorf("%d accounts: %+v, %v", total, users, err)
	}
}

// noLimits lets a test ask as often as it likes.
func noLimits(c *config.Config) {
	free := paywall.Limit{Every: 1, Burst: 1_000_000}
	c.Limits = paywall.Limits{
		PasswordAccount: free, PasswordNetwork: free, PasswordSite: free, Device: free, CodeAccount: free,
		FactorAccount: free, MailAddress: free, MailPlace: free, MailNetwork: free, MailSite: free, MailDevice: free, AskNetwork: free,
	}
}

func TestSignUp_saysWhenToComeBack(t *testing.T) {
	visitor := testkit.New(t, func(c *config.Config) {
		c.Limits.PasswordNetwork = paywall.Limit{Every: time.Hour, Burst: 1}
	}).Client(t)
	form := url.Values{"email": {newcomer}, "password": {newPassword}}
	visitor.Post("/signup", form).WantStatus(http.StatusSeeOther)
	if again := visitor.Post("/signup", form).WantStatus(http.StatusTooManyRequests); again.Header.Get("Retry-After") != "3600" {
		t.Errorf("come back after %q", again.Header.Get("Retry-After"))
	}
}
