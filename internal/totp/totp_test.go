package totp_test

import (
	"strings"
	"testing"

	"usher/internal/totp"
)

// TestCode holds the codes against the table of RFC 4226, appendix D.
func TestCode(t *testing.T) {
	secret := []byte("12345678901234567890")
	for step, want := range []string{
		"755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489",
	} {
		if got, err := (totp.Codes{}).Code(secret, int64(step)); err != nil || got != want {
			t.Errorf("step %d: %s, %v, want %s", step, got, err, want)
		}
	}
}

func TestPicture(t *testing.T) {
	path, width, err := totp.Picture("otpauth://totp/Radio:anna@demo.test?secret=ABCDEFGHIJKLMNOPQRSTUVWXYZ234567&issuer=Radio")
	if err != nil {
		t.Fatal(err)
	}
	// The finder in the corner begins with seven dark modules.
	if width < 21 || (width-17)%4 != 0 || !strings.HasPrefix(path, "M0 0h1v1h-1zM1 0h1v1h-1zM2 0h1v1h-1zM3 0h1v1h-1zM4 0h1v1h-1zM5 0h1v1h-1zM6 0h1v1h-1z") {
		t.Errorf("width %d, path %.80s", width, path)
	}
	if _, _, err := totp.Picture(strings.Repeat("x", 8000)); err == nil {
		t.Error("a text that fits no code was drawn")
	}
}
