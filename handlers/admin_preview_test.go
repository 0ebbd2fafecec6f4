package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"usher/internal/testkit"
	"usher/paywall"
)

// kindPages are what each kind of visitor finds on three items of the demo: the
// mark of the player, or the reason of the paywall.
var kindPages = map[paywall.VisitorKind][3]string{
	paywall.VisitorAnonymous:   {"signed_out", "signed_out", "player"},
	paywall.VisitorMember:      {"no_grant", "player", "player"},
	paywall.VisitorEntitled:    {"player", "player", "player"},
	paywall.VisitorEnded:       {"grant_ended", "player", "player"},
	paywall.VisitorUnconfirmed: {"unconfirmed", "unconfirmed", "player"},
	paywall.VisitorBlocked:     {"signed_out", "signed_out", "player"},
}

// found is what a preview shows: "player", the reason of a paywall, or "nothing".
func found(a *testkit.Answer) string {
	if a.Doc().Find("[data-preview=player]").Length() == 1 {
		return "player"
	}
	if reason := a.Attr(".door", "data-reason"); reason != "" {
		return reason
	}
	if a.Text(".error-status") == "404" {
		return "nothing"
	}
	return "?"
}

func TestPreview_Kinds(t *testing.T) {
	kit := testkit.New(t)
	editor, secrets := kit.Staff(t, paywall.RoleEditor), secretsOf(t, kit)
	for kind, want := range kindPages {
		for n, slug := range []string{"radio-lumiere", "studio-ouvert", "promo"} {
			answer := editor.Get("/admin/preview?item=" + slug + "&as=" + string(kind)).WantStatus(http.StatusOK)
			if got := found(answer); got != want[n] {
				t.Errorf("%s as %s: %s, want %s", slug, kind, got, want[n])
			}
			for _, secret := range secrets {
				if secret != "" && strings.Contains(answer.Dump(), secret) {
					t.Errorf("%s as %s holds %q", slug, kind, secret)
				}
			}
		}
		draft := editor.Get("/admin/preview?item=brouillon&as=" + string(kind)).WantStatus(http.StatusOK)
		if got := found(draft); got != "nothing" {
			t.Errorf("a draft as %s: %s", kind, got)
		}
		once := editor.Get(draft.Attr(".preview-bar a[href*=published]", "href")).WantStatus(http.StatusOK)
		if got := found(once); got != want[0] {
			t.Errorf("a draft as if it were published, as %s: %s, want %s", kind, got, want[0])
		}
	}
	if kit.Mints() != 0 {
		t.Errorf("previews minted %d tokens", kit.Mints())
	}
}

// TestPreview_IsTheRealPage compares a preview with what the visitor really gets.
func TestPreview_IsTheRealPage(t *testing.T) {
	kit := testkit.New(t)
	owner := kit.As(t, "owner")
	for _, who := range []string{"", "ben", "carla"} {
		client, ask := kit.Client(t), "as=anonymous"
		if who != "" {
			client, ask = kit.WithSession(t, who), "email="+who+"@demo.test"
		}
		real := client.Get("/listen/radio-lumiere").WantStatus(http.StatusOK)
		seen := owner.Get("/admin/preview?item=radio-lumiere&" + ask).WantStatus(http.StatusOK)
		if got, want := textOf(seen, "article"), textOf(real, "article"); got != want {
			t.Errorf("%s: the preview says\n%s\nthe page says\n%s", who, got, want)
		}
		if got, want := textOf(seen, ".site-nav"), textOf(real, ".site-nav"); got != want {
			t.Errorf("%s: the head says %q, the page's %q", who, got, want)
		}
	}
}

func textOf(a *testkit.Answer, selector string) string {
	return strings.Join(strings.Fields(a.Doc().Find(selector).Text()), " ")
}

