package mail_test

import (
	"errors"
	netmail "net/mail"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"usher/internal/mail"
	"usher/internal/testkit"
	"usher/paywall"
)

func envelope(changes ...func(e *mail.Envelope)) mail.Envelope {
	e := mail.Envelope{
		ID: "mail-id", From: netmail.Address{Name: "Radio Lumière", Address: "no-reply@radio.example"}, To: "anna@example.org",
		Subject: "918273 est votre code", Text: "Bonjour à vous\n.\n918273\n", HTML: "<p>Bonjour à vous</p>", Date: opening,
	}
	for _, change := range changes {
		change(&e)
	}
	return e
}

var headers = []string{
	"Auto-Submitted", "Content-Type", "Date", "From", "Message-Id", "Mime-Version", "Subject", "To",
}

// wantPlain checks that a mail went to Anna alone with the headers of each mail
// and no other.
func wantPlain(t *testing.T, sink *testkit.SMTP, c testkit.Captured) testkit.Letter {
	t.Helper()
	letter := c.Read(t)
	var names []string
	for name, values := range letter.Header {
		names = append(names, name)
		if len(values) != 1 {
			t.Errorf("%s stands %d times", name, len(values))
		}
	}
	slices.Sort(names)
	if !slices.Equal(names, headers) {
		t.Errorf("headers %v, want %v", names, headers)
	}
	if !slices.Equal(c.To, []string{"anna@example.org"}) || letter.Header.Get("To") != "<anna@example.org>" {
		t.Errorf("recipients %v, To %q", c.To, letter.Header.Get("To"))
	}
	if n := strings.Count(strings.ToUpper(sink.Raw()), "RCPT TO"); n != 1 {
		t.Errorf("%d recipients on the wire", n)
	}
	return letter
}

func TestSMTP_sends(t *testing.T) {
	for _, protection := range []string{testkit.SMTPStartTLS, testkit.SMTPTLS, testkit.SMTPPlain} {
		t.Run(protection, func(t *testing.T) {
			sink := testkit.NewSMTP(t, protection)
			answer, err := smtp(t, sink, protection).Send(t.Context(), envelope())
			must(t, err)
			if !strings.HasPrefix(answer, "250 ") {
				t.Errorf("answer %q", answer)
			}
			captured := sink.Mails()
			if len(captured) != 1 {
				t.Fatalf("%d mails", len(captured))
			}
			letter := wantPlain(t, sink, captured[0])
			if captured[0].From != "no-reply@radio.example" || letter.Header.Get("Message-Id") != "<mail-id@radio.example>" ||
				letter.Header.Get("Auto-Submitted") != "auto-generated" || letter.Text != envelope().Text || letter.HTML != envelope().HTML {
				t.Errorf("from %s: %+v", captured[0].From, letter)
			}
			if got := testkit.Subject(captured[0].Data); got != envelope().Subject {
				t.Errorf("subject %q", got)
			}
		})
	}
}

// Neither the machine's name nor the library's goes out.
func TestSMTP_tellsNothingOfTheMachine(t *testing.T) {
	sink := testkit.NewSMTP(t, testkit.SMTPStartTLS)
	_, err := smtp(t, sink, mail.TLSStart).Send(t.Context(), envelope())
	must(t, err)
	name, err := os.Hostname()
	must(t, err)
	raw := sink.Raw()
	if !contains(raw, "EHLO radio.example") {
		t.Error("the greeting is not the site's")
	}
	for _, hidden := range []string{name, "go-mail", "X-Mailer", "User-Agent"} {
		if hidden != "" && hidden != "localhost" && contains(raw, hidden) {
			t.Errorf("the wire tells %q", hidden)
		}
	}
}

func TestSMTP_login(t *testing.T) {
	for _, protection := range []string{testkit.SMTPStartTLS, testkit.SMTPTLS, testkit.SMTPPlain} {
		t.Run(protection, func(t *testing.T) {
			sink := testkit.NewSMTP(t, protection)
			sink.Require("usher", "the-password")
			login := func(password string) func(c *mail.SMTPConfig) {
				return func(c *mail.SMTPConfig) { c.User, c.Password = "usher", paywall.NewSecret(password) }
			}
			_, err := smtp(t, sink, protection, login("the-password")).Send(t.Context(), envelope())
			must(t, err)
			// A wrong password can be mended while the mail waits.
			_, err = smtp(t, sink, protection, login("wrong")).Send(t.Context(), envelope())
			wantRetry(t, err)
			if strings.Contains(err.Error(), "wrong") {
				t.Errorf("the error tells the password: %v", err)
			}
			_, err = smtp(t, sink, protection).Send(t.Context(), envelope())
			wantRetry(t, err)
			if n := len(sink.Mails()); n != 1 {
				t.Errorf("%d mails, want the one with the right login", n)
			}
		})
	}
}

func wantRetry(t *testing.T, err error) {
	t.Helper()
	var permanent *mail.Permanent
	if err == nil || errors.As(err, &permanent) {
		t.Fatalf("error %v, want one that is tried again", err)
	}
}

