package mail_test

import (
	"strings"
	"testing"

	"usher/internal/i18n"
	"usher/views/mail"
)

// What staff wrote stands in the site's frame, in paragraphs, and nothing in it
// becomes markup or a header.
func TestRender_notice(t *testing.T) {
	for _, l := range i18n.All() {
		m := render(t, l, "notice", mail.Params{Subject: "Concert\r\nBcc: eve@example.org", Text: "One\ntwo <b>three</b>\n\n\n\u202eFour\x00\n"})
		if m.Subject != "Concert  Bcc: eve@example.org" {
			t.Errorf("subject %q", m.Subject)
		}
		page := parse(t, m.HTML)
		paragraphs := page.Find(".sheet p")
		if paragraphs.Length() != 3 || page.Find(".sheet b").Length() != 0 || page.Find(".sheet br").Length() != 1 {
			t.Errorf("%s: %d paragraphs in\n%s", l.Tag(), paragraphs.Length(), m.HTML)
		}
		if !strings.Contains(m.Text, "\n\nOne\ntwo <b>three</b>\n\nFour\n\n-- \n") {
			t.Errorf("%s: the text is\n%s", l.Tag(), m.Text)
		}
	}
}
