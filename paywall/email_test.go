package paywall_test

import (
	"strings"
	"testing"

	"usher/paywall"
)

// TestCanonicalEmail is the corpus of T30: what is accepted, and as what.
func TestCanonicalEmail(t *testing.T) {
	label63, local64 := strings.Repeat("d", 63), strings.Repeat("l", 64)
	domain189 := strings.Repeat("d", 62) + "." + label63 + "." + strings.Repeat("d", 58) + ".com"
	for name, test := range map[string]struct{ in, want string }{
		"plain":                     {"ada@example.org", "ada@example.org"},
		"capitals":                  {"Ada.LOVELACE@Example.ORG", "ada.lovelace@example.org"},
		"spaces and tabs around":    {" \tada@example.org\t ", "ada@example.org"},
		"plus tag is kept":          {"ada+radio@example.org", "ada+radio@example.org"},
		"dots are kept":             {"a.d.a@gmail.com", "a.d.a@gmail.com"},
		"apostrophe":                {"o'neil@example.org", "o'neil@example.org"},
		"digits":                    {"42@example.org", "42@example.org"},
		"all special characters":    {".#$&'*+-/=?^_`{|}~"[1:] + "@example.org", "#$&'*+-/=?^_`{|}~@example.org"},
		"deep domain":               {"a@b.c.d.example.org", "a@b.c.d.example.org"},
		"hyphen in the domain":      {"ada@my-site.example.org", "ada@my-site.example.org"},
		"digits in the domain":      {"ada@163.com", "ada@163.com"},
		"international domain":      {"ada@bücher.example", "ada@xn--bcher-kva.example"},
		"its decomposed form":       {"ada@bu\u0308cher.example", "ada@xn--bcher-kva.example"},
		"its capitals":              {"ada@BÜCHER.example", "ada@xn--bcher-kva.example"},
		"its ASCII form":            {"ada@xn--bcher-kva.example", "ada@xn--bcher-kva.example"},
		"sharp s is a letter":       {"ada@straße.example", "ada@xn--strae-oqa.example"},
		"international top level":   {"ada@пример.рф", "ada@xn--e1afmkfd.xn--p1ai"},
		"full-width domain is IDNA": {"ada@ｅｘａｍｐｌｅ.org", "ada@example.org"},
		"ideographic full stop":     {"ada@example。org", "ada@example.org"},
		"longest local part":        {local64 + "@example.org", local64 + "@example.org"},
		"longest label":             {"ada@" + label63 + ".org", "ada@" + label63 + ".org"},
		"longest of all":            {local64 + "@" + domain189, local64 + "@" + domain189},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := paywall.CanonicalEmail(test.in)
			if err != nil || got != test.want {
				t.Errorf("%q, %v, want %q", got, err, test.want)
			}
		})
	}
}

