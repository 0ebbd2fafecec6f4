package handlers_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"usher/internal/infomaniak/sandbox"
	"usher/internal/testkit"
	"usher/paywall"
)

// interval is how often a source is checked where nothing else is set.
const interval = 10 * time.Minute

// settle runs the background job until no source is due, as it does in a few
// seconds on a running site.
func settle(t *testing.T, kit *testkit.Kit) {
	t.Helper()
	for range 5 {
		if err := kit.Site.Probes.Tick(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

// protect uses the switch of the sandbox that a demo's visitors have.
func protect(t *testing.T, kit *testkit.Kit, item string, on bool) {
	t.Helper()
	body, err := json.Marshal(map[string]any{"item": item, "protected": on})
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, kit.SandboxURL+"/_sandbox/protection", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Fatalf("protection of %s: status %d", item, answer.StatusCode)
	}
}

// sourceOf is a source of the demo by its mountpoint, stream or share.
func sourceOf(t *testing.T, kit *testkit.Kit, ref string) paywall.ProbeTask {
	t.Helper()
	tasks, _, err := kit.Site.Probes.List(t.Context(), paywall.ProbeFilter{Text: ref}, 9, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, task := range tasks {
		if task.Source.Ref == ref && !(ref == "radiolumiere" && task.Source.Kind != paywall.SourceHLS) {
			return task
		}
	}
	t.Fatalf("no source %s", ref)
	return paywall.ProbeTask{}
}

func countOf(t *testing.T, kit *testkit.Kit, state paywall.ProbeState) int {
	t.Helper()
	counts, err := kit.Site.Probes.Counts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return counts.States[state]
}

func wantProbe(t *testing.T, kit *testkit.Kit, ref string, state paywall.ProbeState, cause paywall.ProbeCause) {
	t.Helper()
	if p := sourceOf(t, kit, ref).Probe; p.State != state || p.Cause != cause {
		t.Errorf("%s is %s (%s), want %s (%s): %s", ref, p.State, p.Cause, state, cause, p.Detail)
	}
}

// well checks everything with and without a token.
func well(t *testing.T, kit *testkit.Kit) {
	t.Helper()
	for range 4 { // tries with a token take turns
		settle(t, kit)
		kit.Clock.Advance(interval)
	}
	settle(t, kit)
}

func TestHealth_AllWell(t *testing.T) {
	kit := testkit.New(t)
	wantProbe(t, kit, "radiolumiere-128.mp3", paywall.ProbeGrey, paywall.CauseNever)
	well(t, kit)
	for _, ref := range []string{
		"radiolumiere-128.mp3", "radiolumiere-64.aac", "radiolumiere", "studioouvert-128.mp3",
		"1jhvl2uqconc1", "1jhvl2uqmake2", "1jhvl2uqprem3", "1jhvl2uqbrou4",
	} {
		wantProbe(t, kit, ref, paywall.ProbeGreen, paywall.CauseClosed)
	}
	wantProbe(t, kit, "promo-128.mp3", paywall.ProbeGreen, paywall.CauseOpen)
	owner := kit.As(t, "owner")
	page := owner.Get("/admin/health").WantStatus(http.StatusOK)
	if got := page.Text(".counts"); got != "In order9" {
		t.Errorf("counts: %q", got)
	}
	if page.Doc().Find(".problems, .admin-body > .notice").Length() != 0 {
		t.Errorf("there are problems:\n%s", page.Body)
	}
	if page.Header.Get("Refresh") != "" {
		t.Error("the page renews itself for nothing")
	}
	wantNothingSecret(t, page)
}

// wantNothingSecret looks for tokens and the API token in a page.
func wantNothingSecret(t *testing.T, page *testkit.Answer) {
	t.Helper()
	for _, secret := range []string{"sandbox-api-token", "hmac=", "token=", "st="} {
		if strings.Contains(page.Dump(), secret) {
			t.Errorf("the page holds %q", secret)
		}
	}
}

// Must show 3: when the sandbox opens a stream, its source turns red within one
// interval, with the right cause, and the owners are told once.
func TestHealth_TurnsRed(t *testing.T) {
	for ref, what := range map[string]string{
		"radiolumiere-128.mp3": "stream", "radiolumiere": "HLS stream", "1jhvl2uqconc1": "share",
	} {
		t.Run(what, func(t *testing.T) {
			kit := testkit.New(t)
			well(t, kit)
			if err := kit.Site.Probes.AskProtections(t.Context()); err != nil { // a job of its own
				t.Fatal(err)
			}
			began := kit.Clock.Now()
			protect(t, kit, ref, false)
			for sourceOf(t, kit, ref).Probe.State != paywall.ProbeRed {
				if kit.Clock.Now().Sub(began) >= interval {
					t.Fatalf("after one interval: %+v", sourceOf(t, kit, ref).Probe)
				}
				kit.Clock.Advance(5 * time.Second) // as often as the job runs
				if err := kit.Site.Probes.Tick(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			wantProbe(t, kit, ref, paywall.ProbeRed, paywall.CauseLeak)
			wantHistory(t, kit, ref, "leak", "closed")
			owner := kit.As(t, "owner")
			page := owner.Get("/admin/health").WantStatus(http.StatusOK)
			if got := page.Text(".problems .badge-bad"); got != "Unprotected" {
				t.Errorf("badge: %q", got)
			}
			if got := page.Text(".problems p"); !strings.HasPrefix(got, "It plays without a token") {
				t.Errorf("cause: %q", got)
			}
			if got := owner.Get("/admin/items").Text(".admin-body > .notice"); !strings.Contains(got, "1 source plays without a token") {
				t.Errorf("notice on other pages: %q", got)
			}
			wantMails(t, kit, 1)
			for range 3 {
				kit.Clock.Advance(interval)
				settle(t, kit)
			}
			wantMails(t, kit, 1) // not again as long as it lasts
			protect(t, kit, ref, true)
			kit.Clock.Advance(interval)
			settle(t, kit)
			wantProbe(t, kit, ref, paywall.ProbeGreen, paywall.CauseClosed)
			if owner.Get("/admin/items").Doc().Find(".admin-body > .notice").Length() != 0 {
				t.Error("the notice stays")
			}
			protect(t, kit, ref, false)
			kit.Clock.Advance(interval)
			settle(t, kit)
			wantMails(t, kit, 2) // it recovered and failed again
		})
	}
}

// wantHistory checks the causes of a source's changes, newest first.
func wantHistory(t *testing.T, kit *testkit.Kit, ref string, want ...paywall.ProbeCause) {
	t.Helper()
	_, changes, err := kit.Site.Probes.Of(t.Context(), sourceOf(t, kit, ref).Source.ID)
	if err != nil {
		t.Fatal(err)
	}
	var got []paywall.ProbeCause
	for _, change := range changes {
		got = append(got, change.Cause)
	}
	if !slices.Equal(got, want) {
		t.Errorf("history of %s: %v, want %v", ref, got, want)
	}
}

// wantMails counts the warnings to the owners.
func wantMails(t *testing.T, kit *testkit.Kit, want int) {
	t.Helper()
	got := 0
	for _, m := range kit.Letters(t, "owner@demo.test") {
		if m.Kind == paywall.MailHealth {
			got++
		}
	}
	if got != want {
		t.Errorf("%d warnings by mail, want %d", got, want)
	}
}

// Must show 3: amber when the token is refused, within one interval and with the
// right cause.
func TestHealth_TurnsAmber(t *testing.T) {
	radio, vod := []sandbox.Scope{sandbox.ScopeRadio}, []sandbox.Scope{sandbox.ScopeVOD}
	for name, tc := range map[string]struct {
		token sandbox.Token
		ref   string
		cause paywall.ProbeCause
		words string
	}{
		"revoked":    {sandbox.Token{Revoked: true}, "radiolumiere-128.mp3", paywall.CauseKey, "Infomaniak refuses the API token"},
		"no radio":   {sandbox.Token{Scopes: vod}, "studioouvert-128.mp3", paywall.CauseRights, "Infomaniak knows the API token"},
		"no VOD":     {sandbox.Token{Scopes: radio}, "1jhvl2uqconc1", paywall.CauseRights, "Infomaniak knows the API token"},
		"no account": {sandbox.Token{Scopes: vod, NeedsAccount: true}, "1jhvl2uqconc1", paywall.CauseAccount, "Infomaniak asks for the number"},
	} {
		t.Run(name, func(t *testing.T) {
			kit := testkit.New(t)
			well(t, kit)
			if err := kit.Sandbox.SetToken(tc.token); err != nil {
				t.Fatal(err)
			}
			for began := kit.Clock.Now(); countOf(t, kit, paywall.ProbeAmber) == 0; {
				if kit.Clock.Now().Sub(began) >= interval {
					t.Fatal("nothing turned amber within one interval")
				}
				kit.Clock.Advance(5 * time.Second)
				if err := kit.Site.Probes.Tick(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			// The others follow, each at its next turn.
			for range 3 {
				kit.Clock.Advance(interval)
				settle(t, kit)
			}
			wantProbe(t, kit, tc.ref, paywall.ProbeAmber, tc.cause)
			owner := kit.As(t, "owner")
			page := owner.Get("/admin/health").WantStatus(http.StatusOK)
			if got := page.Text(".problems p"); !strings.HasPrefix(got, tc.words) {
				t.Errorf("cause: %q", got)
			}
			if got := page.Attr(".problems .problem-acts a", "href"); got != "/admin/settings/connection" {
				t.Errorf("the way to mend it: %q", got)
			}
			wantMails(t, kit, 1)
			wantNothingSecret(t, page)
			// A token that works again shows too.
			if err := kit.Sandbox.SetToken(sandbox.Token{Scopes: slices.Concat(radio, vod)}); err != nil {
				t.Fatal(err)
			}
			for range 3 {
				kit.Clock.Advance(interval)
				settle(t, kit)
			}
			wantProbe(t, kit, tc.ref, paywall.ProbeGreen, paywall.CauseClosed)
		})
	}
}

// An outage of everything is one or two mails, not one for each source.
func TestHealth_OneMailForMany(t *testing.T) {
	kit := testkit.New(t)
	well(t, kit)
	if err := kit.Sandbox.SetMode(sandbox.ModeDown); err != nil {
		t.Fatal(err)
	}
	for _, ref := range []string{"radiolumiere-128.mp3", "radiolumiere-64.aac", "studioouvert-128.mp3", "1jhvl2uqconc1", "1jhvl2uqmake2"} {
		protect(t, kit, ref, false)
	}
	protect(t, kit, "1jhvl2uqbrou4", false)
	kit.Clock.Advance(interval)
	settle(t, kit)
	wantProbe(t, kit, "1jhvl2uqbrou4", paywall.ProbeRed, paywall.CauseLeak)
	wantMails(t, kit, 1)
	letter, err := kit.Site.Mail.Message(t.Context(), kit.Letter(t, "owner@demo.test").Mail)
	if err != nil {
		t.Fatal(err)
	}
	text := letter.Text
	for _, name := range []string{"Radio Lumière, MP3 128 kbit/s", "Le Concert", "/admin/health", "Making-of"} {
		if !strings.Contains(strings.Join(strings.Fields(text), " "), name) {
			t.Errorf("the mail does not name %q:\n%s", name, text)
		}
	}
	if strings.Contains(text, "Brouillon") {
		t.Errorf("the mail names a draft:\n%s", text)
	}
}

// An address off the list is never asked.
func TestHealth_Unlisted(t *testing.T) {
	trap := http.NewServeMux()
	asked := make(chan string, 9)
	trap.HandleFunc("/", func(_ http.ResponseWriter, r *http.Request) { asked <- r.URL.Path })
	kit := testkit.New(t)
	elsewhere := httptest.NewServer(trap)
	t.Cleanup(elsewhere.Close)
	item, err := kit.Site.Store.ItemBySlug(t.Context(), "studio-ouvert")
	if err != nil {
		t.Fatal(err)
	}
	item.Sources[0].URL = elsewhere.URL + "/ice/studioouvert-128.mp3"
	if err := kit.Site.Store.UpdateItem(t.Context(), item); err != nil {
		t.Fatal(err)
	}
	settle(t, kit)
	wantProbe(t, kit, "studioouvert-128.mp3", paywall.ProbeAmber, paywall.CauseUnlisted)
	select {
	case path := <-asked:
		t.Errorf("%s was asked of a host off the list", path)
	default:
	}
	link := kit.As(t, "owner").Get("/admin/health").Attr(".problems .problem-acts a", "href")
	if link != "/admin/items/"+item.ID {
		t.Errorf("the way to mend it: %q", link)
	}
}

func TestHealth_CheckNow(t *testing.T) {
	kit := testkit.New(t)
	editor := kit.Staff(t, paywall.RoleEditor)
	source := sourceOf(t, kit, "radiolumiere-128.mp3")
	path := "/admin/health/" + source.Source.ID
	if got := editor.Get(path).Text("h1"); got != "Radio Lumière, MP3 128 kbit/s" {
		t.Errorf("heading %q", got)
	}
	editor.Post(path+"/check", url.Values{}).WantStatus(http.StatusSeeOther)
	page := editor.Get(path).WantStatus(http.StatusOK)
	if got := page.Text(".flash"); got != "The source was checked." {
		t.Errorf("flash %q", got)
	}
	wantProbe(t, kit, "radiolumiere-128.mp3", paywall.ProbeGreen, paywall.CauseClosed)
	for _, want := range []string{"is refused", "plays (", "Not checked→In order"} {
		if !strings.Contains(strings.Join(strings.Fields(page.Text(".admin-body")), " "), want) {
			t.Errorf("the page lacks %q:\n%s", want, page.Text(".admin-body"))
		}
	}
	wantNothingSecret(t, page)
	kit.Site.Probes.Wait()

	kit.Clock.Advance(time.Second)
	editor.Post("/admin/health/check", url.Values{}).WantStatus(http.StatusSeeOther)
	list := editor.Get("/admin/health")
	if list.Header.Get("Refresh") == "" || !strings.Contains(list.Text(".notice[role=status]"), "9 sources are being checked") {
		t.Errorf("Refresh %q, notice %q", list.Header.Get("Refresh"), list.Text(".notice[role=status]"))
	}
	settle(t, kit)
	if editor.Get("/admin/health").Header.Get("Refresh") != "" {
		t.Error("the page still renews itself")
	}
	editor.Post("/admin/health/nosuchsource/check", url.Values{}).WantStatus(http.StatusNotFound)
	// A reader sees and does nothing.
	reader := kit.Staff(t, paywall.RoleReader)
	if n := reader.Get(path).Doc().Find(".admin-body form").Length(); n != 0 {
		t.Errorf("a reader is offered %d forms", n)
	}
}

func TestHealth_List(t *testing.T) {
	kit := testkit.New(t)
	well(t, kit)
	protect(t, kit, "1jhvl2uqmake2", false)
	kit.Clock.Advance(interval)
	settle(t, kit)
	owner := kit.As(t, "owner")
	for query, want := range map[string]string{
		"":                    "Making-of",
		"?sort=title":         "Brouillon",
		"?state=green&sort=x": "Brouillon",
		"?q=hls":              "Radio Lumière, HLS",
		"?q=nothing":          "",
	} {
		page := owner.Get("/admin/health" + query).WantStatus(http.StatusOK)
		if got := page.Text("tbody .cell-name a"); got != want {
			t.Errorf("%s: first row %q, want %q", query, got, want)
		}
	}
}

func TestHealth_Interval(t *testing.T) {
	kit := testkit.New(t)
	owner := kit.As(t, "owner")
	kit.Clock.Advance(time.Second)
	owner.Post("/admin/health/interval", url.Values{"minutes": {"30"}}).WantStatus(http.StatusSeeOther)
	if got := owner.Get("/admin/health").Attr("#minutes option[selected]", "value"); got != "30" {
		t.Errorf("interval %q", got)
	}
	lines, err := kit.Site.Store.RecentAudit(t.Context(), 1, 0)
	if err != nil || len(lines) != 1 || lines[0].Subject != "probe_minutes" || lines[0].Detail != "minutes: 10 → 30" {
		t.Errorf("audit %+v, %v", lines, err)
	}
	for _, bad := range []string{"", "0", "7", "-5", "x"} {
		page := owner.Post("/admin/health/interval", url.Values{"minutes": {bad}}).WantStatus(http.StatusUnprocessableEntity)
		if got := page.Text("#minutes-error"); got != "Choose one of the intervals." {
			t.Errorf("%q: %q", bad, got)
		}
	}
}

// The list of items shows the worst state of each item's sources.
func TestHealth_BadgeOfItems(t *testing.T) {
	kit := testkit.New(t)
	well(t, kit)
	protect(t, kit, "radiolumiere-64.aac", false)
	kit.Clock.Advance(interval)
	settle(t, kit)
	page := kit.As(t, "owner").Get("/admin/items").WantStatus(http.StatusOK)
	if n := page.Doc().Find("tbody .badge-bad").Length(); n != 1 {
		t.Errorf("%d items are unprotected, want 1", n)
	}
	if got := page.Text("tr:has(.badge-bad) .cell-name a"); got != "Radio Lumière" {
		t.Errorf("unprotected is %q", got)
	}
}
