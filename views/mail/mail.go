// Package mail writes the site's mails: subject, text and HTML of each kind from
// one content, in the recipient's language. What it shows comes as written text.
package mail

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"unicode"

	"usher/internal/i18n"
)

// Message is a mail as it is sent.
type Message struct{ Subject, Text, HTML string }

// Site is whom a mail comes from.
type Site struct {
	Name    string
	BaseURL string // without a slash at the end
	// Own is what the site says at the end of every mail: plain lines, in a
	// language that need not be the mail's. Empty: nothing.
	Own, OwnLanguage string
	Colours          Colours
}

// Params is what the words of a mail are filled with, in the recipient's
// language and zone. Empty ones are not shown.
type Params struct {
	Code  string // six digits
	URL   string // of the page that the button opens
	Valid string // "10 minutes": of the code, or of the button alone
	// ValidLink is how long the button works beside a code.
	ValidLink string
	Name      string // of a passkey, or of another service
	Address   string // the new e-mail address of an account
	Device    string // "Firefox, Linux"
	At        string // when it happened
	Opens     string // what is open; empty: everything
	Until     string // until when; empty: for ever
	Subject   string // what staff wrote; empty: the kind's own
	Text      string // what staff wrote; an empty line parts paragraphs
	Voucher   string // a code to redeem
	Lasts     string // "30 days": how long it opens, from redeeming
	RedeemBy  string // until when it can be redeemed
	Leaks     string // sources that play without a token
	Failing   string // sources that nobody can play
	More      string // how many are not named
}

// Render writes a mail of a kind.
func Render(ctx context.Context, l *i18n.Locale, site Site, kind string, p Params) (Message, error) {
	form, known := layouts[kind]
	if !known {
		return Message{}, fmt.Errorf("there is no mail of kind %q", kind)
	}
	if form.code && p.Code == "" {
		return Message{}, fmt.Errorf("a mail of kind %q needs a code", kind)
	}
	site.Name, site.Colours = oneLine(site.Name), site.Colours.orOwn()
	c := newContent(l, site, kind, form, p.oneLined())
	var html bytes.Buffer
	if err := page(c).Render(ctx, &html); err != nil {
		return Message{}, err
	}
	return Message{Subject: c.subject, Text: c.text(), HTML: html.String()}, nil
}

// content is what both parts of a mail say, in their order.
type content struct {
	l       *i18n.Locale
	site    Site
	subject string
	title   string
	lead    string
	typed   [][]string // paragraphs of lines that staff wrote
	details []detail
	code    string
	button  string
	url     string
	notes   []string // paragraphs below the button
	footer  string
}

type detail struct{ label, value string }

func newContent(l *i18n.Locale, site Site, kind string, form layout, p Params) content {
	say := func(key string) string {
		if key == "" {
			return ""
		}
		return l.T(key, "Site", site.Name, "Code", p.Code, "Valid", p.Valid, "ValidLink", p.ValidLink)
	}
	c := content{
		l: l, site: site,
		subject: say("mail." + kind + ".subject"), title: say(form.title),
		lead: say("mail." + kind + ".lead"), footer: say(form.footer),
		details: details(l, form, p),
	}
	if form.typed {
		c.typed = paragraphs(p.Text)
		if p.Subject != "" {
			c.subject = p.Subject
		}
	}
	if c.title == "" {
		c.title = c.subject
	}
	if form.code {
		c.code = p.Code
	}
	if p.URL != "" {
		c.button = say(form.button)
	}
	if c.button != "" {
		c.url = p.URL
	}
	for _, key := range []string{c.validKey(p.Valid), c.neverKey(), form.unasked} {
		if text := say(key); text != "" {
			c.notes = append(c.notes, text)
		}
	}
	return c
}

// paragraphs cuts a text at its empty lines. Each line is as clean as a name.
func paragraphs(text string) (all [][]string) {
	var lines []string
	for line := range strings.SplitSeq(text+"\n", "\n") {
		if line = oneLine(line); line != "" {
			lines = append(lines, line)
		} else if len(lines) > 0 {
			all, lines = append(all, lines), nil
		}
	}
	return all
}

// validKey picks the sentence that says how long the ways on work.
func (c content) validKey(valid string) string {
	switch {
	case valid == "":
		return ""
	case c.code != "" && c.url != "":
		return "mail.common.valid_both"
	case c.code != "":
		return "mail.common.valid_code"
	case c.url != "":
		return "mail.common.valid_link"
	}
	return ""
}

func (c content) neverKey() string {
	if c.code == "" {
		return ""
	}
	return "mail.common.never"
}

// details are the facts of what happened.
func details(l *i18n.Locale, form layout, p Params) []detail {
	if form.access {
		p.Opens, p.Until = access(l, p)
	}
	var rows []detail
	for _, d := range []detail{
		{"mail.detail.voucher", p.Voucher}, {"mail.detail.opens", p.Opens}, {"mail.detail.until", p.Until},
		{"mail.detail.lasts", p.Lasts}, {"mail.detail.redeem_by", p.RedeemBy}, {"mail.detail.name", p.Name},
		{"mail.detail.leaks", p.Leaks}, {"mail.detail.failing", p.Failing}, {"mail.detail.more", p.More},
		{"mail.detail.address", p.Address}, {"mail.detail.at", p.At}, {"mail.detail.device", p.Device},
	} {
		if d.value != "" {
			rows = append(rows, detail{l.T(d.label), d.value})
		}
	}
	return rows
}

// access says what is open and until when in the words of the account page.
func access(l *i18n.Locale, p Params) (opens, until string) {
	if opens = p.Opens; opens == "" {
		opens = l.T("account.everything")
	}
	switch {
	case p.Lasts != "":
		return opens, ""
	case p.Until == "":
		return opens, l.T("account.forever")
	}
	return opens, l.T("account.until", "Date", p.Until)
}

// oneLined makes each value one line. Names and devices are as people and
// browsers told them; a line break in one must not begin a header or a paragraph.
func (p Params) oneLined() Params {
	for _, field := range []*string{
		&p.Code, &p.URL, &p.Valid, &p.ValidLink, &p.Name, &p.Address, &p.Device, &p.At, &p.Opens, &p.Until,
		&p.Voucher, &p.Lasts, &p.RedeemBy,
		&p.Leaks, &p.Failing, &p.More, &p.Subject,
	} {
		*field = oneLine(*field)
	}
	return p
}

// oneLine also drops the marks that turn the direction of text, with which a
// name could show itself or its neighbours as something else.
func oneLine(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Bidi_Control, r), r == unicode.ReplacementChar:
			return -1
		case unicode.IsControl(r), r == '\u2028', r == '\u2029':
			return ' '
		}
		return r
	}, text)
	return strings.TrimSpace(text)
}
