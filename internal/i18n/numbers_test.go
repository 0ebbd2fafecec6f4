package i18n

import (
	"testing"
	"time"
)

func TestNumber(t *testing.T) {
	for tag, want := range map[string][]string{
		"en": {"0", "7", "999", "1,000", "12,345", "1,234,567", "-1,000"},
		"de": {"0", "7", "999", "1.000", "12.345", "1.234.567", "-1.000"},
		"fr": {"0", "7", "999", "1\u202f000", "12\u202f345", "1\u202f234\u202f567", "-1\u202f000"},
	} {
		l, _ := Lookup(tag)
		for i, n := range []int{0, 7, 999, 1000, 12345, 1234567, -1000} {
			if got := l.Number(n); got != want[i] {
				t.Errorf("%s: %d is written %q, want %q", tag, n, got, want[i])
			}
		}
	}
}

func TestTenths(t *testing.T) {
	for tag, want := range map[string][]string{"en": {"0.0", "0.7", "-1.2", "1,234.5"}, "de": {"0,0", "0,7", "-1,2", "1.234,5"}} {
		l, _ := Lookup(tag)
		for i, n := range []int{0, 7, -12, 12345} {
			if got := l.Tenths(n); got != want[i] {
				t.Errorf("%s: %d tenths are written %q, want %q", tag, n, got, want[i])
			}
		}
	}
}

func TestShortDate(t *testing.T) {
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for tag, want := range map[string]string{"en": "1 Mar", "fr": "1er mars", "de": "01.03.", "it": "1º mar", "es": "1 mar"} {
		l, _ := Lookup(tag)
		if got := l.ShortDate(at); got != want {
			t.Errorf("%s: %q, want %q", tag, got, want)
		}
	}
}
