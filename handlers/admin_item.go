package handlers

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"usher/internal/i18n"
	"usher/paywall"
	"usher/views"
)

// showNewItem is the empty form: GET /admin/items/new.
func (h *Handlers) showNewItem(c echo.Context) error {
	form := itemForm{fields: views.ItemFields{
		Kind: string(paywall.KindRadio), Access: string(paywall.AccessEntitled), Position: "0",
	}}
	return h.showItemForm(c, http.StatusOK, paywall.Item{}, form, nil)
}

// submitNewItem makes a draft: POST /admin/items/new.
func (h *Handlers) submitNewItem(c echo.Context) error {
	form, err := readItemForm(c)
	if err != nil {
		return err
	}
	input, err := form.input(h.zone())
	var item paywall.Item
	if err == nil {
		item, err = h.Catalogue.Create(c.Request().Context(), paywall.ActorOf(viewerOf(c)), input)
	}
	if err != nil {
		return h.showItemForm(c, http.StatusUnprocessableEntity, paywall.Item{}, form, err)
	}
	return h.doneWith(c, "flash.item_created", "/admin/items/"+item.ID)
}

// showEditItem is the form of an item: GET /admin/items/:id.
func (h *Handlers) showEditItem(c echo.Context) error {
	item, err := h.Catalogue.ByID(c.Request().Context(), c.Param("id"))
	if err != nil {
		return err
	}
	return h.showItemForm(c, http.StatusOK, item, formOf(item, h.zone()), nil)
}

// submitEditItem saves an item: POST /admin/items/:id.
func (h *Handlers) submitEditItem(c echo.Context) error {
	ctx, id := c.Request().Context(), c.Param("id")
	form, err := readItemForm(c)
	if err != nil {
		return err
	}
	item, err := h.Catalogue.ByID(ctx, id)
	if err != nil {
		return err
	}
	input, err := form.input(h.zone())
	if err == nil {
		_, err = h.Catalogue.Update(ctx, paywall.ActorOf(viewerOf(c)), id, input)
	}
	if err != nil {
		return h.showItemForm(c, http.StatusUnprocessableEntity, item, form, err)
	}
	return h.doneWith(c, "flash.item_saved", "/admin/items/"+id)
}

// showItemForm shows the form with what was typed, and what is wrong with it. A
// failure that is not about the input goes to the error page.
func (h *Handlers) showItemForm(c echo.Context, status int, item paywall.Item, form itemForm, problem error) error {
	l := localeOf(c)
	title := l.T("admin.item.new_title")
	if item.ID != "" {
		title = item.Title
	}
	collections, err := h.Catalogue.Collections(c.Request().Context())
	if err != nil {
		return err
	}
	page := views.AdminItemPage{
		Page: h.adminPage(c, title), New: item.ID == "", Action: "/admin/items/new", Published: item.Published,
		Fields: form.fields, Zone: h.zone().String(), Sources: form.rows(),
		Collections: collectionOptions(l, collections, form.fields.Collection),
		Kinds:       options(l, "kind.", form.fields.Kind, paywall.KindRadio, paywall.KindVideo),
		Accesses: options(l, "access.", form.fields.Access,
			paywall.AccessOpen, paywall.AccessMembers, paywall.AccessEntitled),
		SourceKinds: options(l, "sourcekind.", "", paywall.SourceStream, paywall.SourceHLS, paywall.SourceVOD),
	}
	if item.ID != "" {
		page.Action = "/admin/items/" + item.ID
		page.PublishURL, page.ShowURL, page.DeleteURL = page.Action+"/publish", item.Path(), page.Action+"/delete"
		page.Poster = posterField(page.Action, artOf(item))
	}
	h.addTrouble(l, page.Sources, item)
	if problem != nil {
		if status, err = explainForm(l, &page, problem); err != nil {
			return err
		}
		page.Poster.Error = page.Errors["picture"]
		if errors.Is(problem, paywall.ErrChanged) {
			if err := h.explainConflict(c, &page, item, form, collections); err != nil {
				return err
			}
		}
	}
	return h.render(c, status, views.AdminItem(page))
}

// explainForm puts the messages of a refused form where they belong and answers
// the status: 422 for bad input, 409 when somebody else was faster.
func explainForm(l *i18n.Locale, page *views.AdminItemPage, problem error) (int, error) {
	var known *paywall.Error
	if !errors.As(problem, &known) || (known.Kind != paywall.KindInvalid && known.Kind != paywall.KindConflict) {
		return 0, problem
	}
	page.Error = l.T(known.Key, known.Args...)
	page.Errors = map[string]string{}
	for field, message := range fieldErrors(l, problem) {
		n, name, ok := sourceField(field)
		if !ok {
			page.Errors[field] = message
			continue
		}
		if n < len(page.Sources) {
			if page.Sources[n].Errors == nil {
				page.Sources[n].Errors = map[string]string{}
			}
			page.Sources[n].Errors[name] = message
		}
	}
	return statuses[known.Kind], nil
}

// addTrouble tells the owner which source failed last, and when.
func (h *Handlers) addTrouble(l *i18n.Locale, rows []views.SourceFields, item paywall.Item) {
	for i := range rows {
		for _, s := range item.Sources {
			if s.ID == rows[i].ID && s.Trouble != "" {
				rows[i].Trouble = h.troubleOf(l, s)
			}
		}
	}
}

// options are the choices of a select element whose labels stand in the
// catalogues under a prefix.
func options[T ~string](l *i18n.Locale, prefix, selected string, values ...T) []views.Option {
	list := make([]views.Option, len(values))
	for i, v := range values {
		list[i] = views.Option{Value: string(v), Label: l.T(prefix + string(v)), Selected: string(v) == selected}
	}
	return list
}

func collectionOptions(l *i18n.Locale, all []paywall.Collection, selected string) []views.Option {
	list := []views.Option{{Label: l.T("admin.item.no_collection"), Selected: selected == ""}}
	for _, collection := range all {
		list = append(list, views.Option{
			Value: collection.ID, Label: collection.Title, Selected: collection.ID == selected,
		})
	}
	return list
}
