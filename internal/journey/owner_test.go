package journey

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// TestOwner: the owner makes a station and lets Ben in. Ben listens. The owner
// takes it back, and Ben reads that it is over.
func TestOwner(t *testing.T) {
	t.Parallel()
	kit := running(t)
	owner, ben := signedIn(t, kit, "owner"), signedIn(t, kit, "ben")

	owner.visit("/admin/items/new")
	owner.fill("#title", "Radio Phare")
	owner.choose("#kind", "Radio")
	owner.fill("#slug", "radio-phare")
	owner.fill("#summary", "From the lighthouse.")
	owner.choose("#access", "Only with access")
	owner.fill("[name=source_address]", kit.SandboxURL+"/ice/studioouvert-128.mp3")
	owner.follow("main form .actions button[type=submit]")
	owner.wants(".flash", "The item was created as a draft.")
	owner.follow(`form[action$="/publish"] button`)
	owner.wants(".flash", "The item is published")

	ben.visit("/listen/radio-phare")
	ben.wantsWall("no_grant", "Your account has no access to this")

	owner.visit("/admin/grants")
	owner.fill("#email", "ben@demo.test")
	owner.choose("#opens", "Radio Phare")
	owner.follow("main form .actions button[type=submit]")
	owner.wants(".flash", "Access was given.")

	ben.reload()
	ben.click("[data-play]")
	ben.waitPlaying()

	owner.click("tbody tr:first-child summary")
	owner.follow(`tbody tr:first-child form[action$="/revoke"] button`)
	owner.wants(".flash", "Access was taken back.")

	ben.watch.forget()
	ben.reload()
	ben.wantsWall("grant_ended", "Your access has ended")
}

// choose picks the option of a list that holds some words.
func (b *tab) choose(selector, words string) {
	b.t.Helper()
	value := eval[string](b, `[...document.querySelector(`+quote(selector)+`).options].find((o) => o.text.includes(`+
		quote(words)+`))?.value ?? 'none'`)
	b.do(chromedp.SetValue(chromedp.CSS(selector), value))
	if got := eval[string](b, "document.querySelector("+quote(selector)+").value"); got != value {
		b.t.Fatalf("%s has no option %q", selector, words)
	}
}

// reload loads the page again, which must answer 200.
func (b *tab) reload() {
	b.t.Helper()
	if status := b.load(chromedp.Reload()); status != 200 {
		b.t.Fatalf("reload: status %d\n%s", status, b.describe())
	}
}

// TestUnsavedWords: who leaves a page with words that are not saved is asked.
func TestUnsavedWords(t *testing.T) {
	t.Parallel()
	owner := signedIn(t, running(t), "owner")
	owner.visit("/admin/texts/imprint/en")
	if owner.asks() {
		t.Error("a page on which nothing was typed asks")
	}
	owner.fill("textarea", "Radio Example, Geneva")
	if !owner.asks() {
		t.Error("typed words go without a question")
	}
	owner.follow("main form .button-main")
	if owner.asks() {
		t.Error("saved words are asked about")
	}
}
