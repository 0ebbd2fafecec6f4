package handlers_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"usher/internal/infomaniak/sandbox"
	"usher/internal/testkit"
	"usher/paywall"
)

// leaking is a site whose station plays without a token, and an editor who just
// signed in.
func leaking(t *testing.T) (*testkit.Kit, *testkit.Client, string) {
	t.Helper()
	kit := testkit.New(t)
	well(t, kit)
	protect(t, kit, "radiolumiere-128.mp3", false)
	kit.Clock.Advance(interval)
	settle(t, kit)
	return kit, kit.Staff(t, paywall.RoleEditor), "/admin/health/" + sourceOf(t, kit, "radiolumiere-128.mp3").Source.ID
}

// The protection is switched on at Infomaniak by one button, and the page says
// that it spreads until a check proves it.
func TestHealth_Protect(t *testing.T) {
	kit, editor, path := leaking(t)
	kit.Sandbox.SetSpread(5 * time.Minute)
	page := editor.Get(path).WantStatus(http.StatusOK)
	if got := page.Text("#protection form p"); !strings.Contains(got, "radiolumiere-128.mp3") || !strings.Contains(got, "Radio Lumière") {
		t.Errorf("the question names no stream: %q", got)
	}
	editor.Post(path+"/protect", url.Values{}).WantStatus(http.StatusSeeOther)
	kit.Site.Probes.Wait()
	wantProbe(t, kit, "radiolumiere-128.mp3", paywall.ProbeRed, paywall.CauseLeakSpreading)
	page = editor.Get(path)
	if got := page.Text(".verdict p"); !strings.Contains(got, "still spreading") {
		t.Errorf("cause %q", got)
	}
	if n := kit.Sandbox.Calls().Switched; n != 1 {
		t.Errorf("%d switches, want 1", n)
	}
	kit.Clock.Advance(interval)
	settle(t, kit)
	wantProbe(t, kit, "radiolumiere-128.mp3", paywall.ProbeGreen, paywall.CauseClosed)
	wantNothingSecret(t, editor.Get(path))
}

// A video's switch is its folder's.
func TestHealth_ProtectVideo(t *testing.T) {
	kit := testkit.New(t)
	well(t, kit)
	protect(t, kit, "1jhvl2uqconc1", false)
	kit.Clock.Advance(interval)
	settle(t, kit)
	wantProbe(t, kit, "1jhvl2uqconc1", paywall.ProbeRed, paywall.CauseLeak)
	owner, path := kit.As(t, "owner"), "/admin/health/"+sourceOf(t, kit, "1jhvl2uqconc1").Source.ID
	owner.Post(path+"/protect", url.Values{}).WantStatus(http.StatusSeeOther)
	kit.Site.Probes.Wait()
	wantProbe(t, kit, "1jhvl2uqconc1", paywall.ProbeGreen, paywall.CauseClosed)
}

// Who did not just prove who they are is sent to do so, and a token without the
// right is told in words.
func TestHealth_ProtectRefused(t *testing.T) {
	kit, editor, path := leaking(t)
	kit.Clock.Advance(time.Hour)
	page := editor.Get(path).WantStatus(http.StatusOK)
	if page.Doc().Find("#protection form").Length() != 0 || page.Attr("#protection a", "href") != "/account/prove?next="+url.QueryEscape(path) {
		t.Errorf("the button is offered without a fresh proof:\n%s", page.Text("#protection"))
	}
	answer := editor.Post(path+"/protect", url.Values{}).WantStatus(http.StatusSeeOther)
	if got := answer.Header.Get("Location"); !strings.HasPrefix(got, "/account/prove") {
		t.Errorf("sent to %q", got)
	}
	if n := kit.Sandbox.Calls().Switched; n != 0 {
		t.Errorf("%d switches, want none", n)
	}
	// An item that is open to all has nothing to protect.
	open := "/admin/health/" + sourceOf(t, kit, "promo-128.mp3").Source.ID
	fresh := kit.As(t, "owner")
	if fresh.Get(open).Doc().Find("#protection").Length() != 0 {
		t.Error("an open item is offered protection")
	}
	answer = fresh.Post(open+"/protect", url.Values{}).WantStatus(http.StatusUnprocessableEntity)
	if got := answer.Text(".notice-bad"); !strings.Contains(got, "cannot be switched on from here") {
		t.Errorf("refusal %q", got)
	}
}

// A token that may not change anything leads to words, not to a state that is not
// true.
func TestHealth_ProtectWithoutRight(t *testing.T) {
	kit, editor, path := leaking(t)
	if err := kit.Sandbox.SetToken(sandbox.Token{Scopes: []sandbox.Scope{sandbox.ScopeRadio}, MintOnly: true}); err != nil {
		t.Fatal(err)
	}
	page := editor.Post(path+"/protect", url.Values{}).WantStatus(http.StatusUnprocessableEntity)
	if got := page.Text(".notice-bad"); got == "" || strings.Contains(got, "trouble.") {
		t.Errorf("refusal %q", got)
	}
	wantProbe(t, kit, "radiolumiere-128.mp3", paywall.ProbeRed, paywall.CauseLeak)
	wantNothingSecret(t, page)
}

// When our own share of the calls of a minute is used up, the page says so at
// once, and nothing is switched.
func TestHealth_ProtectBusy(t *testing.T) {
	kit, editor, path := leaking(t)
	useUp(t, kit)
	began := time.Now()
	page := editor.Post(path+"/protect", url.Values{}).WantStatus(http.StatusUnprocessableEntity)
	if got := page.Text(".notice-bad"); !strings.Contains(got, "only so many calls a minute") {
		t.Errorf("refusal %q", got)
	}
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("the answer took %s", took)
	}
	if n := kit.Sandbox.Calls().Switched; n != 0 {
		t.Errorf("%d switches, want none", n)
	}
	if page.Doc().Find(`#protection form button[type=submit]`).Length() != 1 {
		t.Error("the button is not offered again")
	}
	kit.Clock.Advance(time.Minute)
	editor.Post(path+"/protect", url.Values{}).WantStatus(http.StatusSeeOther)
	kit.Site.Probes.Wait()
}

// useUp takes the calls that may go out in this minute.
func useUp(t *testing.T, kit *testkit.Kit) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	for range 1000 {
		if paywall.TroubleOf(kit.Site.Errands.Enter(ctx)) == paywall.TroubleBusy {
			return
		}
	}
	t.Fatal("the calls do not end")
}
