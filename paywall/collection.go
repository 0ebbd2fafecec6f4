package paywall

import (
	"strings"
	"time"
	"unicode/utf8"
)

// Collection is a group of items that belong together.
type Collection struct {
	ID          string
	Slug        string // in the URL; an id stands for it while it is empty
	Title       string
	Description string // Markdown
	PosterID    string // of a Picture; "" when it has none
	Position    int    // order on the home page, small first
	Version     int64  // grows with each change; guards against lost edits
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// Path is the address of the collection's page on the site.
func (c Collection) Path() string {
	if c.Slug == "" {
		return "/collection/" + c.ID
	}
	return "/collection/" + c.Slug
}

// Validate checks the rules of a collection and names every field that breaks one.
func (c Collection) Validate() error {
	fields := map[string]string{}
	if n := utf8.RuneCountInString(c.Title); n == 0 || n > MaxTitle || hasControl(c.Title) {
		fields["title"] = "collection.error.title"
	}
	if len(c.Slug) > MaxSlug || !slugForm.MatchString(c.Slug) {
		fields["slug"] = "item.error.slug"
	}
	if badDescription(c.Description) {
		fields["description"] = "item.error.description"
	}
	return invalidFields(fields)
}

// badDescription tells whether a text in Markdown breaks the rules.
func badDescription(text string) bool {
	return utf8.RuneCountInString(text) > MaxDescription || hasControl(oneLine.Replace(text))
}

// CollectionInput is what an owner sets of a collection.
type CollectionInput struct {
	Title, Slug, Description string
	Version                  int64 // the version that was edited
}

func (in CollectionInput) fill(c Collection) Collection {
	c.Title, c.Slug, c.Description = strings.TrimSpace(in.Title), strings.TrimSpace(in.Slug), strings.TrimSpace(in.Description)
	if c.Slug == "" {
		c.Slug = ProposeSlug(c.Title)
	}
	return c
}
