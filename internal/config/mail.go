package config

import (
	"errors"
	"fmt"
	netmail "net/mail"
	"strconv"

	"usher/paywall"
)

// Mail is the way to the mail server, and how the site signs.
type Mail struct {
	Host     string // empty: mails wait and can only be read in the mail log
	Port     int
	TLS      string // "starttls", "tls" or "none"
	User     string
	Password paywall.Secret
	CAFile   string
	From     netmail.Address
}

// The usual ports of mail servers that take mail from programs.
const (
	submissionPort  = 587
	submissionsPort = 465 // encrypted from the first byte
)

func setMailPort(c *Config, v string) (err error) {
	if v == "" {
		return nil // chosen by finish, which knows the encryption
	}
	if c.Mail.Port, err = atLeast(v, 1); err == nil && c.Mail.Port > 65535 {
		err = fmt.Errorf("%s is no port", strconv.Quote(v))
	}
	return err
}

// setMailFrom takes an address, or a name with an address in angle brackets.
func setMailFrom(c *Config, v string) error {
	if v == "" {
		return nil // made by finish, which knows the site's name and host
	}
	from, err := netmail.ParseAddress(v)
	if err != nil || !isASCII(from.Address) {
		return fmt.Errorf("%q is not of the form name@example.org or Name <name@example.org>", v)
	}
	c.Mail.From = *from
	return nil
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= 0x80 {
			return false
		}
	}
	return true
}

// finish fills in what depends on other settings, and checks what only makes
// sense together. Its error names the setting to mend.
func (m *Mail) finish(c *Config) error {
	if m.Port == 0 {
		m.Port = submissionPort
		if m.TLS == "tls" {
			m.Port = submissionsPort
		}
	}
	if m.From.Address == "" {
		m.From.Address = "no-reply@" + c.BaseURL.Hostname()
		if _, err := netmail.ParseAddress(m.From.Address); err != nil {
			m.From.Address = "no-reply@localhost" // the site is reached by a number
		}
	}
	switch {
	case m.User != "" && m.Password.Empty():
		return errors.New("USHER_SMTP_PASSWORD: the mail server's user needs a password")
	case m.User == "" && !m.Password.Empty():
		return errors.New("USHER_SMTP_USER: the mail server's password needs a user")
	case m.Host != "" && m.TLS == "none" && !paywall.IsLoopback(m.Host):
		return errors.New("USHER_SMTP_TLS: none is for a mail server on this machine only")
	}
	return nil
}

// setSecretKey refuses a key that could be guessed.
func setSecretKey(c *Config, v string) error {
	if v != "" && len(v) < paywall.MinVaultKey {
		return fmt.Errorf("it needs at least %d characters", paywall.MinVaultKey)
	}
	c.SecretKey = paywall.NewSecret(v)
	return nil
}
