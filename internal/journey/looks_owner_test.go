package journey

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// TestLooksImport inspects the import from Infomaniak from the first page to the
// plan, and what keeps the site in step.
func TestLooksImport(t *testing.T) {
	t.Parallel()
	needAxe(t)
	kit := running(t)
	owner := signedIn(t, kit, "owner")
	owner.watch.expectPage(422)
	owner.inspect(t, 200, "import before reading", "/admin/items/import")
	owner.visit("/admin/items/import")
	owner.follow(`form[action="/admin/items/import/read"] .button-main`)
	owner.works(kit)
	owner.look("import read")
	owner.inspect(t, 200, "import to choose", "/admin/items/import")
	owner.inspectAfter(t, 422, "import of nothing", func() int {
		owner.visit("/admin/items/import")
		return owner.load(chromedp.Click(chromedp.CSS(`form[action="/admin/items/import/plan"] .button-main`), chromedp.NodeVisible))
	})
	owner.inspect(t, 200, "in step", "/admin/items/import/changes")
}

// TestLooksHealth inspects what tells whether the paywall holds, with a leak.
func TestLooksHealth(t *testing.T) {
	t.Parallel()
	needAxe(t)
	kit := running(t)
	owner := signedIn(t, kit, "owner")
	owner.inspect(t, 200, "health before checks", "/admin/health")
	if err := kit.Sandbox.SetProtected("radiolumiere-128.mp3", false); err != nil {
		t.Fatal(err)
	}
	if err := kit.Site.Probes.CheckAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := kit.Site.Probes.Tick(t.Context()); err != nil {
		t.Fatal(err)
	}
	owner.inspect(t, 200, "health with a leak", "/admin/health")
	owner.inspectAfter(t, 200, "source that leaks", func() int {
		owner.visit("/admin/health")
		return owner.load(chromedp.Click(chromedp.CSS(`.problems a[href*="#protection"]`), chromedp.NodeVisible))
	})
}

// TestLooksPeople inspects acts on many people and what takes a list.
func TestLooksPeople(t *testing.T) {
	t.Parallel()
	needAxe(t)
	kit := running(t)
	owner := signedIn(t, kit, "owner")
	owner.inspect(t, 200, "import of members", "/admin/members/import")
	owner.inspect(t, 200, "work on many", "/admin/members/jobs")
	for _, act := range []string{"extend", "give", "mail", "export"} {
		owner.inspect(t, 200, "many people: "+act, "/admin/members/bulk?scope=all&act="+act)
	}
}

// TestLooksSettings inspects the pages of the settings and the list of what is
// still to do.
func TestLooksSettings(t *testing.T) {
	t.Parallel()
	needAxe(t)
	kit := running(t)
	owner := signedIn(t, kit, "owner")
	owner.watch.expectPage(422)
	for _, page := range []string{
		"/admin/settings/sign-up", "/admin/settings/safety", "/admin/settings/mail", "/admin/settings/server",
		"/admin/setup", "/admin/setup/invite", "/admin/setup/listen", "/admin/team",
	} {
		owner.inspect(t, 200, page, page)
	}
	owner.inspectForm(t, 422, "keeping with mistakes", "/admin/settings/keeping", map[string]string{"#keep_networks": "x", "#keep_mails": "0"})
}
