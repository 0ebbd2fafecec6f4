package palette

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestReadable goes through colours of every part of the cube: words in the accent
// are readable on each ground, and words on buttons are.
func TestReadable(t *testing.T) {
	const apart = 15 // 18³ colours
	for r := 0; r <= 255; r += apart {
		for g := 0; g <= 255; g += apart {
			for b := 0; b <= 255; b += apart {
				check(t, rgb{uint8(r), uint8(g), uint8(b)}) //nolint:gosec // at most 255
			}
		}
	}
}

func check(t *testing.T, picked rgb) {
	t.Helper()
	p, ok := Of(picked.String())
	if !ok {
		t.Fatalf("%s is no colour", picked)
	}
	for _, s := range []struct {
		Scheme
		on []rgb
	}{{p.Light, lightGrounds}, {p.Dark, darkGrounds}} {
		words, _ := parse(s.On)
		for _, name := range []string{s.Accent, s.Strong} {
			c, _ := parse(name)
			for _, ground := range s.on {
				if got := contrast(c, ground); got < Readable {
					t.Fatalf("of %s: %s on %s has %.2f", picked, c, ground, got)
				}
			}
			if got := contrast(c, words); got < Readable {
				t.Fatalf("of %s: %s on a button of %s has %.2f", picked, words, c, got)
			}
		}
	}
}

// TestKept: a colour that can be read stays what it is, and one that cannot keeps
// its hue.
func TestKept(t *testing.T) {
	p, _ := Of("#8F2A36")
	if p.Picked != "#8f2a36" || p.Light.Accent != "#8f2a36" || p.Light.On != "#ffffff" || p.Dark.Accent == "#8f2a36" {
		t.Errorf("%+v", p)
	}
	yellow, _ := Of("#ffdd00")
	if yellow.Dark.Accent != "#ffdd00" || yellow.Light.Accent == "#ffdd00" {
		t.Errorf("%+v", yellow)
	}
	for _, picked := range []string{"#ffdd00", "#1a5fb4", "#2ec27e", "#c061cb"} {
		p, _ := Of(picked)
		was, _ := parse(picked)
		for _, is := range []string{p.Light.Accent, p.Dark.Accent} {
			c, _ := parse(is)
			if turn := c.lch().h - was.lch().h; turn > 0.06 || turn < -0.06 {
				t.Errorf("%s became %s: the hue turned by %.3f", picked, is, turn)
			}
		}
	}
}

func TestContrast(t *testing.T) {
	if got := contrast(rgb{}, rgb{255, 255, 255}); got != 21 {
		t.Errorf("black on white has %.3f", got)
	}
	grey, _ := parse("#767676")
	if got := contrast(grey, rgb{255, 255, 255}); got < 4.5 || got > 4.6 {
		t.Errorf("#767676 on white has %.3f", got)
	}
}

func TestFile(t *testing.T) {
	p, _ := Of("#1a5fb4")
	if got, ok := ByFile(p.File()); !ok || got != p || !strings.HasPrefix(p.File(), "1a5fb4-") {
		t.Errorf("%s: %+v", p.File(), got)
	}
	for _, name := range []string{"", "-", "1a5fb4.css", "1a5fb4-000000000000.css", "zzzzzz-1.css", p.File() + "x", strings.ToUpper(p.File())} {
		if _, ok := ByFile(name); ok {
			t.Errorf("%q is a style sheet", name)
		}
	}
	for _, no := range []string{"", "red", "#fff", "#1a5fb", "1a5fb44", "#+a5fb4", "#1a5fb4;"} {
		if _, ok := Of(no); ok {
			t.Errorf("%q is a colour", no)
		}
	}
}

// TestGrounds: the grounds are those of the style sheet.
func TestGrounds(t *testing.T) {
	sheet, err := os.ReadFile("../../static/css/usher/00-tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	light, dark, _ := strings.Cut(string(sheet), "@media")
	pattern := regexp.MustCompile(`--(bg|surface|sunken|[a-z]+-bg): (#[0-9a-f]{6});`)
	for text, grounds := range map[string][]rgb{light: lightGrounds, dark: darkGrounds} {
		found := pattern.FindAllStringSubmatch(text, -1)
		if len(found) != len(grounds) {
			t.Errorf("the style sheet has %d grounds, not %d", len(found), len(grounds))
		}
		for _, f := range found {
			if c, _ := parse(f[2]); !slices.Contains(grounds, c) {
				t.Errorf("--%s is %s", f[1], f[2])
			}
		}
	}
}

func BenchmarkOf(b *testing.B) {
	for b.Loop() {
		Of("#ffdd00")
	}
}
