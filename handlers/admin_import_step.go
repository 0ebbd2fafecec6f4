package handlers

import (
	"errors"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"usher/internal/i18n"
	"usher/paywall"
	"usher/views"
)

// showImportChanges lists what Infomaniak says differently: GET
// /admin/items/import/changes.
func (h *Handlers) showImportChanges(c echo.Context) error {
	return h.showChanges(c, http.StatusOK, nil)
}

func (h *Handlers) showChanges(c echo.Context, status int, problem error) error {
	ctx, l := c.Request().Context(), localeOf(c)
	page := views.AdminImportChangesPage{Page: h.adminPage(c, l.T("import.changes.title")), Error: formError(l, problem)}
	held, err := h.Imports.Holdings(ctx)
	if errors.Is(err, paywall.ErrNotFound) {
		return h.render(c, status, views.AdminImportChanges(page))
	}
	if err != nil {
		return err
	}
	page.ReadAt = l.ShortDateTime(h.sited(held.ReadAt))
	all, err := h.Imports.Differences(ctx)
	if err != nil {
		return err
	}
	for _, d := range all {
		row := differenceRow(l, d)
		if d.ByHand {
			page.ByHand = append(page.ByHand, row)
		} else {
			page.Rows = append(page.Rows, row)
		}
	}
	return h.render(c, status, views.AdminImportChanges(page))
}

func differenceRow(l *i18n.Locale, d paywall.Difference) views.ImportDifference {
	row := views.ImportDifference{
		ID: d.ID(), Title: d.Title, Field: l.T("import.field." + string(d.Field)), Ours: d.Ours, Theirs: d.Theirs, URL: "/admin/items/" + d.ItemID,
	}
	if d.CollectionID != "" {
		row.URL = "/admin/collections/" + d.CollectionID
	}
	switch d.Field {
	case paywall.FieldDuration:
		row.Ours, row.Theirs = writeLength(d.OursLong), writeLength(d.TheirsLong)
	case paywall.FieldPoster:
		row.OursPicture, row.Ours = smallPictureURL(d.Ours), ""
		row.Theirs = l.T("import.changes.poster")
	}
	return row
}

// submitImportChanges takes the ticked differences over, or settles that they
// stay: POST /admin/items/import/changes.
func (h *Handlers) submitImportChanges(c echo.Context) error {
	form, err := postedForm(c, importForm)
	if err != nil {
		return err
	}
	keep := form.Get("act") == "keep"
	run, err := h.Imports.StartStep(c.Request().Context(), paywall.ActorOf(viewerOf(c)), form["pick"], keep)
	if kind := paywall.KindOf(err); kind == paywall.KindInvalid || kind == paywall.KindConflict {
		return h.showChanges(c, statuses[kind], err)
	}
	if err != nil {
		return err
	}
	return seeOther(c, runPath(run.ID))
}

// submitImportTyped makes a draft of an address or number that was typed: POST
// /admin/items/import/typed.
func (h *Handlers) submitImportTyped(c echo.Context) error {
	form, err := postedForm(c, smallForm)
	if err != nil {
		return err
	}
	typed := importTyped{kind: form.Get("kind"), address: strings.TrimSpace(form.Get("address")), channel: strings.TrimSpace(form.Get("channel"))}
	item, unsure, err := h.Imports.Typed(c.Request().Context(), paywall.ActorOf(viewerOf(c)), paywall.TypedSource{
		Kind: paywall.ItemKind(typed.kind), Address: typed.address, Channel: typed.channel, Access: paywall.Access(form.Get("access")),
	})
	if paywall.KindOf(err) == paywall.KindInvalid {
		return h.showImportForm(c, http.StatusUnprocessableEntity, typed, err)
	}
	if err != nil {
		return err
	}
	message := "flash.item_created"
	if unsure {
		message = "flash.item_created_unsure"
	}
	return h.doneWith(c, message, "/admin/items/"+item.ID)
}
