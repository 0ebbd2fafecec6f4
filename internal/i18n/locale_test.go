package i18n

import (
	"strings"
	"sync"
	"testing"
)

func locale(t testing.TB, tag string) *Locale {
	t.Helper()
	l, ok := Lookup(tag)
	if !ok {
		t.Fatalf("no language %q", tag)
	}
	return l
}

func TestAll(t *testing.T) {
	var got []string
	for _, l := range All() {
		got = append(got, l.Tag()+" "+l.Name())
	}
	if want := "en English, fr Français, de Deutsch, it Italiano, es Español"; strings.Join(got, ", ") != want {
		t.Errorf("All() = %q, want %q", got, want)
	}
	All()[0] = nil
	if Default() == nil || Default().Tag() != "en" {
		t.Error("a caller can change the list of languages")
	}
	for _, tag := range []string{"", "EN", "en-GB", "pt", "../fr"} {
		if _, ok := Lookup(tag); ok {
			t.Errorf("Lookup(%q) found a language", tag)
		}
	}
}

func TestLocale_T(t *testing.T) {
	for _, c := range []struct {
		tag, key string
		args     []any
		want     string
	}{
		{"en", "nav.sign_in", nil, "Sign in"},
		{"de", "nav.sign_in", nil, "Anmelden"},
		{"en", "account.until", []any{"Date", "Sunday"}, "until Sunday"},
		{"fr", "account.until", []any{"Date", "dimanche"}, "jusqu’au dimanche"},
		{"en", "error.page.busy.text", []any{"Place", 14}, "You are number 14 in the line. Keep this page open: it starts by itself."},
		{"en", "account.signed_in_as", []any{"Email", `{{.Email}}<b>"`}, `Signed in as {{.Email}}<b>"`},
		{"en", "nav.sign_in", []any{"Extra", 1}, "Sign in"},
		{"en", "player.state.reconnecting", nil, "Connection lost. Trying again (attempt {n})"},
		{"es", "no.such_key", nil, "no.such_key"},
		{"es", "no.such_key", []any{"Odd"}, "no.such_key"},
		{"en", "", nil, ""},
	} {
		if got := locale(t, c.tag).T(c.key, c.args...); got != c.want {
			t.Errorf("%s: T(%q, %v) = %q, want %q", c.tag, c.key, c.args, got, c.want)
		}
	}
}

func TestLocale_N(t *testing.T) {
	for _, c := range []struct {
		tag   string
		count int
		want  string
	}{
		{"en", 0, "0 items"}, {"en", 1, "1 item"}, {"en", 2, "2 items"},
		{"fr", 0, "0 contenu"}, {"fr", 1, "1 contenu"}, {"fr", 2, "2 contenus"}, {"fr", 1000000, "1\u202f000\u202f000 contenus"},
		{"de", 0, "0 Inhalte"}, {"de", 1, "1 Inhalt"},
		{"it", 0, "0 contenuti"}, {"it", 1, "1 contenuto"},
		{"es", 0, "0 contenidos"}, {"es", 1, "1 contenido"},
	} {
		if got := locale(t, c.tag).N("admin.items.count", c.count); got != c.want {
			t.Errorf("%s: N(%d) = %q, want %q", c.tag, c.count, got, c.want)
		}
	}
	if got := Default().N("no.such_key", 3); got != "no.such_key" {
		t.Errorf("N of an unknown key = %q", got)
	}
}

// A page asks for dozens of plain texts; none of them may cost an allocation.
func TestLocale_PlainTextsAreFree(t *testing.T) {
	l := locale(t, "fr")
	if n := testing.AllocsPerRun(100, func() { _ = l.T("nav.sign_in") }); n != 0 {
		t.Errorf("T of a plain text allocates %v times", n)
	}
}

func TestLocale_ManyAtOnce(t *testing.T) {
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for _, l := range All() {
				_ = l.T("account.until", "Date", "x") + l.N("admin.items.count", 2) + Negotiate("fr-CH,de;q=0.8").Tag()
			}
		})
	}
	wg.Wait()
}

func TestNegotiate(t *testing.T) {
	for _, c := range []struct{ header, want string }{
		{"", "en"},
		{"*", "en"},
		{"fr", "fr"},
		{"fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5", "fr"},
		{"de-CH", "de"},
		{"gsw", "de"},
		{"it-CH,it;q=0.9", "it"},
		{"es-419,es;q=0.9,en;q=0.1", "es"},
		{"en-GB,fr;q=0.9", "en"},
		{"pt-BR,pt;q=0.9,it;q=0.5", "it"},
		{"ja,zh;q=0.8", "en"},
		{"de;q=0.2,fr;q=0.9", "fr"},
		{"fr;q=0", "en"},
		{"\x00\xff;;;q=,,,", "en"},
		{"fr;q=abc", "en"},
		{"fr," + strings.Repeat("x-", 50000), "fr"},
		{strings.Repeat("a", 100000), "en"},
		{strings.Repeat("de-", 100000), "en"},
	} {
		if got := Negotiate(c.header).Tag(); got != c.want {
			t.Errorf("Negotiate(%.40q) = %s, want %s", c.header, got, c.want)
		}
	}
}

func FuzzNegotiate(f *testing.F) {
	f.Add("fr-CH, fr;q=0.9")
	f.Add(strings.Repeat("en-", 90))
	f.Fuzz(func(t *testing.T, header string) {
		if Negotiate(header) == nil {
			t.Error("no language")
		}
	})
}
