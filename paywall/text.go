package paywall

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// MaxText is how long one of the site's own texts may be, in characters.
const MaxText = 40_000

// TextPlace is where one of the site's own texts stands.
type TextPlace string

// The places of texts.
const (
	PlaceHome    TextPlace = "home"    // above the programme
	PlacePaywall TextPlace = "paywall" // on every page that says why something does not play
	PlaceMail    TextPlace = "mail"    // at the end of every mail
	PlaceTerms   TextPlace = "terms"   // what people agree to; its versions are kept
	PlacePrivacy TextPlace = "privacy"
	PlaceImprint TextPlace = "imprint"
)

// TextPlaces are all places in the order in which they are shown.
func TextPlaces() []TextPlace {
	return []TextPlace{PlaceHome, PlacePaywall, PlaceMail, PlaceTerms, PlacePrivacy, PlaceImprint}
}

// Text is one of the site's own texts in one language, in Markdown.
type Text struct {
	Place    TextPlace
	Language string
	Body     string
	// Version counts the changes; 0: nothing was written yet.
	Version   int
	ChangedAt time.Time
}

// Text reads a text as it is stored now. One that nobody wrote yet has version 0.
// The version of the terms is theirs, in all languages.
func (f *Front) Text(ctx context.Context, place TextPlace, language string) (Text, error) {
	if !slices.Contains(TextPlaces(), place) || !slices.Contains(f.defaults.Languages, language) {
		return Text{}, ErrNotFound
	}
	return f.text(ctx, f.store, place, language)
}

func (f *Front) text(ctx context.Context, store Store, place TextPlace, language string) (Text, error) {
	none := Text{Place: place, Language: language}
	if place == PlaceTerms {
		terms, err := termsOf(ctx, store, f.Now().Language)
		none.Body, none.Version, none.ChangedAt = terms.Bodies[language], terms.Version, terms.CreatedAt
		return none, err
	}
	all, err := store.SiteTexts(ctx)
	if err != nil {
		return none, err
	}
	for _, t := range all {
		if t.Place == place && t.Language == language {
			return t, nil
		}
	}
	return none, nil
}

// SaveText stores a text. in.Version is the one that was edited: when somebody
// else changed it since, the answer is ErrChanged and nothing is stored. New
// words of the terms become a new version, because people agreed to the old one;
// a first translation is added to the version in force.
func (f *Front) SaveText(ctx context.Context, actor Actor, in Text) error {
	if !slices.Contains(TextPlaces(), in.Place) || !slices.Contains(f.defaults.Languages, in.Language) {
		return ErrNotFound
	}
	in.Body = typedLines(in.Body)
	if utf8.RuneCountInString(in.Body) > MaxText || !utf8.ValidString(in.Body) || strings.Contains(in.Body, "\x00") {
		return invalidField("body", "texts.error.body")
	}
	return f.change(ctx, func(tx Store) error {
		old, err := f.text(ctx, tx, in.Place, in.Language)
		if err != nil {
			return err
		}
		if old.Version != in.Version {
			return ErrChanged
		}
		if old.Body == in.Body {
			return nil
		}
		if in.Place == PlaceTerms {
			return f.saveTerms(ctx, tx, actor, in, old.Body)
		}
		stored := in
		stored.Version, stored.ChangedAt = old.Version+1, f.clock()
		if err := tx.PutSiteText(ctx, stored); err != nil {
			return err
		}
		return audit(ctx, tx, f.clock, actor, "site.text", string(in.Place)+" "+in.Language, rewritten(LabelText, old.Body, in.Body)...)
	})
}

func (f *Front) saveTerms(ctx context.Context, tx Store, actor Actor, in Text, old string) error {
	terms, err := termsOf(ctx, tx, f.Now().Language)
	if err != nil {
		return err
	}
	if old == "" && !terms.Empty() {
		if err := tx.AddTermsBody(ctx, terms.Version, in.Language, in.Body); err != nil {
			return err
		}
	} else {
		next := Terms{Version: terms.Version + 1, Bodies: maps.Clone(terms.Bodies), CreatedAt: f.clock()}
		if next.Bodies == nil {
			next.Bodies = map[string]string{}
		}
		next.Bodies[in.Language] = in.Body
		terms = next
		if err := createTerms(ctx, tx, next); err != nil {
			return err
		}
	}
	facts := append([]Fact{{LabelLanguage, in.Language}}, rewritten(LabelText, old, in.Body)...)
	return audit(ctx, tx, f.clock, actor, "site.terms", strconv.Itoa(terms.Version), facts...)
}

// createTerms stores a version. Of two owners who save at once the second is told.
func createTerms(ctx context.Context, tx Store, t Terms) error {
	err := tx.CreateTerms(ctx, t)
	if errors.Is(err, ErrExists) {
		return ErrChanged
	}
	return err
}
