package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"usher/internal/testkit"
	"usher/paywall"
)

const ownersPassword = "three quiet lamps by the lake"

// setupPath makes the address of the set-up.
func setupPath(t *testing.T, kit *testkit.Kit) string {
	t.Helper()
	path, _, err := kit.Site.Auth.OfferSetup(t.Context(), paywall.Actor{Name: "test"})
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func ownersForm() url.Values {
	return url.Values{"email": {"Olivia@Radio.Example"}, "name": {"Olivia"}, "password": {ownersPassword}}
}

// setUp makes the first owner and answers their browser.
func setUp(t *testing.T, kit *testkit.Kit) *testkit.Client {
	t.Helper()
	owner := kit.Client(t)
	owner.Post(setupPath(t, kit), ownersForm()).WantStatus(http.StatusSeeOther)
	return owner
}

// TestSetup: whoever has the address becomes the owner and is signed in at once,
// without a mail.
func TestSetup(t *testing.T) {
	kit := testkit.NewEmpty(t)
	path, owner := setupPath(t, kit), kit.Client(t)
	for range 3 { // looking uses nothing up
		page := owner.Get(path).WantStatus(http.StatusOK)
		if page.Header.Get("Referrer-Policy") != "no-referrer" || page.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("headers %v", page.Header)
		}
		if strings.Contains(page.Attr(".site-nav a", "href"), "setup") {
			t.Error("the sign-in link carries the secret on")
		}
		if page.Attr("main form", "action") != path || len(owner.Cookies()) != 0 {
			t.Errorf("the form goes to %q, cookies %v", page.Attr("main form", "action"), owner.Cookies())
		}
	}
	form := ownersForm()
	form.Set("password", "short")
	if page := owner.Post(path, form).WantStatus(http.StatusUnprocessableEntity); page.Text("#password-error") == "" || page.Attr("#email", "value") != "Olivia@Radio.Example" {
		t.Errorf("a short password: %q", page.Text("main"))
	}
	form.Del("password")
	owner.Post(path, form).WantStatus(http.StatusUnprocessableEntity)
	answer := owner.Post(path, ownersForm()).WantStatus(http.StatusSeeOther)
	if got := answer.Header.Get("Location"); got != "/admin/setup" {
		t.Fatalf("led to %q", got)
	}
	page := owner.Get("/admin/setup").WantStatus(http.StatusOK)
	if page.Text(".flash") == "" || !strings.Contains(page.Text(".todo-done"), "olivia@radio.example") {
		t.Errorf("the list says %q", page.Text("main"))
	}
	user, err := kit.Site.Store.UserByEmail(t.Context(), "olivia@radio.example")
	if err != nil || user.Role != paywall.RoleOwner || !user.Confirmed() || user.Language != "en" {
		t.Errorf("account %+v, %v", user, err)
	}
	if strings.Contains(kit.Log.String(), strings.TrimPrefix(path, "/setup/")) {
		t.Error("the secret stands in the log")
	}
}

// TestSetup_language: the language in which the owner sets the site up becomes the
// site's own, and mails to people who chose none speak it.
func TestSetup_language(t *testing.T) {
	kit := testkit.NewEmpty(t)
	path, owner := setupPath(t, kit), kit.Client(t)
	owner.Post("/language", url.Values{"lang": {"de"}, "next": {path}}).WantStatus(http.StatusSeeOther)
	owner.Post(path, ownersForm()).WantStatus(http.StatusSeeOther)
	page := owner.Get("/admin/settings/look").WantStatus(http.StatusOK)
	if got := page.Attr("#language option[selected]", "value"); got != "de" || page.Doc().Find("input[name=languages][checked]").Length() != 5 {
		t.Errorf("the site's own language is %q", got)
	}
	owner.Post("/language", url.Values{"lang": {"fr"}, "next": {"/"}}).WantStatus(http.StatusSeeOther) // the pages' alone
	owner.Post("/admin/settings/sign-up", url.Values{"sign_up": {"invitation"}}).WantStatus(http.StatusSeeOther)
	owner.Post("/admin/setup/invite", url.Values{"email": {"nora@listener.test"}, "how": {"mail"}}).WantStatus(http.StatusSeeOther)
	if got := written(t, kit, "nora@listener.test"); !strings.Contains(got.HTML, `<html lang="de">`) {
		t.Errorf("the invitation says %q", got.Text)
	}
	form := url.Values{"email": {"otto@listener.test"}, "how": {"link"}, "opens": {"everything"}}
	owner.Post("/admin/setup/invite", form).WantStatus(http.StatusOK)
	grant := url.Values{"email": {"otto@listener.test"}, "opens": {"everything"}, "notify": {"yes"}}
	owner.Post("/admin/grants", grant).WantStatus(http.StatusSeeOther)
	if got := written(t, kit, "otto@listener.test"); !strings.Contains(got.HTML, `<html lang="de">`) {
		t.Errorf("the mail about the access says %q", got.Text)
	}
}