// TestCanonicalEmail_Refused is what must never be taken for an address.
func TestCanonicalEmail_Refused(t *testing.T) {
	label63 := strings.Repeat("d", 63)
	for name, in := range map[string]string{
		"empty":                      "",
		"spaces":                     "  ",
		"no at":                      "ada.example.org",
		"only at":                    "@",
		"no local part":              "@example.org",
		"no domain":                  "ada@",
		"two at":                     "ada@evil.example@example.org",
		"two addresses":              "ada@example.org,eve@evil.example",
		"two with semicolon":         "ada@example.org;eve@evil.example",
		"display name":               "Ada <ada@example.org>",
		"angle brackets":             "<ada@example.org>",
		"comment":                    "ada(radio)@example.org",
		"quoted local part":          `"ada"@example.org`,
		"quoted at":                  `"a@b"@example.org`,
		"backslash":                  `ada\@example.org`,
		"percent routing":            "ada%evil.example@example.org",
		"bang path":                  "evil!ada@example.org",
		"colon":                      "mailto:ada@example.org",
		"space inside":               "ada lovelace@example.org",
		"space before at":            "ada @example.org",
		"space after at":             "ada@ example.org",
		"CRLF at the end":            "ada@example.org\r\n",
		"header injection":           "ada@example.org\r\nBcc: eve@evil.example",
		"line feed in local part":    "ada\n@example.org",
		"NUL":                        "ada@example.org\x00",
		"NUL in the local part":      "ada\x00@example.org",
		"escape":                     "\x1b[2Jada@example.org",
		"delete":                     "ada\x7f@example.org",
		"no-break space around":      "\u00a0ada@example.org",
		"byte order mark":            "\ufeffada@example.org",
		"zero width joiner":          "a\u200dda@example.org",
		"right-to-left override":     "ada\u202e@example.org",
		"Kelvin sign":                "\u212aate@example.org",
		"dotless i":                  "ad\u0131na@example.org",
		"long s":                     "\u017fue@example.org",
		"full-width local part":      "ａｄａ@example.org",
		"full-width at":              "ada＠example.org",
		"accent in the local part":   "adá@example.org",
		"invalid UTF-8":              "ad\xff@example.org",
		"invalid UTF-8 in domain":    "ada@ex\xffample.org",
		"leading dot":                ".ada@example.org",
		"trailing dot":               "ada.@example.org",
		"double dot":                 "a..da@example.org",
		"bare host":                  "ada@localhost",
		"IPv4 literal":               "ada@[192.0.2.1]",
		"IPv6 literal":               "ada@[IPv6:2001:db8::1]",
		"IPv4 without brackets":      "ada@192.0.2.1",
		"numeric top level":          "ada@example.123",
		"port":                       "ada@example.org:25",
		"domain with leading dot":    "ada@.example.org",
		"domain with trailing dot":   "ada@example.org.",
		"domain with double dot":     "ada@example..org",
		"domain of dots":             "ada@..",
		"leading hyphen":             "ada@-example.org",
		"trailing hyphen":            "ada@example-.org",
		"underscore in the domain":   "ada@my_site.example",
		"slash in the domain":        "ada@example.org/x",
		"percent in the domain":      "ada@example%2eorg",
		"broken punycode":            "ada@xn--a.example",
		"hidden soft hyphen is void": "ada@\u00ad.example",
		"domain of an emoji zwj":     "ada@\u200d.example",
		"local part of 65":           strings.Repeat("l", 65) + "@example.org",
		"label of 64":                "ada@" + label63 + "d.org",
		"label of 64 when in ASCII":  "ada@" + strings.Repeat("ü", 60) + ".org",
		"255 in all":                 strings.Repeat("l", 64) + "@" + strings.Repeat("d", 63) + "." + label63 + "." + strings.Repeat("d", 58) + ".com",
		"255 only when in ASCII":     strings.Repeat("l", 64) + "@" + strings.Repeat("ü.", 30) + "org",
		"enormous":                   strings.Repeat("a", 1<<20) + "@example.org",
	} {
		t.Run(name, func(t *testing.T) {
			got, err := paywall.CanonicalEmail(in)
			if got != "" {
				t.Errorf("accepted as %q", got)
			}
			wantInvalid(t, err, map[string]string{"email": "user.error.email"})
		})
	}
}

// TestCanonicalEmail_Twins: addresses that look or fold alike stay apart.
func TestCanonicalEmail_Twins(t *testing.T) {
	for _, pair := range [][2]string{
		{"ada@example.org", "a.da@example.org"},
		{"ada@example.org", "ada+1@example.org"},
		{"ada@bücher.example", "ada@bucher.example"},
		{"ada@straße.example", "ada@strasse.example"},
		{"ada@example.org", "ada@ex\u0430mple.org"}, // a Cyrillic a
	} {
		if a, b := get(paywall.CanonicalEmail(pair[0]))(t), get(paywall.CanonicalEmail(pair[1]))(t); a == b {
			t.Errorf("%q and %q are both %q", pair[0], pair[1], a)
		}
	}
}

// FuzzCanonicalEmail: the canonical form is plain ASCII without any syntax and
// is its own canonical form.
func FuzzCanonicalEmail(f *testing.F) {
	for _, seed := range []string{
		"Ada+x@Example.ORG", "ada@bücher.example", "ada@ｅ.org", "\u212a@example.org", "a@b@c.de",
		"ada@faß.de", "ada@xn--a.de", "ada@example。org", "\" \"@example.org", "a@1.2.3.4", "",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		email, err := paywall.CanonicalEmail(text)
		if err != nil {
			if email != "" || paywall.KindOf(err) != paywall.KindInvalid {
				t.Fatalf("%q with the error %v", email, err)
			}
			return
		}
		if again, err := paywall.CanonicalEmail(email); err != nil || again != email {
			t.Errorf("%q becomes %q, and that %q, %v", text, email, again, err)
		}
		if len(email) > paywall.MaxEmail || strings.Count(email, "@") != 1 {
			t.Errorf("%q becomes %q", text, email)
		}
		for _, r := range email {
			if r <= ' ' || r > '~' || 'A' <= r && r <= 'Z' || strings.ContainsRune("\"\\<>()[],;:%!", r) {
				t.Errorf("%q becomes %q with %q in it", text, email, r)
			}
		}
	})
}
