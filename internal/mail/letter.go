package mail

import (
	"cmp"
	"context"
	"fmt"
	netmail "net/mail"
	"net/url"
	"strconv"
	"strings"
	"time"

	"usher/internal/i18n"
	"usher/internal/markdown"
	"usher/internal/palette"
	"usher/paywall"
	words "usher/views/mail"
)

// Site is whom the mails come from.
type Site struct {
	// Front tells the name, the languages, the zone of dates (unless the recipient
	// has another) and the words at the end.
	Front   *paywall.Front
	BaseURL *url.URL // every link in a mail begins with it
	From    netmail.Address
}

// from is the sender, by the site's name unless the operator set another.
func (s Site) from() netmail.Address {
	return netmail.Address{Name: cmp.Or(s.From.Name, s.Front.Name()), Address: s.From.Address}
}

// words are what every mail to a reader of a language says of the site.
func (s Site) words(l *i18n.Locale) words.Site {
	shown := s.Front.Now()
	own, written := shown.Text(paywall.PlaceMail, l.Tag())
	site := words.Site{Name: shown.Name, BaseURL: s.base(), Own: markdown.Text(own), OwnLanguage: written}
	if p, picked := palette.Of(shown.Accent); picked {
		site.Colours = words.Colours{Accent: p.Light.Accent, On: p.Light.On, DarkAccent: p.Dark.Accent, DarkOn: p.Dark.On}
	}
	return site
}

// Message writes a mail out, as it is sent and as an owner reads it in the mail
// log. It answers paywall.ErrNotFound when the mail was emptied.
func (w *Worker) Message(ctx context.Context, m paywall.Mail) (words.Message, error) {
	p, err := w.outbox.Params(m)
	if err != nil {
		return words.Message{}, err
	}
	return w.write(ctx, m, p)
}

func (w *Worker) write(ctx context.Context, m paywall.Mail, p paywall.MailParams) (words.Message, error) {
	shown := w.site.Front.Now()
	offer := i18n.NewOffer(shown.Language, shown.Languages)
	l, ok := offer.Lookup(m.Language)
	if !ok {
		l = offer.Own()
	}
	written, err := w.site.params(l, p)
	if err != nil {
		return words.Message{}, err
	}
	return words.Render(ctx, l, w.site.words(l), string(m.Kind), written)
}

// params puts times, durations and addresses into words.
func (s Site) params(l *i18n.Locale, p paywall.MailParams) (words.Params, error) {
	written := words.Params{Code: p.Code, Name: p.Name, Address: p.Address, Device: p.Device, Opens: p.Opens, Voucher: p.Voucher,
		Subject: p.Subject, Text: p.Text}
	written.Leaks, written.Failing = strings.Join(p.Leaks, "; "), strings.Join(p.Failing, "; ")
	if p.More > 0 {
		written.More = strconv.Itoa(p.More)
	}
	if p.Path != "" {
		// A second slash would make it an address on another host.
		if !strings.HasPrefix(p.Path, "/") || strings.HasPrefix(p.Path, "//") {
			return words.Params{}, fmt.Errorf("a mail leads to no page of the site")
		}
		written.URL = s.base() + p.Path
	}
	if p.Valid > 0 {
		written.Valid = words.Duration(l, p.Valid)
	}
	if p.LinkValid > 0 {
		written.ValidLink = words.Duration(l, p.LinkValid)
	}
	zone := s.zone(p.Zone)
	if p.Days > 0 {
		written.Lasts = words.Duration(l, time.Duration(p.Days)*24*time.Hour)
	}
	if !p.RedeemBy.IsZero() {
		written.RedeemBy = l.Ended(p.RedeemBy.In(zone))
	}
	if !p.At.IsZero() {
		written.At = l.DateTime(p.At.In(zone))
	}
	if !p.Until.IsZero() {
		written.Until = l.Until(p.Until.In(zone))
	}
	return written, nil
}

func (s Site) base() string { return strings.TrimRight(s.BaseURL.String(), "/") }

// zone is the recipient's own, or the site's when there is none that we know.
func (s Site) zone(name string) *time.Location {
	for _, name := range []string{name, s.Front.Now().Zone} {
		if zone, err := time.LoadLocation(name); err == nil && name != "" {
			return zone
		}
	}
	return time.UTC
}

// mask takes a mail's secrets out of a text that somebody else wrote: servers
// quote what they refuse.
func mask(text string, p paywall.MailParams) string {
	secrets := strings.FieldsFunc(p.Path, func(r rune) bool { return strings.ContainsRune("/?&=#", r) })
	for _, secret := range append(secrets, p.Code, p.Voucher) {
		if len(secret) >= shortestSecret {
			text = strings.ReplaceAll(text, secret, "…")
		}
	}
	return text
}

// shortestSecret keeps mask from eating common words of an address; a code has
// six digits.
const shortestSecret = 6
