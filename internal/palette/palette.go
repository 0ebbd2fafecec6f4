// Package palette makes of the one colour that an owner picks the colours that
// pages need: readable on every ground of the style sheet, in light and in dark.
package palette

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
)

// Scheme is what stands in for the accent in one colour scheme, as "#rrggbb".
type Scheme struct {
	// Accent is the colour of links, buttons and the ring of focus; Strong that of
	// links and buttons under the pointer.
	Accent, Strong string
	// On is the colour of words on a button.
	On string
}

// Palette is what an owner's colour becomes.
type Palette struct {
	Picked      string
	Light, Dark Scheme
}

// Readable is the contrast that words need (WCAG 2.2, 1.4.3).
const Readable = 4.5

// aim leaves room for rounding.
const aim = Readable + 0.05

// The grounds that links and buttons stand on in the style sheet: its --bg,
// --surface, --sunken, --note-bg, --good-bg and --bad-bg.
var (
	lightGrounds = grounds("#faf6f0", "#fffdfa", "#f2ebe1", "#f4ead6", "#e3efe3", "#fbe7e2")
	darkGrounds  = grounds("#191512", "#231e1a", "#2b2520", "#352b1d", "#22352a", "#43211d")
)

func grounds(colours ...string) []rgb {
	all := make([]rgb, 0, len(colours))
	for _, c := range colours {
		ground, _ := parse(c)
		all = append(all, ground)
	}
	return all
}

// Of makes the palette of a colour, written as "#rrggbb"; false for anything else.
func Of(picked string) (Palette, bool) {
	colour, ok := parse(picked)
	if !ok {
		return Palette{}, false
	}
	return Palette{
		Picked: colour.String(),
		Light:  scheme(colour, lightGrounds, -1),
		Dark:   scheme(colour, darkGrounds, +1),
	}, true
}

// step is how finely a colour is made lighter or darker.
const step = 0.005

// scheme changes the lightness, in the direction that leads away from the
// grounds, until words in the colour can be read on all of them.
func scheme(picked rgb, on []rgb, direction float64) Scheme {
	accent := moved(picked, direction, func(c rgb) bool { return readable(c, on) })
	// Far enough on to be seen as another, where there is room.
	strong := accent.lch()
	strong.l = min(max(strong.l+direction*0.07, 0), 1)
	hover := strong.rgb()
	return Scheme{Accent: accent.String(), Strong: hover.String(), On: wordsOn(accent, hover).String()}
}

func readable(c rgb, on []rgb) bool {
	for _, ground := range on {
		if contrast(c, ground) < aim {
			return false
		}
	}
	return true
}

// moved goes in small steps until the colour is good; black and white always are.
func moved(picked rgb, direction float64, good func(rgb) bool) rgb {
	if good(picked) {
		return picked
	}
	for at := picked.lch(); at.l >= 0 && at.l <= 1; at.l += direction * step {
		if c := at.rgb(); good(c) {
			return c
		}
	}
	if direction < 0 {
		return rgb{}
	}
	return rgb{255, 255, 255}
}

// wordsOn is white, or else a very dark tone of the accent, or black: whichever
// can first be read on both.
func wordsOn(accent, strong rgb) rgb {
	dark := accent.lch()
	dark.l, dark.c = 0.22, min(dark.c, 0.06)
	for _, c := range []rgb{{255, 255, 255}, dark.rgb()} {
		if contrast(c, accent) >= aim && contrast(c, strong) >= aim {
			return c
		}
	}
	return rgb{}
}

// CSS is the style sheet that puts the palette in the place of Usher's colours.
func (p Palette) CSS() string {
	return ":root{" + p.Light.properties() + "}@media (prefers-color-scheme:dark){:root{" + p.Dark.properties() + "}}\n"
}

func (s Scheme) properties() string {
	return fmt.Sprintf("--accent:%s;--accent-strong:%s;--on-accent:%s", s.Accent, s.Strong, s.On)
}

// hashDigits is how much of the hash of a style sheet stands in its name.
const hashDigits = 12

// File is the name of the style sheet, made of the colour and of what it says.
func (p Palette) File() string {
	sum := sha256.Sum256([]byte(p.CSS()))
	return strings.TrimPrefix(p.Picked, "#") + "-" + hex.EncodeToString(sum[:])[:hashDigits] + ".css"
}

// ByFile finds the palette whose style sheet has a name.
func ByFile(name string) (Palette, bool) {
	colour, _, _ := strings.Cut(name, "-")
	p, ok := Of("#" + colour)
	return p, ok && p.File() == name
}