func TestPreview_WritesNothing(t *testing.T) {
	kit := testkit.New(t)
	owner, anna := kit.WithSession(t, "owner"), kit.WithSession(t, "anna")
	anna.Get("/listen/radio-lumiere").WantStatus(http.StatusOK)
	mints := kit.Mints()
	user, err := kit.Site.Store.UserByEmail(t.Context(), "anna@demo.test")
	noFault(t, err)
	before, err := kit.Site.Store.SessionsOf(t.Context(), user.ID)
	noFault(t, err)
	record, err := kit.Site.Store.RecentAudit(t.Context(), 1, 0)
	noFault(t, err)

	for _, query := range []string{"email=anna@demo.test", "email=anna@demo.test&item=radio-lumiere", "item=le-concert&as=entitled"} {
		answer := owner.Get("/admin/preview?" + query).WantStatus(http.StatusOK)
		if len(answer.Header.Values("Set-Cookie")) != 0 {
			t.Errorf("%s sets a cookie", query)
		}
		if policy := answer.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "form-action 'none'") {
			t.Errorf("%s: forms can be sent: %s", query, policy)
		}
		if answer.Doc().Find(".site-head[inert], .site-foot[inert]").Length() != 2 {
			t.Errorf("%s: the frame of the page is alive", query)
		}
	}
	if policy := owner.Get("/account").Header.Get("Content-Security-Policy"); !strings.Contains(policy, "form-action 'self'") {
		t.Errorf("a preview changed the policy of other pages: %s", policy)
	}
	after, err := kit.Site.Store.SessionsOf(t.Context(), user.ID)
	noFault(t, err)
	now, err := kit.Site.Store.RecentAudit(t.Context(), 1, 0)
	noFault(t, err)
	if len(after) != len(before) || kit.Mints() != mints || now[0].ID != record[0].ID {
		t.Errorf("sessions %d -> %d, mints %d -> %d, last line %v", len(before), len(after), mints, kit.Mints(), now[0])
	}
}

func TestPreview_Person(t *testing.T) {
	kit := testkit.New(t)
	support := kit.Staff(t, paywall.RoleSupport)
	home := support.Get("/admin/preview?email=carla@demo.test").WantStatus(http.StatusOK)
	if n := home.Doc().Find(".card-note").Length(); n != 6 {
		t.Errorf("%d items have a verdict, want 6", n)
	}
	if got := home.Attr(".card a[href*=radio-lumiere]", "href"); !strings.HasPrefix(got, "/admin/preview?email=carla%40demo.test") {
		t.Errorf("a card leads to %q", got)
	}
	for at, want := range map[string]string{"": "grant_ended", "2026-11-20T12:00": "player", "2026-09-20T12:00": "grant_later"} {
		query := url.Values{"email": {"carla@demo.test"}, "item": {"radio-lumiere"}, "at": {at}}
		if got := found(support.Get("/admin/preview?" + query.Encode())); got != want {
			t.Errorf("carla at %q: %s, want %s", at, got, want)
		}
	}
	dora := support.Get("/admin/preview?email=dora@demo.test&item=radio-lumiere")
	if got := found(dora); got != "signed_out" || !strings.Contains(dora.Text(".preview-bar"), "switched off") {
		t.Errorf("a blocked person finds %s: %s", got, dora.Text(".preview-bar"))
	}
	support.Get("/admin/preview?email=nobody@demo.test").WantStatus(http.StatusUnprocessableEntity)
	support.Get("/admin/preview?email=carla@demo.test&at=soon").WantStatus(http.StatusUnprocessableEntity)
	support.Get("/admin/preview?item=nosuchitem&as=member").WantStatus(http.StatusNotFound)
	support.Get("/admin/preview?item=promo&as=martian").WantStatus(http.StatusNotFound)
}

// TestPreview_PersonNeedsPeople: who keeps the catalogue alone learns nothing of
// members, also not which addresses have accounts.
func TestPreview_PersonNeedsPeople(t *testing.T) {
	kit := testkit.New(t)
	editor := kit.Staff(t, paywall.RoleEditor)
	for _, email := range []string{"carla@demo.test", "nobody@demo.test", "-", "x"} {
		editor.Get("/admin/preview?email=" + email).WantStatus(http.StatusNotFound)
		editor.Get("/admin/preview?item=promo&as=member&email=" + email).WantStatus(http.StatusNotFound)
	}
	if editor.Get("/admin/preview").WantStatus(http.StatusOK).Doc().Find("[name=email]").Length() != 0 {
		t.Error("the form offers what would be refused")
	}
}

func noFault(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
