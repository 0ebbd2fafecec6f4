package journey

import (
	"testing"

	"github.com/chromedp/chromedp"

	"usher/paywall"
)

// hardColours are accents that cannot be read on light, on dark, or on either ground
// as they are.
var hardColours = []string{"#ffdd00", "#0000ff", "#808080"}

// TestLooksTexts inspects the site's own texts and look, and pages in colours that
// need help.
func TestLooksTexts(t *testing.T) {
	t.Parallel()
	needAxe(t)
	kit := running(t)
	by := paywall.Actor{Name: "test"}
	for _, place := range []paywall.TextPlace{paywall.PlaceHome, paywall.PlacePaywall, paywall.PlaceImprint} {
		in, err := kit.Site.Front.Text(t.Context(), place, "en")
		if err != nil {
			t.Fatal(err)
		}
		in.Body = "# " + longWord + "\n\n*a* **b** [a link](https://radio.example/" + longWord + ")\n\n- one\n- two\n\n> quoted\n\n|a|b|\n|-|-|\n|" +
			longWord + "|2|\n\n---\n\n```\n" + longWord + " " + longWord + "\n```"
		if err := kit.Site.Front.SaveText(t.Context(), by, in); err != nil {
			t.Fatal(err)
		}
	}
	owner, guest := signedIn(t, kit, "owner"), visitor(t, kit)
	for _, colour := range hardColours {
		look := kit.Site.Front.Now().Look
		look.Accent = colour
		if err := kit.Site.Front.ChangeLook(t.Context(), by, look, paywall.Picture{}); err != nil {
			t.Fatal(err)
		}
		guest.inspect(t, 200, "home in "+colour, "/")
		guest.inspect(t, 200, "wall in "+colour, "/listen/radio-lumiere")
		owner.inspect(t, 200, "look in "+colour, "/admin/settings/look")
	}
	guest.inspect(t, 200, "imprint", "/imprint")
	owner.inspect(t, 200, "texts", "/admin/texts")
	owner.inspectAfter(t, 200, "preview of a text", func() int {
		owner.visit("/admin/texts/imprint/en")
		return owner.load(chromedp.Click(chromedp.CSS("main form button[formaction]"), chromedp.NodeVisible))
	})
	owner.watch.expectPage(422)
	owner.inspectAfter(t, 422, "look with mistakes", func() int {
		owner.visit("/admin/settings/look")
		eval[bool](owner, `(document.querySelectorAll('[name=languages]').forEach((e) => { e.checked = false; }), true)`)
		return owner.load(chromedp.Click(chromedp.CSS("main form button[type=submit]"), chromedp.NodeVisible))
	})
}

const longWord = "Donaudampfschifffahrtsgesellschaftskapitänswitwenrentenauszahlungsstelle"
