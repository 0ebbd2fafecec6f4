package testkit

import (
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"strings"
	"testing"
)

// Subject is the subject of a mail, decoded; empty when there is none.
func Subject(data string) string {
	m, err := mail.ReadMessage(strings.NewReader(data))
	if err != nil {
		return ""
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil {
		return ""
	}
	return subject
}

// Letter is a mail as its reader has it.
type Letter struct {
	Header     mail.Header
	Text, HTML string
}

// Read takes a mail apart, and fails the test when it is not what every mail of
// the site is: multipart/alternative with a text and an HTML part in UTF-8.
func (c Captured) Read(t testing.TB) Letter {
	t.Helper()
	m, err := mail.ReadMessage(strings.NewReader(c.Data))
	check(t, err)
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	check(t, err)
	if kind != "multipart/alternative" {
		t.Fatalf("the mail is %s", kind)
	}
	letter := Letter{Header: m.Header}
	parts := multipart.NewReader(m.Body, params["boundary"])
	for _, part := range []struct {
		kind string
		text *string
	}{{"text/plain", &letter.Text}, {"text/html", &letter.HTML}} {
		*part.text = readPart(t, parts, part.kind)
	}
	if _, err := parts.NextPart(); err != io.EOF {
		t.Fatalf("after the HTML part: %v", err)
	}
	return letter
}

func readPart(t testing.TB, parts *multipart.Reader, want string) string {
	t.Helper()
	part, err := parts.NextRawPart()
	check(t, err)
	kind, params, err := mime.ParseMediaType(part.Header.Get("Content-Type"))
	check(t, err)
	if kind != want || !strings.EqualFold(params["charset"], "utf-8") ||
		!strings.EqualFold(part.Header.Get("Content-Transfer-Encoding"), "quoted-printable") {
		t.Fatalf("part %v, want %s", part.Header, want)
	}
	text, err := io.ReadAll(quotedprintable.NewReader(part))
	check(t, err)
	return strings.ReplaceAll(string(text), "\r\n", "\n")
}
