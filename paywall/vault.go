package paywall

import (
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"

	"golang.org/x/crypto/chacha20poly1305"
)

// MinVaultKey is the shortest key of a Vault, in bytes.
const MinVaultKey = 16

// Vault seals what must be read back later, and marks what must only be
// recognised. Its key lies outside the database, so a copied database tells
// neither a code in a waiting mail nor a second factor.
type Vault struct {
	aead cipher.AEAD
	mac  []byte
}

// NewVault derives the keys of a vault from a long random secret.
func NewVault(secret Secret) (*Vault, error) {
	if len(secret.Reveal()) < MinVaultKey {
		return nil, fmt.Errorf("the secret key needs at least %d characters", MinVaultKey)
	}
	derive := func(purpose string) ([]byte, error) {
		return hkdf.Key(sha256.New, []byte(secret.Reveal()), nil, "usher "+purpose, chacha20poly1305.KeySize)
	}
	sealing, err := derive("seal 1")
	if err != nil {
		return nil, err
	}
	marking, err := derive("mark 1")
	if err != nil {
		return nil, err
	}
	aead, err := chacha20poly1305.NewX(sealing)
	if err != nil {
		return nil, err
	}
	return &Vault{aead: aead, mac: marking}, nil
}

// Seal encrypts a text for one place, such as "totp " and an account's id. It
// opens again for the same place only, so rows cannot be swapped.
func (v *Vault) Seal(place string, text []byte) []byte {
	nonce := make([]byte, v.aead.NonceSize(), v.aead.NonceSize()+len(text)+v.aead.Overhead())
	_, _ = rand.Read(nonce) // never fails, see crypto/rand
	return v.aead.Seal(nonce, nonce, text, []byte(place))
}

// ErrSealed covers a wrong key, a wrong place and a damaged text alike.
var ErrSealed = errors.New("a sealed text does not open: was the secret key changed?")

// Open decrypts what Seal made for the same place.
func (v *Vault) Open(place string, sealed []byte) ([]byte, error) {
	if len(sealed) < v.aead.NonceSize() {
		return nil, ErrSealed
	}
	nonce, box := sealed[:v.aead.NonceSize()], sealed[v.aead.NonceSize():]
	text, err := v.aead.Open(nil, nonce, box, []byte(place))
	if err != nil {
		return nil, ErrSealed
	}
	return text, nil
}

// sealJSON seals details for one place.
func (v *Vault) sealJSON(place string, details any) ([]byte, error) {
	text, err := json.Marshal(details)
	if err != nil {
		return nil, err
	}
	return v.Seal(place, text), nil
}

// openJSON reads what sealJSON made for the same place into details.
func (v *Vault) openJSON(place string, sealed []byte, details any) error {
	text, err := v.Open(place, sealed)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, details)
}

// Mark is a keyed hash of a text for one place. Short codes need it: a plain
// hash of six digits is found by trying all of them.
func (v *Vault) Mark(place, text string) []byte {
	h := hmac.New(sha256.New, v.mac)
	fmt.Fprintf(h, "%d %s %s", len(place), place, text)
	return h.Sum(nil)
}
