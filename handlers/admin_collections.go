package handlers

import (
	"net/http"
	"strconv"

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
	ctx, l := c.Request().Context(), localeOf(c)
	all, err := h.Catalogue.Collections(ctx)
	if err != nil {
		return err
	}
	counts, err := h.Catalogue.CollectionSizes(ctx)
	if err != nil {
		return err
	}
	page := views.AdminCollectionsPage{
		Page: h.adminPage(c, l.T("admin.collections.title")), Title: title, Errors: fieldErrors(l, problem),
	}
	for n, collection := range all {
		path := "/admin/collections/" + collection.ID
		page.Collections = append(page.Collections, views.CollectionRow{
			Title: collection.Title, URL: path, MoveURL: path + "/move", First: n == 0, Last: n == len(all)-1,
			Items: l.N("admin.items.count", counts[collection.ID]), Art: collectionArt(collection, nil),
		})
	}
	return h.render(c, status, views.AdminCollections(page))
}

// showEditCollection is the form of a collection: GET /admin/collections/:id.
func (h *Handlers) showEditCollection(c echo.Context) error {
	collection, err := h.Catalogue.Collection(c.Request().Context(), c.Param("id"))
	if err != nil {
		return err
	}
	return h.showCollectionEdit(c, http.StatusOK, collection, inputOf(collection), nil)
}

func inputOf(collection paywall.Collection) paywall.CollectionInput {
	return paywall.CollectionInput{
		Title: collection.Title, Slug: collection.Slug, Description: collection.Description, Version: collection.Version,
	}
}

// submitEditCollection saves a collection: POST /admin/collections/:id.
func (h *Handlers) submitEditCollection(c echo.Context) error {
	form, err := postedForm(c, itemFormSize)
	if err != nil {
		return err
	}
	ctx, id := c.Request().Context(), c.Param("id")
	in := paywall.CollectionInput{
		Title: form.Get("title"), Slug: form.Get("slug"), Description: normalLines(form.Get("description")),
		Version: int64(typedNumber(form.Get("version"))),
	}
	collection, err := h.Catalogue.Collection(ctx, id)
	if err != nil {
		return err
	}
	if err := h.Catalogue.UpdateCollection(ctx, paywall.ActorOf(viewerOf(c)), id, in); err != nil {
		return h.showCollectionEdit(c, http.StatusUnprocessableEntity, collection, in, err)
	}
	return h.doneWith(c, "flash.collection_saved", "/admin/collections/"+id)
}

// showCollectionEdit shows the form with what was typed, and what is wrong with
// it. A failure that is not about the input goes to the error page.
func (h *Handlers) showCollectionEdit(c echo.Context, status int, stored paywall.Collection, in paywall.CollectionInput, problem error) error {
	ctx, l, path := c.Request().Context(), localeOf(c), "/admin/collections/"+stored.ID
	kind := paywall.KindOf(problem)
	if problem != nil && kind != paywall.KindInvalid && kind != paywall.KindConflict {
		return problem
	}
	items, err := h.Catalogue.InCollection(ctx, stored.ID)
	if err != nil {
		return err
	}
	page := views.AdminCollectionPage{
		Page: h.adminPage(c, stored.Title), Action: path, DeleteURL: path + "/delete",
		Title: in.Title, Slug: in.Slug, Description: in.Description, Version: strconv.FormatInt(in.Version, 10),
		Poster: posterField(path, collectionArt(stored, nil)), Errors: fieldErrors(l, problem), Error: formError(l, problem),
	}
	page.Poster.Error = page.Errors["picture"]
	for _, item := range items {
		page.Items = append(page.Items, h.adminItemRow(l, item))
		if item.Published {
			page.ShowURL = stored.Path()
		}
	}
	if kind == paywall.KindConflict {
		status = http.StatusConflict
		text, err := h.whoSaved(c, stored.ID)
		if err != nil {
			return err
		}
		page.Version = strconv.FormatInt(stored.Version, 10)
		page.Conflict = &views.EditConflict{Text: text, TheirsURL: path, Rows: differing(
			views.DifferenceRow{Label: l.T("admin.item.title.label"), Mine: in.Title, Theirs: stored.Title},
			views.DifferenceRow{Label: l.T("admin.item.slug.label"), Mine: in.Slug, Theirs: stored.Slug},
			views.DifferenceRow{Label: l.T("admin.item.description.label"), Mine: in.Description, Theirs: stored.Description},
		)}
	}
	return h.render(c, status, views.AdminCollection(page))
}

