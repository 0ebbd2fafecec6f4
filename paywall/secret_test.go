package paywall_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"usher/paywall"
)

const (
	canary   = "canary-4711"
	redacted = "[redacted]"
)

// wantHidden checks that a text shows neither the canary nor its bytes.
func wantHidden(t *testing.T, how, text string) {
	t.Helper()
	for _, leak := range []string{canary, fmt.Sprintf("%x", canary), fmt.Sprintf("%X", canary), fmt.Sprint([]byte(canary)), "canary"} {
		if strings.Contains(text, leak) {
			t.Errorf("%s shows the secret: %s", how, text)
		}
	}
}

func TestSecret(t *testing.T) {
	for name, test := range map[string]struct {
		secret paywall.Secret
		text   string
		empty  bool
	}{
		"zero":       {paywall.Secret{}, "", true},
		"empty text": {paywall.NewSecret(""), "", true},
		"some text":  {paywall.NewSecret(canary), canary, false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := test.secret.Reveal(); got != test.text {
				t.Errorf("reveals %q, want %q", got, test.text)
			}
			if got := test.secret.Empty(); got != test.empty {
				t.Errorf("empty %v, want %v", got, test.empty)
			}
			if got := test.secret.String(); got != redacted {
				t.Errorf("String() = %q, want %q", got, redacted)
			}
		})
	}
}

// TestSecret_Fmt prints a secret with every verb, alone and inside other things.
func TestSecret_Fmt(t *testing.T) {
	secret := paywall.NewSecret(canary)
	type shown struct{ Token paywall.Secret }
	type hidden struct{ token paywall.Secret }
	for _, flags := range []string{"", "+", "#", " ", "20", "-20.10", "+#"} {
		for verb := 'A'; verb <= 'z'; verb++ {
			format := "%" + flags + string(verb)
			for name, value := range map[string]any{
				"value": secret, "pointer": &secret, "slice": []paywall.Secret{secret},
				"map": map[string]paywall.Secret{"token": secret}, "key": map[paywall.Secret]int{secret: 1},
				"field": shown{secret}, "unexported field": hidden{secret}, "pointer to a struct": &hidden{secret},
			} {
				wantHidden(t, name+" with "+format, fmt.Sprintf(format, value))
			}
		}
	}
	for _, verb := range []string{"%s", "%v", "%+v", "%#v"} {
		if got := fmt.Sprintf(verb, secret); got != redacted {
			t.Errorf("%s prints %q, want %q", verb, got, redacted)
		}
	}
	wantHidden(t, "Sprint", fmt.Sprint(secret, hidden{secret}))
}

func TestSecret_Encoders(t *testing.T) {
	secret := paywall.NewSecret(canary)
	value := struct {
		Token paywall.Secret
		List  []paywall.Secret
		Keys  map[string]*paywall.Secret
	}{secret, []paywall.Secret{secret}, map[string]*paywall.Secret{"token": &secret}}
	text := string(get(json.Marshal(value))(t))
	if want := `{"Token":"[redacted]","List":["[redacted]"],"Keys":{"token":"[redacted]"}}`; text != want {
		t.Errorf("JSON is %s, want %s", text, want)
	}
	text = string(get(json.Marshal(map[paywall.Secret]int{secret: 1}))(t))
	if want := `{"[redacted]":1}`; text != want {
		t.Errorf("JSON key is %s, want %s", text, want)
	}
	text = string(get(xml.Marshal(secret))(t))
	if want := `<Secret>[redacted]</Secret>`; text != want {
		t.Errorf("XML is %s, want %s", text, want)
	}
}

func TestSecret_Slog(t *testing.T) {
	secret := paywall.NewSecret(canary)
	type config struct{ token paywall.Secret }
	for name, handler := range map[string]func(b *bytes.Buffer) slog.Handler{
		"text": func(b *bytes.Buffer) slog.Handler { return slog.NewTextHandler(b, nil) },
		"JSON": func(b *bytes.Buffer) slog.Handler { return slog.NewJSONHandler(b, nil) },
	} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			log := slog.New(handler(&b)).With("with", secret).WithGroup("group")
			log.Info("start", "value", secret, "pointer", &secret, "struct", config{secret},
				slog.Group("inner", "token", secret), "list", []paywall.Secret{secret})
			wantHidden(t, "slog", b.String())
			if got := strings.Count(b.String(), redacted); got < 4 {
				t.Errorf("redacted %d times: %s", got, b.String())
			}
		})
	}
}

func TestSecret_Errors(t *testing.T) {
	secret := paywall.NewSecret(canary)
	wrapped := fmt.Errorf("refused %v", secret)
	for name, err := range map[string]error{
		"wrapped":   wrapped,
		"joined":    errors.Join(wrapped, fmt.Errorf("%d", secret)),
		"our error": paywall.E(paywall.KindInternal, "error.internal", "Token", secret).Because(wrapped),
		"supplier":  &paywall.SupplierError{Status: 401, Err: wrapped},
	} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
			wantHidden(t, name+" with "+verb, fmt.Sprintf(verb, err))
		}
	}
}
