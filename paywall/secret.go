package paywall

import "log/slog"

const redacted = "[redacted]"

// Secret is a text that must never reach a log, a page or an error. It prints,
// marshals and logs as "[redacted]"; only Reveal gives it out.
//
// The text hangs on a pointer because fmt calls no String method below an
// unexported field: there it prints an address instead of the text.
type Secret struct{ text *string }

// NewSecret wraps a text.
func NewSecret(text string) Secret {
	if text == "" {
		return Secret{}
	}
	return Secret{text: &text}
}

// Reveal gives the text. Call it only where the secret is used.
func (s Secret) Reveal() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}

// Empty tells whether there is no secret at all.
func (s Secret) Empty() bool { return s.text == nil }

// String hides the secret from fmt.
func (s Secret) String() string { return redacted }

// GoString hides the secret from %#v.
func (s Secret) GoString() string { return redacted }

// MarshalText hides the secret from JSON and other encoders.
func (s Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// LogValue hides the secret from log/slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(redacted) }