// Without a certificate that we believe, no byte of the mail leaves.
func TestSMTP_refusesWrongCertificates(t *testing.T) {
	other := testkit.NewAuthority(t)
	for name, change := range map[string]func(c *mail.SMTPConfig){
		"unknown authority": func(c *mail.SMTPConfig) { c.CAFile = "" },
		"other authority":   func(c *mail.SMTPConfig) { c.CAFile = other.File },
		"other name":        func(c *mail.SMTPConfig) { c.Host = "127.0.0.1" },
	} {
		for _, protection := range []string{mail.TLSStart, mail.TLSImplicit} {
			t.Run(name+" "+protection, func(t *testing.T) {
				sink := testkit.NewSMTP(t, protection)
				_, err := smtp(t, sink, protection, change).Send(t.Context(), envelope())
				wantRetry(t, err)
				if contains(sink.Raw(), "MAIL FROM") || !contains(err.Error(), "certificate") {
					t.Errorf("error %v; the wire has\n%s", err, sink.Raw())
				}
			})
		}
	}
}

// A server, or somebody in between, that offers no encryption gets nothing.
func TestSMTP_wantsEncryption(t *testing.T) {
	sink := testkit.NewSMTP(t, testkit.SMTPPlain)
	sink.Require("usher", "the-password")
	_, err := smtp(t, sink, mail.TLSStart, func(c *mail.SMTPConfig) {
		c.User, c.Password = "usher", paywall.NewSecret("the-password")
	}).Send(t.Context(), envelope())
	wantRetry(t, err)
	if raw := sink.Raw(); contains(raw, "MAIL FROM") || contains(raw, "AUTH PLAIN ") {
		t.Errorf("the wire has\n%s", raw)
	}
	_, err = mail.NewSMTP(mail.SMTPConfig{Host: "mail.example", Port: 25, TLS: mail.TLSNone})
	if err == nil {
		t.Error("a mail server elsewhere without encryption was accepted")
	}
}

func TestNewSMTP_caFile(t *testing.T) {
	for _, file := range []string{"/nowhere/ca.pem", os.Args[0]} {
		if _, err := mail.NewSMTP(mail.SMTPConfig{Host: "mail.example", TLS: mail.TLSStart, CAFile: file}); err == nil {
			t.Errorf("%s was accepted", file)
		}
	}
}

// What names and addresses bring along adds neither header nor recipient.
func TestSMTP_injection(t *testing.T) {
	corpus := []string{
		"x\r\nBcc: eve@example.org", "x\nBcc: eve@example.org", "x\rBcc: eve@example.org", "x\r\n\r\nbody",
		"x\x00y", "x\u2028Bcc: eve@example.org", "\"x\" <eve@example.org>", "x, eve@example.org", "=?utf-8?q?x=0D=0ABcc:eve?=",
		"x\r\n.\r\nMAIL FROM:<eve@example.org>", strings.Repeat("é", 300), strings.Repeat("x", 1200),
	}
	for _, text := range corpus {
		sink := testkit.NewSMTP(t, testkit.SMTPPlain)
		_, err := smtp(t, sink, mail.TLSNone).Send(t.Context(), envelope(func(e *mail.Envelope) {
			e.From.Name, e.Subject, e.Text, e.HTML = text, text, text+"\n", text
		}))
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		captured := sink.Mails()
		if len(captured) != 1 {
			t.Fatalf("%q: %d mails", text, len(captured))
		}
		wantPlain(t, sink, captured[0])
	}
}

func TestSMTP_refusesOtherRecipients(t *testing.T) {
	sink := testkit.NewSMTP(t, testkit.SMTPPlain)
	for _, to := range []string{
		"", "anna@example.org>\r\nRCPT TO:<eve@example.org", "anna@example.org,eve@example.org", "Anna <anna@example.org>",
		"anna@example.org> NOTIFY=NEVER", "Anna@example.org", `"a b"@example.org`,
	} {
		_, err := smtp(t, sink, mail.TLSNone).Send(t.Context(), envelope(func(e *mail.Envelope) { e.To = to }))
		var permanent *mail.Permanent
		if !errors.As(err, &permanent) {
			t.Errorf("%q: error %v", to, err)
		}
	}
	if raw := sink.Raw(); contains(raw, "RCPT") {
		t.Errorf("the wire has\n%s", raw)
	}
}

// The deadline counts from the first byte to the last, and a stop ends a sending
// at once.
func TestSMTP_deadline(t *testing.T) {
	sink := testkit.NewSMTP(t, testkit.SMTPStartTLS)
	sink.Set(testkit.SMTPSlow)
	begun := time.Now()
	_, err := smtp(t, sink, mail.TLSStart, func(c *mail.SMTPConfig) { c.Timeout = 300 * time.Millisecond }).Send(t.Context(), envelope())
	wantRetry(t, err)
	if took := time.Since(begun); took > 3*time.Second {
		t.Errorf("a sending with a deadline of 300 ms took %v", took)
	}
}
