package paywall

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// ItemKind tells how an item is played and under which path it stands.
type ItemKind string

// The kinds of item.
const (
	KindRadio ItemKind = "radio" // a station, under /listen/
	KindVideo ItemKind = "video" // a video or audio on demand, under /watch/
)

// Access says who may play an item.
type Access string

// The access levels, from the widest to the narrowest.
const (
	AccessOpen     Access = "open"     // anybody
	AccessMembers  Access = "members"  // any signed-in, confirmed account
	AccessEntitled Access = "entitled" // needs a live grant
)

// Accesses are all access levels, the widest first.
var Accesses = []Access{AccessOpen, AccessMembers, AccessEntitled}

// Limits of an item's texts, in characters.
const (
	MaxTitle   = 120
	MaxSummary = 2000
	MaxSlug    = 80
	// MaxDescription bounds a text in Markdown.
	MaxDescription = 20_000
)

// MaxDuration is the longest length of an item.
const MaxDuration = 100 * time.Hour

// Item is one thing that can be played.
type Item struct {
	ID           string
	Slug         string // in the URL; unique over all kinds
	Kind         ItemKind
	Title        string
	Summary      string
	Description  string // Markdown; lists of items leave it empty
	CollectionID string // "" when the item stands alone
	Access       Access
	Duration     time.Duration // length of a video in whole seconds; 0 when not told
	Published    bool          // a draft answers visitors like an unknown slug
	OpensAt      time.Time     // zero: no opening instant
	ClosesAt     time.Time     // zero: never closes; exclusive
	Position     int           // order on the home page, small first
	PosterID     string        // of a Picture; "" when it has none
	Version      int64         // grows with each change; guards against lost edits
	CreatedAt    time.Time
	UpdatedAt    time.Time
	// Sources in the order of preference. PublishedItems leaves it empty.
	Sources []Source
}

// Path is the address of the item's page on the site.
func (i Item) Path() string {
	if i.Kind == KindVideo {
		return "/watch/" + i.Slug
	}
	return "/listen/" + i.Slug
}

// Opened tells whether the item's opening instant has come, or it has none.
func (i Item) Opened(now time.Time) bool { return !now.Before(i.OpensAt) }

// Closed tells whether the item's window is over.
func (i Item) Closed(now time.Time) bool { return !i.ClosesAt.IsZero() && !now.Before(i.ClosesAt) }

// Source finds the source with this id; the empty id means the first one.
func (i Item) Source(id string) (Source, bool) {
	for _, s := range i.Sources {
		if id == "" || s.ID == id {
			return s, true
		}
	}
	return Source{}, false
}

var slugForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// Validate checks the rules of an item and names every field that breaks one.
func (i Item) Validate() error {
	fields := map[string]string{}
	if n := utf8.RuneCountInString(i.Title); n == 0 || n > MaxTitle || hasControl(i.Title) {
		fields["title"] = "item.error.title"
	}
	if utf8.RuneCountInString(i.Summary) > MaxSummary || hasControl(oneLine.Replace(i.Summary)) {
		fields["summary"] = "item.error.summary"
	}
	if len(i.Slug) > MaxSlug || !slugForm.MatchString(i.Slug) {
		fields["slug"] = "item.error.slug"
	}
	if badDescription(i.Description) {
		fields["description"] = "item.error.description"
	}
	if i.Duration < 0 || i.Duration > MaxDuration {
		fields["duration"] = "item.error.duration"
	}
	if i.Kind != KindRadio && i.Kind != KindVideo {
		fields["kind"] = "item.error.kind"
	}
	if !i.Access.valid() {
		fields["access"] = "item.error.access"
	}
	if !i.OpensAt.IsZero() && !i.ClosesAt.IsZero() && !i.OpensAt.Before(i.ClosesAt) {
		fields["closes_at"] = "item.error.window"
	}
	return invalidFields(fields)
}

func (a Access) valid() bool { return slices.Contains(Accesses, a) }

// typedLines is a text of several lines as it is stored: with the line ends that
// forms send undone, and nothing around it.
func typedLines(s string) string { return strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n")) }

// oneLine takes away what only texts of several lines may contain.
var oneLine = strings.NewReplacer("\r", "", "\n", "", "\t", "")

// hasControl finds what a text must not contain: control characters, those that
// turn the order of writing (with them a name can pass for another), and bytes
// that are no UTF-8, which PostgreSQL refuses to store.
func hasControl(s string) bool {
	return !utf8.ValidString(s) || strings.ContainsFunc(s, controls)
}

func controls(r rune) bool {
	turns := r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069'
	return r < ' ' || r == 0x7f || turns
}