// TestSetup_noHint: without the right secret the set-up answers like a page that
// does not exist, whether it is open or closed.
func TestSetup_noHint(t *testing.T) {
	kit := testkit.NewEmpty(t)
	stranger, path := kit.Client(t), setupPath(t, kit)
	page := func(path string) string {
		text := mask(stranger.Get(path).WantStatus(http.StatusNotFound))
		return strings.ReplaceAll(text, url.QueryEscape(path), "")
	}
	nothing := page("/nosuchpage")
	probe := func(when string) {
		t.Helper()
		for _, wrong := range []string{"/setup", "/setup/", "/setup/nosuchsecret", path + "x", strings.ToLower(path)} {
			if got := page(wrong); got != nothing {
				t.Errorf("%s: %s differs from a page that does not exist", when, wrong)
			}
		}
		stranger.Post("/setup/nosuchsecret", ownersForm()).WantStatus(http.StatusNotFound)
	}
	probe("open")
	newer := setupPath(t, kit)
	stranger.Get(path).WantStatus(http.StatusNotFound) // the old address ended
	kit.Client(t).Post(newer, ownersForm()).WantStatus(http.StatusSeeOther)
	stranger.Get(newer).WantStatus(http.StatusNotFound)
	stranger.Post(newer, ownersForm()).WantStatus(http.StatusNotFound)
	probe("closed")
}

func TestSetup_ends(t *testing.T) {
	kit := testkit.NewEmpty(t)
	c, path := kit.Client(t), setupPath(t, kit)
	kit.Clock.Advance(paywall.SetupLife)
	c.Get(path).WantStatus(http.StatusNotFound)
	c.Post(path, ownersForm()).WantStatus(http.StatusNotFound)
}

// TestSetup_parallel: of two set-ups at the same time one wins.
func TestSetup_parallel(t *testing.T) {
	kit := testkit.NewEmpty(t)
	path := setupPath(t, kit)
	statuses := make(chan int, 6)
	var running sync.WaitGroup
	for n := range cap(statuses) {
		client, form := kit.Client(t), ownersForm()
		form.Set("email", string(rune('a'+n))+"@radio.example")
		running.Go(func() { statuses <- client.Post(path, form).Status })
	}
	running.Wait()
	close(statuses)
	won := 0
	for status := range statuses {
		switch status {
		case http.StatusSeeOther:
			won++
		case http.StatusNotFound, http.StatusServiceUnavailable: // too late, or the hash slots are busy
		default:
			t.Errorf("status %d", status)
		}
	}
	staff, err := kit.Site.Store.Staff(t.Context())
	if err != nil || won != 1 || len(staff) != 1 {
		t.Errorf("%d won, %d owners, %v", won, len(staff), err)
	}
}

// TestSetup_limited: one network can only try so often, and learns nothing.
func TestSetup_limited(t *testing.T) {
	kit := testkit.NewEmpty(t)
	path, c := setupPath(t, kit), kit.Client(t)
	for range kit.Config.Limits.AskNetwork.Burst {
		c.Get("/setup/nosuchsecret").WantStatus(http.StatusNotFound)
	}
	c.Get(path).WantStatus(http.StatusNotFound)
	kit.Clock.Advance(kit.Config.Limits.AskNetwork.Every)
	c.Get(path).WantStatus(http.StatusOK)
}

