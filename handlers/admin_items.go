package handlers

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"usher/internal/i18n"
	"usher/paywall"
	"usher/views"
)

// itemSorts are the orders that ?sort= asks for, the usual one first.
var itemSorts = []paywall.ItemSort{
	paywall.SortPosition, paywall.SortTitle, paywall.SortState, paywall.SortAccess, paywall.SortChanged,
}

// showAdminItems lists items: GET /admin/items?q=&collection=&state=&sort=&page=.
func (h *Handlers) showAdminItems(c echo.Context) error {
	return h.showItemList(c, http.StatusOK, nil)
}

// showItemList shows the list, and why an act on the chosen items was refused.
func (h *Handlers) showItemList(c echo.Context, status int, problem error) error {
	ctx, l := c.Request().Context(), localeOf(c)
	list := pagerOf(c, "/admin/items", "q", "collection", "state", "sort")
	filter := paywall.ItemFilter{
		Text: c.QueryParam("q"), CollectionID: c.QueryParam("collection"), State: paywall.ItemState(c.QueryParam("state")),
		Sort: itemSort(c), Limit: linesPerPage, Offset: list.offset(),
	}
	items, total, err := h.Catalogue.List(ctx, filter)
	if err != nil {
		return err
	}
	collections, err := h.Catalogue.Collections(ctx)
	if err != nil {
		return err
	}
	known, err := h.Probes.OfItem(ctx, "")
	if err != nil {
		return err
	}
	page := views.AdminItemsPage{
		Page: h.adminPage(c, l.T("admin.items.title")), Query: filter.Text, Total: l.N("admin.items.count", total),
		Any: total > 0 || len(list.query) > 0, Error: formError(l, problem),
		Collections: collectionFilter(l, collections, filter.CollectionID),
		States: append([]views.Option{{Label: l.T("admin.items.any_state")}}, options(l, "admin.items.state.", string(filter.State),
			paywall.ItemsPublished, paywall.ItemsDraft, paywall.ItemsTroubled, paywall.ItemsBare)...),
		Sorts: options(l, "admin.items.sort.", string(filter.Sort), itemSorts...),
		Acts:  bulkActs(l, collections), PickAllURL: pickAll(list),
		Moves: filter.Sort == paywall.SortPosition && filter.Text == "" && filter.State == "",
	}
	if page.PrevURL, page.NextURL, err = list.links(total); err != nil {
		return err
	}
	titles := titlesOf(collections)
	for _, item := range items {
		row := h.adminItemRow(l, item)
		row.Health = itemBadge(l, item, known)
		row.Collection, row.Picked = titles[item.CollectionID], c.QueryParam("pick") == "all"
		page.Items = append(page.Items, row)
	}
	return h.render(c, status, views.AdminItems(page))
}

// itemSort is the order that is asked for.
func itemSort(c echo.Context) paywall.ItemSort {
	if sort := paywall.ItemSort(c.QueryParam("sort")); slices.Contains(itemSorts, sort) {
		return sort
	}
	return paywall.SortPosition
}

func pickAll(list pager) string {
	all := url.Values{"pick": {"all"}, "page": {strconv.Itoa(list.number)}}
	for name, values := range list.query {
		all[name] = values
	}
	return list.path + "?" + all.Encode() + "#count"
}

func titlesOf(collections []paywall.Collection) map[string]string {
	titles := map[string]string{}
	for _, collection := range collections {
		titles[collection.ID] = collection.Title
	}
	return titles
}

func collectionFilter(l *i18n.Locale, all []paywall.Collection, selected string) []views.Option {
	list := []views.Option{
		{Label: l.T("admin.items.any_collection")},
		{Value: paywall.NoCollection, Label: l.T("admin.item.no_collection"), Selected: selected == paywall.NoCollection},
	}
	for _, collection := range all {
		list = append(list, views.Option{Value: collection.ID, Label: collection.Title, Selected: collection.ID == selected})
	}
	return list
}

