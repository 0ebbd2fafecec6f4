package palette

import (
	"fmt"
	"math"
	"strconv"
)

// rgb is a colour of a screen, each part from 0 to 255.
type rgb struct{ r, g, b uint8 }

// parse reads "#rrggbb".
func parse(hex string) (rgb, bool) {
	if len(hex) != 7 || hex[0] != '#' {
		return rgb{}, false
	}
	n, err := strconv.ParseUint(hex[1:], 16, 24)
	return rgb{uint8(n >> 16), uint8(n >> 8), uint8(n)}, err == nil
}

// String writes "#rrggbb".
func (c rgb) String() string { return fmt.Sprintf("#%02x%02x%02x", c.r, c.g, c.b) }

// linear undoes the gamma of one part (sRGB, IEC 61966-2-1).
func linear(part uint8) float64 {
	v := float64(part) / 255
	if v <= 0.04045 {
		return v / 12.92
	}
	return math.Pow((v+0.055)/1.055, 2.4)
}

// gamma is the way back; ok tells whether a screen can show it.
func gamma(v float64) (part uint8, ok bool) {
	const near = 1e-4
	ok = v > -near && v < 1+near
	v = min(max(v, 0), 1)
	if v <= 0.0031308 {
		v *= 12.92
	} else {
		v = 1.055*math.Pow(v, 1/2.4) - 0.055
	}
	return uint8(math.Round(v * 255)), ok
}

// luminance is how bright a colour is, as WCAG counts it.
func (c rgb) luminance() float64 {
	return 0.2126*linear(c.r) + 0.7152*linear(c.g) + 0.0722*linear(c.b)
}

// contrast is the ratio of WCAG between two colours, from 1 to 21.
func contrast(a, b rgb) float64 {
	la, lb := a.luminance(), b.luminance()
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

// lch is a colour as the eye orders it (OKLCH): how light, how vivid, which hue.
// A step in lightness keeps the hue, which a step in RGB does not.
type lch struct{ l, c, h float64 }

func (c rgb) lch() lch {
	r, g, b := linear(c.r), linear(c.g), linear(c.b)
	l := math.Cbrt(0.4122214708*r + 0.5363325363*g + 0.0514459929*b)
	m := math.Cbrt(0.2119034982*r + 0.6806995451*g + 0.1073969566*b)
	s := math.Cbrt(0.0883024619*r + 0.2817188376*g + 0.6299787005*b)
	x := 1.9779984951*l - 2.4285922050*m + 0.4505937099*s
	y := 0.0259040371*l + 0.7827717662*m - 0.8086757660*s
	return lch{0.2104542553*l + 0.7936177850*m - 0.0040720468*s, math.Hypot(x, y), math.Atan2(y, x)}
}

// rgb is the nearest colour that a screen can show: as light and of the same hue,
// less vivid where it must be.
func (c lch) rgb() rgb {
	if shown, ok := c.exactly(); ok {
		return shown
	}
	low, high := 0.0, c.c
	for range 20 {
		c.c = (low + high) / 2
		if _, ok := c.exactly(); ok {
			low = c.c
		} else {
			high = c.c
		}
	}
	c.c = low
	shown, _ := c.exactly()
	return shown
}

func (c lch) exactly() (shown rgb, ok bool) {
	x, y := c.c*math.Cos(c.h), c.c*math.Sin(c.h)
	l, m, s := c.l+0.3963377774*x+0.2158037573*y, c.l-0.1055613458*x-0.0638541728*y, c.l-0.0894841775*x-1.2914855480*y
	l, m, s = l*l*l, m*m*m, s*s*s
	r, inR := gamma(4.0767416621*l - 3.3077115913*m + 0.2309699292*s)
	g, inG := gamma(-1.2684380046*l + 2.6097574011*m - 0.3413193965*s)
	b, inB := gamma(-0.0041960863*l - 0.7034186147*m + 1.7076147010*s)
	return rgb{r, g, b}, inR && inG && inB
}
