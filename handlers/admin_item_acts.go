package handlers

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"usher/paywall"
	"usher/views"
)

// submitPublishItem puts an item on or takes it off: POST
// /admin/items/:id/publish.
func (h *Handlers) submitPublishItem(c echo.Context) error {
	form, err := postedForm(c, smallForm)
	if err != nil {
		return err
	}
	ctx, on, id := c.Request().Context(), form.Get("published") == "true", c.Param("id")
	err = h.Catalogue.SetPublished(ctx, paywall.ActorOf(viewerOf(c)), id, on)
	if paywall.KindOf(err) == paywall.KindInvalid {
		item, findErr := h.Catalogue.ByID(ctx, id)
		if findErr != nil {
			return findErr
		}
		return h.showItemForm(c, http.StatusUnprocessableEntity, item, formOf(item, h.zone()), err)
	}
	if err != nil {
		return err
	}
	key := "flash.item_unpublished"
	if on {
		key = "flash.item_published"
	}
	return h.doneWith(c, key, "/admin/items/"+id)
}

// submitMoveItem moves an item up or down: POST /admin/items/:id/move. It goes
// back to the list in which the button stood.
func (h *Handlers) submitMoveItem(c echo.Context) error {
	form, err := postedForm(c, largeForm)
	if err != nil {
		return err
	}
	ctx, id, to := c.Request().Context(), c.Param("id"), form.Get("to")
	if to != "up" && to != "down" {
		return paywall.E(paywall.KindInvalid, "error.invalid")
	}
	if err := h.Catalogue.Move(ctx, paywall.ActorOf(viewerOf(c)), id, to == "up"); err != nil {
		return err
	}
	return seeOther(c, backTo(c, "/admin/items", "/admin/collections"))
}

// backTo is the page that a button stood on, if it is one of these or below;
// else the first of them.
func backTo(c echo.Context, paths ...string) string {
	from, err := url.Parse(c.Request().Referer())
	if err != nil {
		return paths[0]
	}
	for _, path := range paths {
		if from.Path == path || strings.HasPrefix(from.Path, path+"/") {
			return (&url.URL{Path: from.Path, RawQuery: from.RawQuery}).String()
		}
	}
	return paths[0]
}

// showDeleteItem asks before an item goes: GET /admin/items/:id/delete.
func (h *Handlers) showDeleteItem(c echo.Context) error {
	ctx, l, id := c.Request().Context(), localeOf(c), c.Param("id")
	item, err := h.Catalogue.ByID(ctx, id)
	if err != nil {
		return err
	}
	parting, err := h.Catalogue.ItemParting(ctx, id)
	if err != nil {
		return err
	}
	page := views.AdminDeletePage{
		Page: h.adminPage(c, l.T("admin.item.delete")), Heading: l.T("admin.item.delete"),
		Question: l.T("admin.item.delete.question", "Title", item.Title), Button: l.T("admin.item.delete"),
		Action: "/admin/items/" + id + "/delete", BackURL: "/admin/items/" + id,
		Facts: []string{l.T("admin.item.delete.kept")},
	}
	if parting.Grants > 0 {
		page.Facts = append(page.Facts, l.N("admin.item.delete.grants", parting.Grants))
	}
	if parting.Vouchers > 0 {
		page.Facts = append(page.Facts, l.N("admin.delete.vouchers", parting.Vouchers))
	}
	if item.Published {
		page.Facts = append(page.Facts, l.T("admin.item.delete.published"))
	}
	return h.render(c, http.StatusOK, views.AdminDelete(page))
}

// submitDeleteItem removes an item: POST /admin/items/:id/delete.
func (h *Handlers) submitDeleteItem(c echo.Context) error {
	err := h.Catalogue.Delete(c.Request().Context(), paywall.ActorOf(viewerOf(c)), c.Param("id"))
	if err != nil {
		return err
	}
	return h.doneWith(c, "flash.item_deleted", "/admin/items")
}

// submitPoster uploads an item's poster: POST /admin/items/:id/poster.
func (h *Handlers) submitPoster(c echo.Context) error {
	_, file, err := postedPicture(c)
	ctx, id := c.Request().Context(), c.Param("id")
	if err == nil {
		var picture paywall.Picture
		if picture, err = h.Pictures.Make(ctx, file); err == nil {
			err = h.Catalogue.SetPoster(ctx, paywall.ActorOf(viewerOf(c)), id, picture)
		}
	}
	if paywall.KindOf(err) == paywall.KindInvalid {
		item, findErr := h.Catalogue.ByID(ctx, id)
		if findErr != nil {
			return errors.Join(findErr, err)
		}
		return h.showItemForm(c, http.StatusUnprocessableEntity, item, formOf(item, h.zone()), err)
	}
	if err != nil {
		return err
	}
	return h.doneWith(c, "flash.poster_saved", "/admin/items/"+id)
}

// submitRemovePoster takes an item's poster away: POST
// /admin/items/:id/poster/remove.
func (h *Handlers) submitRemovePoster(c echo.Context) error {
	id := c.Param("id")
	if err := h.Catalogue.RemovePoster(c.Request().Context(), paywall.ActorOf(viewerOf(c)), id); err != nil {
		return err
	}
	return h.doneWith(c, "flash.poster_removed", "/admin/items/"+id)
}
