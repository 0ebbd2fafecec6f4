package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"usher/paywall"
	"usher/views"
)

// showCollections lists the collections: GET /admin/collections.
func (h *Handlers) showCollections(c echo.Context) error {
	return h.showCollectionForm(c, http.StatusOK, "", nil)
}

// submitCollection makes one: POST /admin/collections.
func (h *Handlers) submitCollection(c echo.Context) error {
	form, err := postedForm(c, smallForm)
	if err != nil {
		return err
	}
	title := form.Get("title")
	_, err = h.Catalogue.CreateCollection(c.Request().Context(), paywall.ActorOf(viewerOf(c)), title)
	if paywall.KindOf(err) == paywall.KindInvalid {
		return h.showCollectionForm(c, http.StatusUnprocessableEntity, title, err)
	}
	if err != nil {
		return err
	}
	return h.doneWith(c, "flash.collection_created", "/admin/collections")
}

func (h *Handlers) showCollectionForm(c echo.Context, status int, title string, problem error) error {
	l := localeOf(c)
	all, err := h.Catalogue.Collections(c.Request().Context())
	if err != nil {
		return err
	}
	page := views.AdminCollectionsPage{
		Page: h.adminPage(c, l.T("admin.collections.title")), Title: title, Errors: fieldErrors(l, problem),
	}
	for _, collection := range all {
		page.Collections = append(page.Collections, views.Option{Value: collection.ID, Label: collection.Title})
	}
	return h.render(c, status, views.AdminCollections(page))
}
