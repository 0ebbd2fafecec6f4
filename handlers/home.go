package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"usher/internal/i18n"
	"usher/internal/markdown"
	"usher/paywall"
	"usher/views"
)

const (
	// mostOnHome is how many items the home page shows one by one. A site with more
	// shows its collections instead of what is in them, so that the page stays
	// light.
	mostOnHome = 48
	// cardsPerPage is the length of one page of cards.
	cardsPerPage = 48
)

// showHome lists what is on: GET /.
func (h *Handlers) showHome(c echo.Context) error {
	ctx, l := c.Request().Context(), localeOf(c)
	items, err := h.Catalogue.WhatIsOn(ctx)
	if err != nil {
		return err
	}
	page := views.HomePage{Page: h.page(c, "")}
	page.Own = h.face().own(paywall.PlaceHome, page.L)
	page.CanonicalURL = h.absolute("/")
	var videos []paywall.Item
	folded := map[string][]paywall.Item{}
	for _, item := range items {
		switch {
		case item.CollectionID != "" && len(items) > mostOnHome:
			folded[item.CollectionID] = append(folded[item.CollectionID], item)
		case item.Kind == paywall.KindRadio:
			addCard(&page, item, h.card(c, item))
		default:
			videos = append(videos, item)
		}
	}
	if len(folded) > 0 {
		collections, err := h.Catalogue.Collections(ctx)
		if err != nil {
			return err
		}
		for _, collection := range collections {
			if in := folded[collection.ID]; len(in) > 0 {
				page.Collections = append(page.Collections, collectionCard(l, collection, in))
			}
		}
	}
	page.Videos, page.PrevURL, page.NextURL = h.cardPage(c, "/", videos)
	if page.Redeem, err = h.Vouchers.Any(ctx); err != nil {
		return err
	}
	return h.render(c, http.StatusOK, views.Home(page))
}

// cardPage are the cards of one page of items, and the ways to its neighbours.
func (h *Handlers) cardPage(c echo.Context, path string, items []paywall.Item) (cards []views.Card, prev, next string) {
	list := pagerOf(c, path)
	list.number = min(list.number, max(1, (len(items)+cardsPerPage-1)/cardsPerPage))
	first := min((list.number-1)*cardsPerPage, len(items))
	last := min(first+cardsPerPage, len(items))
	for _, item := range items[first:last] {
		cards = append(cards, h.card(c, item))
	}
	if list.number > 1 {
		prev = list.url(list.number - 1)
	}
	if last < len(items) {
		next = list.url(list.number + 1)
	}
	return cards, prev, next
}

func collectionCard(l *i18n.Locale, collection paywall.Collection, items []paywall.Item) views.Card {
	return views.Card{
		URL: collection.Path(), Title: collection.Title, Summary: summaryOf(collection),
		Access: l.N("home.collection.count", len(items)), Art: collectionArt(collection, items),
	}
}

// summaryOf is a collection's text without markup, short enough for a card.
func summaryOf(collection paywall.Collection) string {
	text := []rune(markdown.Text(collection.Description))
	if len(text) > 200 {
		return string(text[:200]) + "…"
	}
	return string(text)
}

// showCollectionPage lists what is on in a collection: GET /collection/:slug.
func (h *Handlers) showCollectionPage(c echo.Context) error {
	collection, items, err := h.Catalogue.CollectionOn(c.Request().Context(), c.Param("slug"))
	if err != nil {
		return err
	}
	page := views.CollectionPage{
		Page: h.page(c, collection.Title), Title: collection.Title, Description: markdown.Render(collection.Description),
		Art: views.Art{Picture: pictureURL(collection.PosterID)},
	}
	page.Page.Description = summaryOf(collection)
	page.CanonicalURL = h.absolute(collection.Path())
	if collection.PosterID != "" {
		page.ImageURL = h.absolute(pictureURL(collection.PosterID))
	}
	cards, prev, next := h.cardPage(c, collection.Path(), items)
	page.PrevURL, page.NextURL = prev, next
	for _, card := range cards {
		if card.Art.Square {
			page.Radios = append(page.Radios, card)
		} else {
			page.Videos = append(page.Videos, card)
		}
	}
	return h.render(c, http.StatusOK, views.Collection(page))
}

func (h *Handlers) card(c echo.Context, item paywall.Item) views.Card {
	l := localeOf(c)
	card := views.Card{
		URL: item.Path(), Title: item.Title, Summary: item.Summary,
		Access: l.T("access." + string(item.Access)), Art: smallArt(item), Length: length(l, item.Duration),
	}
	if !item.Opened(h.now(c)) {
		card.Opens = l.T("home.opens", "Date", l.DateTime(h.zoned(c, item.OpensAt)))
	}
	return card
}

// addCard puts an item's card where its kind belongs.
func addCard(page *views.HomePage, item paywall.Item, card views.Card) {
	if item.Kind == paywall.KindRadio {
		page.Radios = append(page.Radios, card)
	} else {
		page.Videos = append(page.Videos, card)
	}
}