// TestGuide leads from step to step, and its state comes from what is there.
func TestGuide(t *testing.T) {
	kit := testkit.NewEmpty(t)
	owner := setUp(t, kit)
	page := owner.Get("/admin/settings/sign-up").WantStatus(http.StatusOK)
	if got := page.Text(".guide"); !strings.HasPrefix(got, "Step 7 of 9: Who can create an account") || !strings.Contains(got, "Skip") {
		t.Errorf("the guide says %q", got)
	}
	if page.Doc().Find(".guide .button-main").Length() != 0 {
		t.Error("the guide leads on before anything was chosen")
	}
	owner.Post("/admin/settings/sign-up", url.Values{"sign_up": {"invitation"}}).WantStatus(http.StatusSeeOther)
	page = owner.Get("/admin/settings/sign-up")
	if got := page.Attr(".guide .button-main", "href"); got != "/admin/setup/invite" {
		t.Errorf("the guide leads to %q", got)
	}
	if page := owner.Get("/admin/team"); page.Doc().Find(".guide").Length() != 0 || page.Doc().Find(".notice-todo a[href='/admin/setup']").Length() != 1 {
		t.Error("a page that is no step has the guide, or no notice")
	}
	owner.Post("/admin/setup/guide", url.Values{"guided": {"no"}}).WantStatus(http.StatusSeeOther)
	if owner.Get("/admin/settings/sign-up").Doc().Find(".guide").Length() != 0 {
		t.Error("the guide goes on after its end")
	}
}

// TestGuide_everywhere: a preview and a refused form carry it as the page does.
func TestGuide_everywhere(t *testing.T) {
	kit := testkit.NewEmpty(t)
	owner := setUp(t, kit)
	form := goodLook()
	form.Set("name", "")
	for name, page := range map[string]*testkit.Answer{
		"preview":      owner.Post("/admin/settings/look/preview", goodLook()).WantStatus(http.StatusOK),
		"refused look": saveLook(t, owner, form, nil).WantStatus(http.StatusUnprocessableEntity),
		"refused mail": owner.Post("/admin/setup/invite", url.Values{"email": {"x"}, "how": {"mail"}}).WantStatus(http.StatusUnprocessableEntity),
	} {
		if page.Text(".guide") == "" {
			t.Errorf("%s: no guide", name)
		}
	}
}

// TestGuide_notices: while the owner is led to it, nothing else says on every page
// that the token is missing; then it does.
func TestGuide_notices(t *testing.T) {
	kit := testkit.NewEmpty(t)
	owner := setUp(t, kit)
	const missing = ".notice a[href='/admin/settings/connection']"
	for _, path := range []string{"/admin/settings/look", "/admin/setup", "/admin"} {
		if owner.Get(path).WantStatus(http.StatusOK).Doc().Find(missing).Length() != 0 {
			t.Errorf("%s tells of the token while the guide leads to it", path)
		}
	}
	owner.Post("/admin/setup/guide", url.Values{"guided": {"no"}}).WantStatus(http.StatusSeeOther)
	if owner.Get("/admin/settings/look").Doc().Find(missing).Length() != 1 {
		t.Error("nothing tells of the missing token after the set-up")
	}
}

