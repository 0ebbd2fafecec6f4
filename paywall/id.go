package paywall

import (
	"crypto/rand"
	"strings"
)

// NewID makes an identifier that cannot be guessed: 26 lower-case characters
// with at least 128 bits of randomness (crypto/rand.Text).
func NewID() string { return strings.ToLower(rand.Text()) }
