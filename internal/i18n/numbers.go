package i18n

import (
	"strconv"
	"time"
)

// separators stand between the thousands, by the language's tag; elsewhere it is
// a narrow space that does not break.
var separators = map[string]string{"en": ",", "de": ".", "it": "."}

const narrowSpace = "\u202f"

// Number writes a whole number as the language does, such as "1,234,567".
func (l *Locale) Number(n int) string {
	digits := strconv.Itoa(n)
	sign := ""
	if n < 0 {
		sign, digits = "-", digits[1:]
	}
	separator, ok := separators[l.tag]
	if !ok {
		separator = narrowSpace
	}
	first := len(digits) % 3
	text := digits[:first]
	for i := first; i < len(digits); i += 3 {
		if text != "" {
			text += separator
		}
		text += digits[i : i+3]
	}
	return sign + text
}

// Tenths writes a number of tenths as the language does, such as "1,234.5".
func (l *Locale) Tenths(n int) string {
	point := ","
	if l.tag == "en" {
		point = "."
	}
	sign := ""
	if n < 0 {
		sign, n = "-", -n
	}
	return sign + l.Number(n/10) + point + strconv.Itoa(n%10)
}

// ShortDate is the day of a month for places with little room, such as "29 Mar".
func (l *Locale) ShortDate(t time.Time) string { return l.dates.write(l.dates.shortDate, t) }
