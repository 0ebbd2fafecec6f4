// Package totp speaks the language of authenticator apps: codes as in RFC 6238,
// and the picture by which an app takes over a secret.
package totp

import (
	"encoding/base32"
	"fmt"
	"strings"

	"github.com/boombuler/barcode/qr"
	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"

	"usher/paywall"
)

// Codes makes the codes that every app knows: SHA-1, six digits.
type Codes struct{}

var _ paywall.FactorCodes = Codes{}

// Code is the code of a step.
func (Codes) Code(secret []byte, step int64) (string, error) {
	text := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(secret)
	return hotp.GenerateCodeCustom(text, uint64(step), hotp.ValidateOpts{ //nolint:gosec // a step is never negative
		Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1,
	})
}

// Picture is a QR code as the path of an SVG, and the width of its square in the
// path's units. The quiet zone around it is the page's.
func Picture(text string) (path string, width int, err error) {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return "", 0, err
	}
	size := code.Bounds()
	var b strings.Builder
	for y := size.Min.Y; y < size.Max.Y; y++ {
		for x := size.Min.X; x < size.Max.X; x++ {
			if r, _, _, _ := code.At(x, y).RGBA(); r == 0 {
				fmt.Fprintf(&b, "M%d %dh1v1h-1z", x, y)
			}
		}
	}
	return b.String(), size.Dx(), nil
}
