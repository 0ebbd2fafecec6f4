package journey

import (
	"context"
	"encoding/base32"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"

	"usher/internal/config"
	"usher/internal/testkit"
	"usher/internal/totp"
	"usher/paywall"
)

const (
	newcomer    = "nora@listener.test"
	newPassword = "three quiet lamps by the lake"
	mainButton  = "main form .button-main"
)

// runningNamed is a site that is reached by its name: passkeys, and the way back
// from another service, need localhost and not a number.
func runningNamed(t *testing.T, options ...testkit.Option) *testkit.Kit {
	t.Helper()
	kit := running(t, options...)
	kit.URL = kit.Config.BaseURL.String()
	return kit
}

// onPhone makes the tab as small as a phone.
func (b *tab) onPhone() *tab {
	b.t.Helper()
	b.do(chromedp.EmulateViewport(360, 740))
	return b
}

// enterCode types the code of the newest mail to an address.
func (b *tab) enterCode(email string) {
	b.t.Helper()
	b.fill("#code", b.kit.Letter(b.t, email).Code)
	b.follow(`form[action="/code"] .button-main`)
}

// stranger walks from the paywall of a station for members to an account, and
// is back at the station.
func (b *tab) stranger(email, password string) {
	b.t.Helper()
	b.visit("/listen/studio-ouvert")
	b.follow(`.door a[href^="/signup"]`)
	b.fill("#email", email)
	if password != "" {
		b.fill("#password", password)
	}
	b.follow(`form[action="/signup"] .button-main`)
	b.wants("main .lead", email)
	b.enterCode(email)
	if b.path() != "/listen/studio-ouvert" {
		b.t.Fatalf("after signing up at %s", b.path())
	}
}

// TestAccount_onAPhone is a listener's whole way in one go: from the wall to an
// account and to the sound, then every other way in.
func TestAccount_onAPhone(t *testing.T) {
	t.Parallel()
	provider := testkit.NewOIDC(t)
	kit := runningNamed(t, func(c *config.Config) {
		c.OIDC = []config.OIDCProvider{provider.Config("infomaniak", "Infomaniak")}
	})
	provider.Now = kit.Clock.Now
	b := visitor(t, kit).onPhone()
	b.watch.expect(provider.URL + "/favicon.ico") // the test service has no icon
	b.stranger(newcomer, newPassword)
	b.click("[data-play]")
	b.waitPlaying()
	b.watch.forget()

	addPasskey(t, b)
	signInByPasskey(t, b)
	secret := switchFactorOn(t, b)
	signInByFactor(t, b, secret)
	connectProvider(t, b, provider)
	signInByProvider(t, b, secret)
	changeAddress(t, b)
	resetPassword(t, b, "nora@other.test")
}

// signOut leaves by the button in the head.
func (b *tab) signOut() {
	b.t.Helper()
	b.visit("/account")
	b.follow(`.site-nav form[action="/logout"] button`)
}

func addPasskey(t *testing.T, b *tab) {
	t.Helper()
	b.do(virtualAuthenticator)
	b.visit("/account/security")
	if status := b.load(chromedp.Click(chromedp.CSS("[data-passkey-add]"), chromedp.NodeVisible)); status != 200 {
		t.Fatalf("status %d\n%s", status, b.describe())
	}
	b.wants(".flash", "The passkey was added.")
	if n := b.count(`form[action^="/account/passkeys/"][action$="/name"]`); n != 1 {
		t.Fatalf("%d passkeys are listed", n)
	}
}

// virtualAuthenticator gives the browser a device that always says yes.
func virtualAuthenticator(ctx context.Context, target *chromedp.Target) (chromedp.Void, error) {
	if _, err := cdp.Call(ctx, target, webauthn.Enable, webauthn.EnableParams{}); err != nil {
		return chromedp.Void{}, err
	}
	_, err := cdp.Call(ctx, target, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{
		Options: &webauthn.VirtualAuthenticatorOptions{
			Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal,
			HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true,
		},
	})
	return chromedp.Void{}, err
}

func signInByPasskey(t *testing.T, b *tab) {
	t.Helper()
	b.signOut()
	b.visit("/login?next=/account/security")
	if status := b.load(chromedp.Click(chromedp.CSS("[data-passkey-login]"), chromedp.NodeVisible)); status != 200 {
		t.Fatalf("status %d\n%s", status, b.describe())
	}
	if b.path() != "/account/security" {
		t.Fatalf("the passkey leads to %s", b.path())
	}
}

func switchFactorOn(t *testing.T, b *tab) (secret []byte) {
	t.Helper()
	b.visit("/account/security")
	b.follow(`form[action="/account/factor/begin"] button`)
	text := strings.ReplaceAll(b.text(".secret"), " ", "")
	secret, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(text)
	if err != nil || len(secret) != 20 {
		t.Fatalf("secret %q, %v", text, err)
	}
	b.fill("#code", b.appCode(secret))
	b.follow(`form[action="/account/factor"] .button-main`)
	if n := b.count(".codes code"); n != 10 {
		t.Fatalf("%d recovery codes", n)
	}
	return secret
}

// appCode is what the authenticator app shows. Each code works once, so the
// clock goes on to the next.
func (b *tab) appCode(secret []byte) string {
	b.t.Helper()
	b.kit.Clock.Advance(31 * time.Second)
	code, err := totp.Codes{}.Code(secret, b.kit.Clock.Now().Unix()/30)
	if err != nil {
		b.t.Fatal(err)
	}
	return code
}

