package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"usher/paywall"
	"usher/views"
)

// showHome lists what is on: GET /.
func (h *Handlers) showHome(c echo.Context) error {
	items, err := h.Catalogue.WhatIsOn(c.Request().Context())
	if err != nil {
		return err
	}
	page := views.HomePage{Page: h.page(c, "")}
	page.Own = h.face().own(paywall.PlaceHome, page.L)
	page.CanonicalURL = h.absolute("/")
	for _, item := range items {
		addCard(&page, item, h.card(c, item))
	}
	return h.render(c, http.StatusOK, views.Home(page))
}

// addCard puts an item's card where its kind belongs.
func addCard(page *views.HomePage, item paywall.Item, card views.Card) {
	if item.Kind == paywall.KindRadio {
		page.Radios = append(page.Radios, card)
	} else {
		page.Videos = append(page.Videos, card)
	}
}

func (h *Handlers) card(c echo.Context, item paywall.Item) views.Card {
	l := localeOf(c)
	card := views.Card{
		URL: item.Path(), Title: item.Title, Summary: item.Summary,
		Access: l.T("access." + string(item.Access)), Art: artOf(item),
	}
	if !item.Opened(h.now(c)) {
		card.Opens = l.T("home.opens", "Date", l.DateTime(h.zoned(c, item.OpensAt)))
	}
	return card
}
