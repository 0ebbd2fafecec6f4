package paywall_test

import (
	"bytes"
	"strings"
	"testing"

	"usher/paywall"
)

func newVault(t testing.TB, key string) *paywall.Vault {
	t.Helper()
	return get(paywall.NewVault(paywall.NewSecret(key)))(t)
}

func TestVault_seal(t *testing.T) {
	vault := newVault(t, "a-key-of-some-length")
	sealed := vault.Seal("mail 1", []byte("canary 123456"))
	if bytes.Contains(sealed, []byte("canary")) || bytes.Equal(sealed, vault.Seal("mail 1", []byte("canary 123456"))) {
		t.Error("a sealed text can be read or recognised")
	}
	wantSame(t, string(get(vault.Open("mail 1", sealed))(t)), "canary 123456")

	bent := bytes.Clone(sealed)
	bent[len(bent)-1] ^= 1
	for name, try := range map[string]func() ([]byte, error){
		"another place": func() ([]byte, error) { return vault.Open("mail 2", sealed) },
		"another key":   func() ([]byte, error) { return newVault(t, "b-key-of-some-length").Open("mail 1", sealed) },
		"a bent text":   func() ([]byte, error) { return vault.Open("mail 1", bent) },
		"a short text":  func() ([]byte, error) { return vault.Open("mail 1", sealed[:8]) },
		"no text":       func() ([]byte, error) { return vault.Open("mail 1", nil) },
	} {
		if text, err := try(); err == nil {
			t.Errorf("%s opens: %q", name, text)
		}
	}
}

func TestVault_mark(t *testing.T) {
	vault := newVault(t, "a-key-of-some-length")
	mark := vault.Mark("proof 1", "123456")
	if !bytes.Equal(mark, vault.Mark("proof 1", "123456")) {
		t.Error("the same text is not recognised")
	}
	for name, other := range map[string][]byte{
		"another text":  vault.Mark("proof 1", "123457"),
		"another place": vault.Mark("proof 2", "123456"),
		"moved border":  vault.Mark("proof", "1 123456"),
		"another key":   newVault(t, "b-key-of-some-length").Mark("proof 1", "123456"),
	} {
		if bytes.Equal(mark, other) {
			t.Errorf("%s has the same mark", name)
		}
	}
}

func TestVault_shortKey(t *testing.T) {
	for _, key := range []string{"", strings.Repeat("k", paywall.MinVaultKey-1)} {
		if _, err := paywall.NewVault(paywall.NewSecret(key)); err == nil {
			t.Errorf("a key of %d characters was accepted", len(key))
		}
	}
}