// bulkActs are what can be done to many items, as "act:value".
func bulkActs(l *i18n.Locale, collections []paywall.Collection) []views.Option {
	acts := []views.Option{
		{Label: l.T("admin.items.act.choose")},
		{Value: string(paywall.BulkPublish), Label: l.T("admin.item.publish")},
		{Value: string(paywall.BulkUnpublish), Label: l.T("admin.item.unpublish")},
	}
	for _, access := range paywall.Accesses {
		acts = append(acts, views.Option{
			Value: string(paywall.BulkAccess) + ":" + string(access),
			Label: l.T("admin.items.act.access", "Access", l.T("access."+string(access))),
		})
	}
	acts = append(acts, views.Option{Value: string(paywall.BulkCollection) + ":", Label: l.T("admin.items.act.no_collection")})
	for _, collection := range collections {
		acts = append(acts, views.Option{
			Value: string(paywall.BulkCollection) + ":" + collection.ID,
			Label: l.T("admin.items.act.collection", "Title", collection.Title),
		})
	}
	return acts
}

// submitBulk does something to the chosen items: POST /admin/items/bulk.
func (h *Handlers) submitBulk(c echo.Context) error {
	form, err := postedForm(c, largeForm)
	if err != nil {
		return err
	}
	act, value, _ := strings.Cut(form.Get("act"), ":")
	change := paywall.BulkChange{IDs: form["id"], Act: paywall.BulkAct(act), Value: value}
	done, err := h.Catalogue.Bulk(c.Request().Context(), paywall.ActorOf(viewerOf(c)), change)
	if paywall.KindOf(err) == paywall.KindInvalid {
		return h.showItemList(c, http.StatusUnprocessableEntity, err)
	}
	if err != nil {
		return err
	}
	key := "flash.items_changed"
	if len(done.Bare) > 0 {
		key = "flash.items_changed_bare"
	}
	return h.doneWith(c, withArgs(key, "Changed", done.Changed, "Same", done.Same, "Bare", len(done.Bare)), "/admin/items")
}

func (h *Handlers) adminItemRow(l *i18n.Locale, item paywall.Item) views.AdminItemRow {
	row := views.AdminItemRow{
		ID:    item.ID,
		Title: item.Title, Kind: l.T("kind." + string(item.Kind)), Access: l.T("access." + string(item.Access)),
		State: h.itemState(l, item), Published: item.Published, Sources: len(item.Sources),
		EditURL: "/admin/items/" + item.ID, ShowURL: item.Path(), Art: smallArt(item), Length: length(l, item.Duration),
		Changed: l.ShortDateTime(h.sited(item.UpdatedAt)),
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
	return l.ShortDateTime(h.sited(s.TroubleAt)) + ", " + sourceLabel(l, s) + ": " + troubleText(l, s.Trouble)
}

func (h *Handlers) itemState(l *i18n.Locale, item paywall.Item) string {
	now := h.Clock()
	switch {
	case !item.Published:
		return l.T("admin.items.draft")
	case !item.Opened(now):
		return l.T("home.opens", "Date", l.ShortDateTime(h.sited(item.OpensAt)))
	case item.Closed(now):
		return l.T("admin.items.closed", "Date", l.ShortDateTime(h.sited(item.ClosesAt)))
	}
	return l.T("admin.items.published")
}

// length writes how long something is; nothing when that is not told.
func length(l *i18n.Locale, d time.Duration) string {
	switch {
	case d <= 0:
		return ""
	case d < time.Minute:
		return l.T("item.length.seconds", "Seconds", int(d.Seconds()))
	case d < time.Hour:
		return l.T("item.length.minutes", "Minutes", int(d.Round(time.Minute).Minutes()))
	}
	d = d.Round(time.Minute)
	return l.T("item.length.hours", "Hours", int(d.Hours()), "Minutes", int(d.Minutes())%60)
}