// TestGuide_skip: skipping a step leads to the next, and says before and after
// what then does not work.
func TestGuide_skip(t *testing.T) {
	kit := testkit.NewEmpty(t)
	owner := setUp(t, kit)
	page := owner.Get("/admin/settings/connection").WantStatus(http.StatusOK)
	if !strings.Contains(page.Text(".guide"), "nothing plays") {
		t.Errorf("the guide says %q", page.Text(".guide"))
	}
	next := page.Attr(".guide input[name=next]", "value")
	answer := owner.Post(page.Attr(".guide form", "action"), url.Values{"skip": {"yes"}, "next": {next}}).WantStatus(http.StatusSeeOther)
	if got := answer.Header.Get("Location"); got != "/admin/settings/mail" {
		t.Errorf("skipping leads to %q", got)
	}
	page = owner.Get("/admin/setup")
	if got := page.Text(".progress"); got != "1 done, 1 skipped, 7 to do" {
		t.Errorf("the list says %q", got)
	}
	if got := page.Text(".todos"); !strings.Contains(got, "nothing plays") || !strings.Contains(got, "Skipped") {
		t.Errorf("the steps say %q", got)
	}
}

func TestChecklist_skip(t *testing.T) {
	kit := testkit.NewEmpty(t)
	owner := setUp(t, kit)
	before := owner.Get("/admin/setup").Text(".progress")
	skip := func(step, yes string) {
		t.Helper()
		owner.Post("/admin/setup/"+step+"/skip", url.Values{"skip": {yes}}).WantStatus(http.StatusSeeOther)
	}
	skip("mail", "yes")
	skip("mail", "no")
	if got := owner.Get("/admin/setup").Text(".progress"); got != before {
		t.Errorf("after resuming: %q, before %q", got, before)
	}
	skip("sign_up", "yes") // and then it is done all the same
	owner.Post("/admin/settings/sign-up", url.Values{"sign_up": {"open"}}).WantStatus(http.StatusSeeOther)
	page := owner.Get("/admin/setup")
	if page.Text(".progress") != "2 done, 7 to do" || page.Doc().Find("form[action='/admin/setup/sign_up/skip']").Length() != 0 {
		t.Errorf("a done step can be skipped or resumed; %q", page.Text(".progress"))
	}
	for _, step := range []string{"owner", "nosuchstep"} {
		owner.Post("/admin/setup/"+step+"/skip", url.Values{"skip": {"yes"}}).WantStatus(http.StatusNotFound)
	}
}

// TestChecklist_end: the list says when listeners can come, and no more than that.
func TestChecklist_end(t *testing.T) {
	const ready = "Everything is ready. Your listeners can come."
	fresh, running := testkit.NewEmpty(t), testkit.New(t)
	for headline, owner := range map[string]*testkit.Client{"No step is left": setUp(t, fresh), ready: running.As(t, "owner")} {
		owner.Post("/admin/setup/guide", url.Values{"guided": {"yes"}}).WantStatus(http.StatusSeeOther)
		for _, step := range paywall.FirstSteps[1:] {
			owner.Post("/admin/setup/"+string(step)+"/skip", url.Values{"skip": {"yes"}}).WantStatus(http.StatusSeeOther)
		}
		page := owner.Get("/admin/setup").WantStatus(http.StatusOK)
		if got := page.Text("h1"); got != headline || !strings.HasPrefix(page.Text("title"), headline) {
			t.Errorf("the list says %q, its title %q, want %q", got, page.Text("title"), headline)
		}
		for _, path := range []string{"/admin", "/admin/setup/invite", "/"} {
			if page.Doc().Find(".actions a[href='"+path+"']").Length() != 1 {
				t.Errorf("%s: no way on to %s", headline, path)
			}
		}
		if stopped := strings.Contains(page.Text(".notice"), "nothing plays"); stopped == (headline == ready) {
			t.Errorf("%s: notices %q", headline, page.Text(".notice"))
		}
		listen := owner.Get("/admin/setup/listen").WantStatus(http.StatusOK)
		if listen.Attr(".guide form", "action") != "/admin/setup/guide" {
			t.Errorf("%s: the last step does not end the set-up: %q", headline, listen.Text(".guide"))
		}
	}
}