// submitMoveCollection moves one up or down: POST /admin/collections/:id/move.
func (h *Handlers) submitMoveCollection(c echo.Context) error {
	form, err := postedForm(c, smallForm)
	if err != nil {
		return err
	}
	to := form.Get("to")
	if to != "up" && to != "down" {
		return paywall.E(paywall.KindInvalid, "error.invalid")
	}
	if err := h.Catalogue.MoveCollection(c.Request().Context(), paywall.ActorOf(viewerOf(c)), c.Param("id"), to == "up"); err != nil {
		return err
	}
	return seeOther(c, "/admin/collections")
}

// submitCollectionPoster uploads a poster: POST /admin/collections/:id/poster.
func (h *Handlers) submitCollectionPoster(c echo.Context) error {
	_, file, err := postedPicture(c)
	ctx, id := c.Request().Context(), c.Param("id")
	if err == nil {
		var picture paywall.Picture
		if picture, err = h.Pictures.Make(ctx, file); err == nil {
			err = h.Catalogue.SetCollectionPoster(ctx, paywall.ActorOf(viewerOf(c)), id, picture)
		}
	}
	if paywall.KindOf(err) == paywall.KindInvalid {
		collection, findErr := h.Catalogue.Collection(ctx, id)
		if findErr != nil {
			return findErr
		}
		return h.showCollectionEdit(c, http.StatusUnprocessableEntity, collection, inputOf(collection), err)
	}
	if err != nil {
		return err
	}
	return h.doneWith(c, "flash.poster_saved", "/admin/collections/"+id)
}

// submitRemoveCollectionPoster takes a poster away: POST
// /admin/collections/:id/poster/remove.
func (h *Handlers) submitRemoveCollectionPoster(c echo.Context) error {
	id := c.Param("id")
	err := h.Catalogue.SetCollectionPoster(c.Request().Context(), paywall.ActorOf(viewerOf(c)), id, paywall.Picture{})
	if err != nil {
		return err
	}
	return h.doneWith(c, "flash.poster_removed", "/admin/collections/"+id)
}

// showDeleteCollection asks before a collection goes: GET
// /admin/collections/:id/delete.
func (h *Handlers) showDeleteCollection(c echo.Context) error {
	ctx, l, id := c.Request().Context(), localeOf(c), c.Param("id")
	collection, err := h.Catalogue.Collection(ctx, id)
	if err != nil {
		return err
	}
	parting, err := h.Catalogue.CollectionParting(ctx, id)
	if err != nil {
		return err
	}
	page := views.AdminDeletePage{
		Page: h.adminPage(c, l.T("admin.collection.delete")), OfCollection: true, Heading: l.T("admin.collection.delete"),
		Question: l.T("admin.collection.delete.question", "Title", collection.Title), Button: l.T("admin.collection.delete"),
		Action: "/admin/collections/" + id + "/delete", BackURL: "/admin/collections/" + id,
	}
	if parting.Items > 0 {
		page.Facts, page.Free = append(page.Facts, l.N("admin.collection.delete.items", parting.Items)), true
	}
	if parting.Grants > 0 {
		page.Facts = append(page.Facts, l.N("admin.collection.delete.grants", parting.Grants))
	}
	if parting.Vouchers > 0 {
		page.Facts = append(page.Facts, l.N("admin.delete.vouchers", parting.Vouchers))
	}
	return h.render(c, http.StatusOK, views.AdminDelete(page))
}

// submitDeleteCollection removes a collection, and sets its items free if the
// page before said so: POST /admin/collections/:id/delete.
func (h *Handlers) submitDeleteCollection(c echo.Context) error {
	form, err := postedForm(c, smallForm)
	if err != nil {
		return err
	}
	err = h.Catalogue.DeleteCollection(c.Request().Context(), paywall.ActorOf(viewerOf(c)), c.Param("id"), form.Get("free") == "true")
	if err != nil {
		return err
	}
	return h.doneWith(c, "flash.collection_deleted", "/admin/collections")
}
