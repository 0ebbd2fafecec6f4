package journey

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"usher/internal/config"
	"usher/internal/infomaniak/sandbox"
	"usher/paywall"
)

// looksMints is how many tokens the players of TestLooks draw; then the crowd
// begins.
const looksMints = 3

// TestLooks inspects every page that visitors and members see: accessibility,
// and no scrolling sideways on a small phone.
func TestLooks(t *testing.T) {
	t.Parallel()
	needAxe(t)
	kit := running(t, func(c *config.Config) { c.MintsPerMinute = looksMints })
	guest, ben := visitor(t, kit), signedIn(t, kit, "ben")
	carla, anna := signedIn(t, kit, "carla"), signedIn(t, kit, "anna")
	guest.watch.expectPage(404, 422)
	anna.watch.expectPage(503)

	guest.inspect(t, 200, "home", "/")
	guest.inspect(t, 200, "login", "/login")
	guest.inspectForm(t, 422, "login refused", "/login", map[string]string{"#email": "anna@demo.test", "#password": "wrong-wrong-wrong"})
	guest.inspect(t, 200, "wall of a radio", "/listen/radio-lumiere")
	guest.inspect(t, 200, "wall of a video", "/watch/le-concert")
	guest.inspect(t, 404, "not found", "/nothing-here")
	ben.inspect(t, 200, "wall without a grant", "/listen/radio-lumiere")
	carla.inspect(t, 200, "wall after a grant", "/watch/le-concert")
	anna.inspect(t, 200, "wall before the opening", "/watch/premiere")
	carla.inspect(t, 200, "account", "/account")

	guest.inspect(t, 200, "player for all", "/listen/promo")
	anna.inspect(t, 200, "radio player", "/listen/radio-lumiere")
	anna.inspect(t, 200, "video player", "/watch/le-concert")
	anna.inspect(t, 503, "crowd", "/listen/studio-ouvert")
}

// TestLooksOwner does the same in the owner area: empty, filled, with mistakes,
// and with what only the owner is told elsewhere.
func TestLooksOwner(t *testing.T) {
	t.Parallel()
	needAxe(t)
	kit := running(t)
	owner := signedIn(t, kit, "owner")
	owner.watch.expectPage(422, 503)

	owner.inspect(t, 200, "items", "/admin/items")
	owner.inspect(t, 200, "collections without any", "/admin/collections")
	owner.inspect(t, 200, "grants", "/admin/grants")
	owner.inspectForm(t, 422, "new item with mistakes", "/admin/items/new",
		map[string]string{"#slug": "Not An Address", "[name=source_address]": "ftp://elsewhere", "[name=source_window]": "9999"})
	owner.inspectForm(t, 422, "collection with a mistake", "/admin/collections", map[string]string{"#title": longTitle})
	owner.inspectForm(t, 422, "grant with a mistake", "/admin/grants", map[string]string{"#email": "nobody@demo.test", "#opens": "Everything"})
	owner.inspectForm(t, 200, "collections", "/admin/collections", map[string]string{"#title": "Festival d’été"})
	owner.visit("/admin/items")
	owner.inspect(t, 200, "item", eval[string](owner, "document.querySelector('tbody a').getAttribute('href')"))
	owner.inspect(t, 200, "settings", "/admin/settings")
	owner.inspect(t, 200, "connection of the operator", "/admin/settings/connection")
	owner.inspect(t, 200, "members", "/admin/members")
	owner.inspectAfter(t, 422, "invitation with a mistake", func() int {
		owner.visit("/admin/members")
		owner.fill("#email", "anna@demo.test")
		return owner.load(chromedp.Click(chromedp.CSS(`form[action="/admin/members/invite"] button`), chromedp.NodeVisible))
	})
	owner.visit("/admin/members")
	owner.inspect(t, 200, "member", eval[string](owner, "document.querySelector('tbody a').getAttribute('href')"))
	owner.inspect(t, 200, "mails without any", "/admin/mails")
	owner.visit("/admin/mails")
	owner.follow(`form[action="/admin/mails/test"] button`)
	owner.inspect(t, 200, "mails", "/admin/mails")
	owner.visit("/admin/mails")
	owner.inspect(t, 200, "mail", eval[string](owner, "document.querySelector('tbody a').getAttribute('href')"))
	owner.inspect(t, 200, "player of a draft", "/watch/brouillon")
	setMode(t, kit, sandbox.ModeDown)
	owner.inspect(t, 503, "supplier down", "/listen/studio-ouvert")
}

// TestLooksConnection inspects the way to Infomaniak as an owner sets it.
func TestLooksConnection(t *testing.T) {
	t.Parallel()
	needAxe(t)
	kit := running(t, func(c *config.Config) { c.APIToken = paywall.Secret{} })
	owner := signedIn(t, kit, "owner")
	owner.watch.expectPage(422)
	const page = "/admin/settings/connection"
	owner.inspect(t, 200, "connection without a token", page)
	owner.inspectForm(t, 422, "connection with mistakes", page, map[string]string{"#token": "two words", "#account": "my company"})
	owner.inspectForm(t, 200, "connection tested", page, map[string]string{"#token": kit.APIToken})
}

// longTitle is longer than a title may be.
var longTitle = strings.Repeat("a title without end ", 7)

// inspect looks at a page of the site, which must answer with a status.
func (b *tab) inspect(t *testing.T, status int, name, path string) {
	t.Helper()
	b.inspectAfter(t, status, name, func() int { return b.visitStatus(path) })
}

// inspectForm looks at what comes back when a form is filled in and sent.
func (b *tab) inspectForm(t *testing.T, status int, name, path string, fields map[string]string) {
	t.Helper()
	b.inspectAfter(t, status, name, func() int {
		b.visit(path)
		for selector, text := range fields {
			b.fill(selector, text)
		}
		return b.load(chromedp.Click(chromedp.CSS("main form button[type=submit]"), chromedp.NodeVisible))
	})
}

// inspectAfter looks at the page that some steps lead to, as a test of its own.
func (b *tab) inspectAfter(t *testing.T, status int, name string, steps func() int) {
	t.Helper()
	outer := b.t
	defer func() { b.t = outer }()
	t.Run(name, func(t *testing.T) {
		b.t = t
		if got := steps(); got != status {
			t.Fatalf("status %d, want %d\n%s", got, status, b.describe())
		}
		b.look(name)
	})
}