// TestListen: the player that the last step opens leads back.
func TestListen(t *testing.T) {
	kit := testkit.New(t)
	owner := kit.As(t, "owner")
	page := owner.Get("/admin/setup/listen").WantStatus(http.StatusOK)
	if page.Doc().Find(".panel a[href='/admin/setup']").Length() != 1 {
		t.Error("no way to the end beside the player")
	}
	player := page.Attr(".panel .button-main", "href")
	if owner.Get(player).WantStatus(http.StatusOK).Doc().Find("main a[href='/admin/setup']").Length() != 1 {
		t.Error("the player does not lead back")
	}
	if kit.As(t, "anna").Get(player).Doc().Find("a[href='/admin/setup']").Length() != 0 {
		t.Error("a listener is led to the set-up")
	}
}

// TestSetupInvite: the invited person's account opens what was promised.
func TestSetupInvite(t *testing.T) {
	kit := testkit.New(t)
	owner := kit.As(t, "owner")
	page := owner.Get("/admin/setup/invite").WantStatus(http.StatusOK)
	if page.Doc().Find("#opens option[selected]").Length() != 0 {
		t.Error("something else than the first choice is chosen")
	}
	opens := page.Attr("#opens option", "value")
	if !strings.HasPrefix(opens, "item:") {
		t.Fatalf("the first choice is %q", opens)
	}
	form := url.Values{"email": {"nora@listener.test"}, "opens": {opens}, "how": {"mail"}}
	owner.Post("/admin/setup/invite", form).WantStatus(http.StatusSeeOther)
	letter := kit.Letter(t, "nora@listener.test")
	nora := kit.Client(t)
	answer := nora.Post("/link", url.Values{"secret": {strings.TrimPrefix(letter.Path, "/link/")}}).WantStatus(http.StatusSeeOther)
	item := nora.Get(answer.Header.Get("Location")).WantStatus(http.StatusOK)
	if item.Doc().Find("audio, iframe").Length() != 1 {
		t.Errorf("%s does not play:\n%s", answer.Header.Get("Location"), item.Text("main"))
	}
}

// TestSetupInvite_link makes the account and shows the link once.
func TestSetupInvite_link(t *testing.T) {
	kit := testkit.New(t)
	owner := kit.As(t, "owner")
	opens := owner.Get("/admin/setup/invite").Attr("#opens option", "value")
	form := url.Values{"email": {"nora@listener.test"}, "opens": {opens}, "how": {"link"}}
	page := owner.Post("/admin/setup/invite", form).WantStatus(http.StatusOK)
	_, secret, ok := strings.Cut(page.Attr(".secret", "value"), "/link/")
	if !ok {
		t.Fatalf("no link on the page: %q", page.Text("main"))
	}
	nora := kit.Client(t)
	answer := nora.Post("/link", url.Values{"secret": {secret}}).WantStatus(http.StatusSeeOther)
	if item := nora.Get(answer.Header.Get("Location")); item.Doc().Find("audio, iframe").Length() != 1 {
		t.Errorf("%s does not play", answer.Header.Get("Location"))
	}
	again := owner.Post("/admin/setup/invite", form).WantStatus(http.StatusUnprocessableEntity) // there is an account now
	account, err := kit.Site.Store.UserByEmail(t.Context(), "nora@listener.test")
	noFault(t, err)
	if again.Doc().Find("form a[href='/admin/members/"+account.ID+"']").Length() != 1 {
		t.Error("nothing leads to the account that is there")
	}
	form.Set("opens", "item:nosuchitem")
	form.Set("email", "otto@listener.test")
	if page := owner.Post("/admin/setup/invite", form).WantStatus(http.StatusUnprocessableEntity); page.Text("#opens-error") == "" {
		t.Error("an unknown item has no error")
	}
	if _, err := kit.Site.Store.UserByEmail(t.Context(), "otto@listener.test"); paywall.KindOf(err) != paywall.KindNotFound {
		t.Errorf("an account was made all the same: %v", err)
	}
	kit.Clock.Advance(paywall.FreshFor)
	form.Set("opens", "")
	if answer := owner.Post("/admin/setup/invite", form).WantStatus(http.StatusSeeOther); !strings.HasPrefix(answer.Header.Get("Location"), "/account/prove") {
		t.Errorf("long after the sign-in: %q", answer.Header.Get("Location"))
	}
}
