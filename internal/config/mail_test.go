package config_test

import (
	"strings"
	"testing"

	"usher/internal/config"
)

func TestLoad_mailDefaults(t *testing.T) {
	c, err := config.Load(env("USHER_BASE_URL", "https://radio.example:8443", "USHER_SITE_NAME", "Radio Lumière"))
	if err != nil {
		t.Fatal(err)
	}
	m := c.Mail
	if m.Host != "" || m.Port != 587 || m.TLS != "starttls" || m.From.Name != "" ||
		m.From.Address != "no-reply@radio.example" || !m.Password.Empty() || !c.SecretKey.Empty() {
		t.Errorf("%+v", m)
	}
	c, err = config.Load(env("USHER_BASE_URL", "http://[::1]:8080", "USHER_SMTP_TLS", "tls"))
	if err != nil || c.Mail.From.Address != "no-reply@localhost" || c.Mail.Port != 465 {
		t.Errorf("%+v, %v", c.Mail, err)
	}
}

func TestLoad_mailFrom(t *testing.T) {
	for value, want := range map[string]string{
		"studio@radio.example":                   `<studio@radio.example>`,
		"The Studio <studio@radio.example>":      `"The Studio" <studio@radio.example>`,
		"studio@räder.example":                   "",
		"studio@radio.example, b@radio.example":  "",
		"studio@radio.example\nBcc: a@b.example": "",
		"<>":                                     "",
	} {
		c, err := config.Load(env("USHER_MAIL_FROM", value))
		switch {
		case want == "" && (err == nil || !strings.Contains(err.Error(), "USHER_MAIL_FROM")):
			t.Errorf("%q: error %v", value, err)
		case want != "" && (err != nil || c.Mail.From.String() != want):
			t.Errorf("%q: %s, %v", value, c.Mail.From.String(), err)
		}
	}
}

// Settings that do not fit together are named, the one to mend first.
func TestLoad_mailTogether(t *testing.T) {
	for _, c := range []struct {
		env   config.Getenv
		names string // empty: fine
	}{
		{env("USHER_SMTP_HOST", "mail.example", "USHER_SMTP_USER", "u"), "USHER_SMTP_PASSWORD"},
		{env("USHER_SMTP_HOST", "mail.example", "USHER_SMTP_PASSWORD", "p"), "USHER_SMTP_USER"},
		{env("USHER_SMTP_HOST", "mail.example", "USHER_SMTP_TLS", "none"), "USHER_SMTP_TLS"},
		{env("USHER_SMTP_HOST", "localhost", "USHER_SMTP_TLS", "none", "USHER_SMTP_PORT", "25"), ""},
		{env("USHER_SMTP_HOST", "mail.example", "USHER_SMTP_USER", "u", "USHER_SMTP_PASSWORD", "p"), ""},
	} {
		_, err := config.Load(c.env)
		if c.names == "" && err != nil || c.names != "" && (err == nil || !strings.Contains(err.Error(), "\n  "+c.names+":")) {
			t.Errorf("want %q: error %v", c.names, err)
		}
	}
}
