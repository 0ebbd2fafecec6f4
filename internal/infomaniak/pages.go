package infomaniak

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"strconv"

	"usher/paywall"
)

const (
	// perPage is asked for. The default is 15, and each page costs a call of the
	// minute; a page of media that is larger gets slow.
	perPage = 200
	// maxPages bounds a list that has no end.
	maxPages = 1000
)

// listing is a list of the catalogue.
type listing struct {
	// paths are tried in this order while the API does not know one: the second
	// version of a call may replace the first, and the other way round.
	paths []string
	query url.Values
	with  string // relations to expand
	scope paywall.SupplierScope
}

// shapes are the ways to ask for a page, from the one that we like best. A
// service that knows a parameter no more answers 422.
func (l listing) shapes() []url.Values {
	var all []url.Values
	if l.with != "" {
		all = append(all, with("with", l.with, "per_page", strconv.Itoa(perPage)))
	}
	return append(all, with("per_page", strconv.Itoa(perPage)), url.Values{})
}

// listAll reads all pages of a list. id tells rows apart; a row without one is
// left out. A list that changes while it is read is read once more, so that
// nothing slips through between two pages.
func listAll[T any](ctx context.Context, c *Client, key *credentials, l listing, id func(T) string) ([]T, error) {
	r := &reader[T]{client: c, key: key, listing: l, id: id, shapes: l.shapes()}
	all, moved, err := r.read(ctx)
	if err == nil && moved {
		all, _, err = r.read(ctx)
	}
	return all, err
}

// reader reads a list page by page.
type reader[T any] struct {
	client  *Client
	key     *credentials
	listing listing
	id      func(T) string
	shapes  []url.Values // those that may still work
}

// read reads the list once. moved tells that it changed meanwhile.
func (r *reader[T]) read(ctx context.Context) (all []T, moved bool, err error) {
	seen, first := map[string]bool{}, number{}
	for page := 1; page <= maxPages; page++ {
		got, err := r.page(ctx, page)
		if err != nil {
			return nil, false, err
		}
		list, ok := rowsOf[T](got)
		if !ok && page == 1 {
			// Never taken for an empty list: what is gone there would seem deleted.
			return nil, false, odd(r.listing.scope, "no list where one should be")
		}
		fresh, named := 0, 0
		for _, row := range list {
			id := r.id(row)
			if id == "" {
				continue
			}
			named++
			if !seen[id] {
				seen[id] = true
				all = append(all, row)
				fresh++
			}
		}
		if len(list) > 0 && named == 0 {
			return nil, false, odd(r.listing.scope, "a list of things without ids")
		}
		if page == 1 {
			first = got.Total
		}
		moved = got.Total != first
		if complete(got, page, fresh, len(all)) {
			return all, moved, nil
		}
	}
	return nil, false, odd(r.listing.scope, "a list without end")
}

// complete tells whether a page was the last. A service that ignores the
// parameters of pages gives all at once; asked for the second page it has
// nothing that is new.
func complete(got answer, page, fresh, all int) bool {
	switch {
	case fresh == 0:
		return true
	case got.Pages.told:
		return page >= got.Pages.whole()
	case got.Total.told:
		return all >= got.Total.whole()
	}
	return false
}

// page asks for one page, in the best shape and at the newest path that work.
func (r *reader[T]) page(ctx context.Context, page int) (answer, error) {
	for {
		query := maps.Clone(r.shapes[0])
		maps.Copy(query, r.listing.query)
		query.Set("page", strconv.Itoa(page))
		if len(r.shapes) == 1 && page == 1 {
			query.Del("page")
		}
		got, err := r.client.fetch(ctx, r.key, call{path: r.listing.paths[0], query: query, scope: r.listing.scope})
		switch {
		case page == 1 && len(r.shapes) > 1 && hasStatus(err, http.StatusUnprocessableEntity):
			r.shapes = r.shapes[1:]
		case page == 1 && len(r.listing.paths) > 1 && unknownRoute(err):
			r.listing.paths = r.listing.paths[1:]
		case page > 1 && len(r.shapes) == 1 && hasStatus(err, http.StatusUnprocessableEntity):
			return answer{}, nil // it knows no pages: the first was all
		default:
			return got, err
		}
	}
}

// rowsOf reads the rows of a page; one that cannot be read is empty. They stand in
// data, or one level below where a paginator is answered as it is.
func rowsOf[T any](got answer) (list []T, ok bool) {
	var paginator struct {
		Data json.RawMessage `json:"data"`
	}
	data := got.Data
	if json.Unmarshal(data, &paginator) == nil && len(paginator.Data) > 0 {
		data = paginator.Data
	}
	var all rows[json.RawMessage]
	if json.Unmarshal(data, &all) != nil || all == nil {
		return nil, false
	}
	for _, raw := range all {
		var row T
		_ = json.Unmarshal(raw, &row)
		list = append(list, row)
	}
	return list, true
}

// one reads a single thing; the first path that the API knows counts.
func one[T any](ctx context.Context, c *Client, key *credentials, l listing) (T, error) {
	var thing T
	for i, path := range l.paths {
		query := maps.Clone(l.query)
		if query == nil {
			query = url.Values{}
		}
		if l.with != "" {
			query.Set("with", l.with)
		}
		got, err := c.fetch(ctx, key, call{path: path, query: query, scope: l.scope})
		if l.with != "" && hasStatus(err, http.StatusUnprocessableEntity) {
			got, err = c.fetch(ctx, key, call{path: path, query: l.query, scope: l.scope})
		}
		if unknownRoute(err) && i < len(l.paths)-1 {
			continue
		}
		if err != nil {
			return thing, err
		}
		if json.Unmarshal(got.Data, &thing) != nil {
			return thing, odd(l.scope, "nothing where something should be")
		}
		return thing, nil
	}
	return thing, errors.New("infomaniak: no path to ask at")
}
