package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"usher/internal/i18n"
	"usher/paywall"
	"usher/views"
)

// showAdminItems lists every item: GET /admin/items.
func (h *Handlers) showAdminItems(c echo.Context) error {
	items, err := h.Catalogue.All(c.Request().Context())
	if err != nil {
		return err
	}
	l := localeOf(c)
	page := views.AdminItemsPage{Page: h.adminPage(c, l.T("admin.items.title"))}
	for _, item := range items {
		page.Items = append(page.Items, h.adminItemRow(l, item))
	}
	return h.render(c, http.StatusOK, views.AdminItems(page))
}

func (h *Handlers) adminItemRow(l *i18n.Locale, item paywall.Item) views.AdminItemRow {
	row := views.AdminItemRow{
		Title: item.Title, Kind: l.T("kind." + string(item.Kind)), Access: l.T("access." + string(item.Access)),
		State: h.itemState(l, item), Published: item.Published, Sources: len(item.Sources),
		EditURL: "/admin/items/" + item.ID, ShowURL: item.Path(),
	}
	for _, s := range item.Sources {
		if s.Trouble != "" && row.Trouble == "" {
			row.Trouble = h.troubleOf(l, s)
		}
	}
	return row
}

// troubleOf says when a source failed last, and why.
func (h *Handlers) troubleOf(l *i18n.Locale, s paywall.Source) string {
	return l.ShortDateTime(s.TroubleAt.In(h.zone())) + ", " + sourceLabel(l, s) + ": " + troubleText(l, s.Trouble)
}

func (h *Handlers) itemState(l *i18n.Locale, item paywall.Item) string {
	now := h.Clock()
	switch {
	case !item.Published:
		return l.T("admin.items.draft")
	case !item.Opened(now):
		return l.T("home.opens", "Date", l.ShortDateTime(item.OpensAt.In(h.zone())))
	case item.Closed(now):
		return l.T("admin.items.closed", "Date", l.ShortDateTime(item.ClosesAt.In(h.zone())))
	}
	return l.T("admin.items.published")
}

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
