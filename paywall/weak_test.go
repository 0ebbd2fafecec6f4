package paywall_test

import (
	"testing"

	"usher/paywall"
)

// TestWeakPasswords: what a guesser tries first is refused, and nothing that
// people make up by themselves.
func TestWeakPasswords(t *testing.T) {
	s := newSite(t)
	for password, weak := range map[string]bool{
		"aaaaaaaaaaaa": true, "abababababab": true, "abcabcabcabc": true, "123456789012": true, "987654321098": true,
		"abcdefghijkl": true, "password1234": true, "Password!2026": true, "PASSWORDpassword": true,
		"passwort12345": true, "qwertyuiop123": true, "azertyuiop123": true, "1q-w-e-r-t-y-2": true,
		"motdepasse123": true, "iloveyou12345": true, "radioradio12": true,
		"lovelace1815": true, "Ada.Lovelace!": true, "countess-1815": true, "countesscountess": true,
		"radiolumiere1": false, // without the accent it is another word
		"RadioLumière1": true, "lumière2026!!": true,
		"example123456": true, "correct horse": false, "correct horse battery": false, "my password is long": false,
		"918273645546": false, "pässwörter und mehr": false, "the countess of radio": false,
	} {
		_, err := s.auth().CreateConfirmed(t.Context(), by, paywall.NewUser{
			Email: "countess@example.org", Name: "Ada Lovelace", Password: password, Role: "none",
		})
		refused := paywall.KindOf(err) == paywall.KindInvalid
		if refused != weak {
			t.Errorf("%q is refused %v, want %v: %v", password, refused, weak, err)
		}
		if refused {
			wantInvalid(t, err, map[string]string{"password": "user.error.password_weak"})
		}
	}
}