func signInByFactor(t *testing.T, b *tab, secret []byte) {
	t.Helper()
	b.signOut()
	b.visit("/login?next=/listen/studio-ouvert")
	b.fill("#email", newcomer)
	b.fill("#password", newPassword)
	b.follow(`form[action="/login"] .button-main`)
	if b.path() != "/login/second" {
		t.Fatalf("after the password at %s", b.path())
	}
	b.fill("#code", b.appCode(secret))
	b.follow(`form[action="/login/second"] .button-main`)
	if b.path() != "/listen/studio-ouvert" {
		t.Fatalf("after the second step at %s", b.path())
	}
}

func connectProvider(t *testing.T, b *tab, provider *testkit.OIDC) {
	t.Helper()
	b.visit("/account/security")
	b.click(`form[action="/login/with/infomaniak"] button`)
	b.waitFor(`location.origin === `+quote(provider.URL), stepLimit)
	b.load(chromedp.Click(chromedp.CSS("button[value=yes]"), chromedp.NodeVisible))
	b.wants(".flash", "connected")
}

func signInByProvider(t *testing.T, b *tab, secret []byte) {
	t.Helper()
	b.signOut()
	b.visit("/login")
	b.click(`form[action="/login/with/infomaniak"] button`)
	b.waitFor(`!!document.querySelector('button[value=yes]')`, stepLimit)
	b.load(chromedp.Click(chromedp.CSS("button[value=yes]"), chromedp.NodeVisible))
	if b.path() != "/login/second" {
		t.Fatalf("another service leads past the second step, to %s\n%s", b.path(), b.describe())
	}
	b.fill("#code", b.appCode(secret))
	b.follow(`form[action="/login/second"] .button-main`)
}

func changeAddress(t *testing.T, b *tab) {
	t.Helper()
	b.visit("/account/security")
	b.fill("#email", "nora@other.test")
	b.follow(`form[action="/account/email"] button`)
	b.enterCode("nora@other.test")
	b.wants(".flash", "Your address was changed.")
	if notice := b.kit.Letter(t, newcomer); notice.Address != "nora@other.test" {
		t.Errorf("the old address was told %+v", notice.MailParams)
	}
}

func resetPassword(t *testing.T, b *tab, email string) {
	t.Helper()
	b.signOut()
	b.visit("/login")
	b.follow(`a[href="/forgot"]`)
	b.fill("#email", email)
	b.follow(mainButton)
	b.fill("#code", b.kit.Letter(t, email).Code)
	b.fill("#password", "another door with a brass handle")
	b.follow(`form[action="/code"] .button-main`)
	b.wants(".flash", "Your password is new.")
}

// TestAccount_linkInAnotherBrowser: the mail is opened on another device, where
// a button waits; looking at the page uses nothing up.
func TestAccount_linkInAnotherBrowser(t *testing.T) {
	t.Parallel()
	kit := running(t)
	laptop, phone, scanner := visitor(t, kit), visitor(t, kit).onPhone(), visitor(t, kit)
	laptop.visit("/signup?next=/listen/studio-ouvert")
	laptop.fill("#email", newcomer)
	laptop.follow(`form[action="/signup"] .button-main`)
	path := kit.Letter(t, newcomer).Path
	scanner.visit(path)
	scanner.visit(path)
	phone.visit(path)
	phone.follow(`form[action="/link"] .button-main`)
	if phone.path() != "/listen/studio-ouvert" {
		t.Fatalf("the link leads to %s", phone.path())
	}
	phone.click("[data-play]")
	phone.waitPlaying()
	scanner.watch.expectPage(422)
	if status := scanner.visitStatus(path); status != 422 {
		t.Errorf("a used link answers %d", status)
	}
}

// TestAccount_withoutScript does everything that needs no script without any.
func TestAccount_withoutScript(t *testing.T) {
	t.Parallel()
	kit := running(t)
	b := visitor(t, kit).onPhone()
	b.do(noScript)
	b.stranger(newcomer, "")
	secret := switchFactorOn(t, b)
	b.signOut()
	b.visit("/login?next=/account")
	b.fill("#email", newcomer)
	b.follow(`button[formaction="/login/code"]`)
	b.enterCode(newcomer)
	b.fill("#code", b.appCode(secret))
	b.follow(`form[action="/login/second"] .button-main`)
	changeAddress(t, b)
	resetPassword(t, b, "nora@other.test")
	if n := b.count("[data-passkey-login]:not([hidden])"); n != 0 {
		t.Error("a button shows that does nothing without a script")
	}
}

// TestAccount_owner: an owner who has to use two steps is led to set them up.
func TestAccount_owner(t *testing.T) {
	t.Parallel()
	kit := running(t)
	b := signedIn(t, kit, "owner")
	settings, err := kit.Site.Settings.Get(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	settings.OwnersNeedFactor = true
	if err := kit.Site.Settings.Change(t.Context(), paywall.Actor{Name: "test"}, settings); err != nil {
		t.Fatal(err)
	}
	b.visit("/admin/items")
	if b.path() != "/account/security" {
		t.Fatalf("without a second step at %s", b.path())
	}
	switchFactorOn(t, b)
	b.visit("/admin/items")
	if b.path() != "/admin/items" {
		t.Fatalf("with a second step at %s", b.path())
	}
}
