package paywall

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// ownLetters are letters that do not fall apart into a plain one and a mark.
var ownLetters = strings.NewReplacer("ß", "ss", "æ", "ae", "œ", "oe", "ø", "o", "đ", "d", "ð", "d", "þ", "th", "ł", "l", "ı", "i", "&", " and ")

// ProposeSlug makes the end of an address out of a title: plain small letters and
// digits, with hyphens between words. A title without any gives the empty text.
func ProposeSlug(title string) string {
	var slug strings.Builder
	gap := false
	for _, r := range norm.NFKD.String(ownLetters.Replace(strings.ToLower(title))) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			if gap && slug.Len() > 0 {
				slug.WriteByte('-')
			}
			gap = false
			slug.WriteRune(r)
		case unicode.Is(unicode.Mn, r) || r == '\'' || r == '’': // an accent, or no end of a word
		default:
			gap = true
		}
		if slug.Len() >= MaxSlug-4 { // leaves room for a number
			break
		}
	}
	words := strings.Trim(slug.String(), "-")
	if end := strings.LastIndexByte(words, '-'); slug.Len() >= MaxSlug-4 && end > 0 {
		return words[:end] // the last word may be cut
	}
	return words
}

// freeSlug is a slug made of a title that no item has, nor had before.
func freeSlug(ctx context.Context, tx Store, title, fallback string) (string, error) {
	proposed := ProposeSlug(title)
	if proposed == "" {
		proposed = fallback
	}
	for n, slug := 2, proposed; ; n++ {
		_, err := tx.ItemBySlug(ctx, slug)
		if errors.Is(err, ErrNotFound) {
			_, err = tx.MovedItem(ctx, slug)
		}
		if errors.Is(err, ErrNotFound) {
			return slug, nil
		}
		if err != nil {
			return "", err
		}
		slug = proposed + "-" + strconv.Itoa(n)
	}
}
