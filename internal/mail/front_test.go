package mail_test

import (
	"strings"
	"testing"

	"usher/internal/mail"
	"usher/internal/testkit"
	"usher/paywall"
)

// TestWorker_front: a mail carries the name, the colour and the words that the
// owner has set by the time it is sent, and speaks a language that is offered.
func TestWorker_front(t *testing.T) {
	o, sink := newOffice(t), testkit.NewSMTP(t, testkit.SMTPStartTLS)
	w := o.worker(smtp(t, sink, mail.TLSStart))
	front := o.site.Front
	by := paywall.Actor{Name: "test"}
	must(t, front.ChangeLook(t.Context(), by, paywall.Look{
		Name: "Radio Nuit", Language: "de", Languages: []string{"de", "it"}, Zone: "Asia/Tokyo", Accent: "#ffdd00",
	}, paywall.Picture{}))
	must(t, front.SaveText(t.Context(), by, paywall.Text{Place: paywall.PlaceMail, Language: "it", Body: "*Ciao* [qui](https://radio.example/)"}))
	o.put(t, letter()) // to somebody who reads French
	must(t, w.Flush(t.Context()))
	m := o.only(t)
	message, err := w.Message(t.Context(), m)
	must(t, err)
	if !strings.HasSuffix(message.Text, "\nCiao qui (https://radio.example/)\n") || !strings.HasPrefix(message.Text, "Radio Nuit\n") {
		t.Errorf("the mail says %s", message.Text)
	}
	if !strings.Contains(message.HTML, `<html lang="de">`) || !strings.Contains(message.HTML, `lang="it"`) || strings.Contains(message.HTML, "#8f2a36") {
		t.Errorf("the page is %s", message.HTML)
	}
	sent := sink.Mails()
	if len(sent) != 1 || !strings.Contains(sent[0].Data, `From: "Radio Nuit" <no-reply@radio.example>`) {
		t.Errorf("sent: %+v", sent)
	}
}
