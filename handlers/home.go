package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"usher/internal/i18n"
	"usher/paywall"
	"usher/views"
)

// showHome lists what is on: GET /.
func (h *Handlers) showHome(c echo.Context) error {
	items, err := h.Catalogue.WhatIsOn(c.Request().Context())
	if err != nil {
		return err
	}
	l := localeOf(c)
	page := views.HomePage{Page: h.page(c, "")}
	page.CanonicalURL = h.absolute("/")
	for _, item := range items {
		if item.Kind == paywall.KindRadio {
			page.Radios = append(page.Radios, h.card(l, item))
		} else {
			page.Videos = append(page.Videos, h.card(l, item))
		}
	}
	return h.render(c, http.StatusOK, views.Home(page))
}

func (h *Handlers) card(l *i18n.Locale, item paywall.Item) views.Card {
	card := views.Card{
		URL: item.Path(), Title: item.Title, Summary: item.Summary,
		Access: l.T("access." + string(item.Access)), Art: artOf(item),
	}
	if !item.Opened(h.Clock()) {
		card.Opens = l.T("home.opens", "Date", l.DateTime(h.zoned(item.OpensAt)))
	}
	return card
}
