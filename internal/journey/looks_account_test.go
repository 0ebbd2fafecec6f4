package journey

import (
	"testing"

	"github.com/chromedp/chromedp"

	"usher/internal/config"
	"usher/internal/testkit"
	"usher/paywall"
)

// TestLooksAccount inspects the pages of getting in and of the account, empty,
// filled, and with mistakes.
func TestLooksAccount(t *testing.T) {
	t.Parallel()
	needAxe(t)
	provider := testkit.NewOIDC(t)
	kit := runningNamed(t, func(c *config.Config) {
		c.OIDC = []config.OIDCProvider{provider.Config("infomaniak", "Infomaniak")}
	})
	guest := visitor(t, kit)
	guest.watch.expectPage(422, 404)

	guest.inspect(t, 200, "sign-up", "/signup")
	guest.inspectForm(t, 422, "sign-up with mistakes", "/signup", map[string]string{"#email": "anna@demo.test", "#password": "short"})
	guest.inspect(t, 200, "forgot", "/forgot")
	guest.inspect(t, 200, "terms", "/terms")
	guest.inspectForm(t, 200, "code", "/signup", map[string]string{"#email": newcomer})
	guest.inspectForm(t, 422, "code with a mistake", "/code", map[string]string{"#code": "000000"})
	guest.inspect(t, 200, "link", kit.Letter(t, newcomer).Path)
	guest.inspect(t, 422, "link that is over", "/link/nonsense")
	guest.inspectForm(t, 200, "code and password", "/forgot", map[string]string{"#email": "ben@demo.test"})
	guest.inspect(t, 200, "link and password", kit.Letter(t, "ben@demo.test").Path)

	member := visitor(t, kit)
	member.watch.expectPage(422)
	member.stranger("nadia@listener.test", newPassword)
	member.inspect(t, 200, "account without access", "/account")
	member.inspect(t, 200, "data", "/account/data")
	addPasskey(t, member)
	member.inspect(t, 200, "security", "/account/security")
	member.visit("/account/security")
	member.inspectAfter(t, 200, "second step", func() int {
		return member.load(chromedp.Click(chromedp.CSS(`form[action="/account/factor/begin"] button`), chromedp.NodeVisible))
	})
	secret := switchFactorOn(t, member)
	member.inspect(t, 200, "security with a second step", "/account/security")
	member.inspect(t, 200, "prove", "/account/prove?next=/account/security")
	kit.Clock.Advance(paywall.FreshFor)
	member.inspect(t, 200, "security in need of a proof", "/account/security")
	member.signOut()
	member.visit("/login")
	member.fill("#email", "nadia@listener.test")
	member.fill("#password", newPassword)
	member.inspectAfter(t, 200, "login second step", func() int {
		return member.load(chromedp.Click(chromedp.CSS(`form[action="/login"] .button-main`), chromedp.NodeVisible))
	})
	member.fill("#code", member.appCode(secret))
	member.follow(`form[action="/login/second"] .button-main`)
}
