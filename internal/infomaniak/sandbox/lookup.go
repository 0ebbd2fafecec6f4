package sandbox

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// defaultPerPage is the size of a page when the caller names none (measured by others on the real
// service).
const defaultPerPage = 15

// lookup is every call of the catalogue that reads. ask returns the data, a whole page, or a
// refusal; it is called with the lock held.
func (s *Sandbox) lookup(f family, ask func(*http.Request) (any, error)) http.HandlerFunc {
	return readOnly(s.catalogued(f, ask))
}

// change is every call of the catalogue that changes something.
func (s *Sandbox) change(method string, f family, ask func(*http.Request) (any, error)) http.HandlerFunc {
	next := s.catalogued(f, ask)
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method != method {
			w.Header().Set("Allow", method)
			writeRefusal(w, wrongMethod)
			return
		}
		next(w, r)
	}
}

// either joins calls of one address by their method.
func either(calls map[string]http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		next := calls[r.Method]
		if next == nil {
			writeRefusal(w, wrongMethod)
			return
		}
		next(w, r)
	}
}

// catalogued checks the token and the rate of a call, makes it under the lock, and counts it.
func (s *Sandbox) catalogued(f family, ask func(*http.Request) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := s.admits(f, r, true); err != nil {
			s.refuseLookup(w, asRefusal(err))
			return
		}
		wait := s.admit(func(c *Calls) { c.Lookups++; c.ByCall[r.Method+" "+r.Pattern]++ })
		if wait > 0 {
			setRetryAfter(w, wait)
			s.refuseLookup(w, tooMany)
			return
		}
		s.mu.Lock()
		data, err := ask(r)
		s.mu.Unlock()
		if err != nil {
			s.refuseLookup(w, asRefusal(err))
			return
		}
		if p, ok := data.(page); ok {
			writeJSON(w, http.StatusOK, p)
			return
		}
		writeData(w, data)
	}
}

func (s *Sandbox) refuseLookup(w http.ResponseWriter, f refusal) {
	s.count(func(c *Calls) { c.LookupsRefused++ })
	writeRefusal(w, f)
}

// asRefusal is an error as the API tells it.
func asRefusal(err error) refusal {
	var no refusal
	if errors.As(err, &no) {
		return no
	}
	return refusal{http.StatusInternalServerError, apiError{Code: "unexpected_error", Description: err.Error()}}
}

// paged cuts the asked page out of a list.
func paged[T any](r *http.Request, all []T) (any, error) {
	q := r.URL.Query()
	if q.Has("limit") && !q.Has("skip") {
		return nil, invalid(invalidField("skip", "offset", "The skip field is required when limit is present"))
	}
	number, err := positive(q.Get("page"), 1)
	if err != nil {
		return nil, invalid(invalidField("page", "min", "The page must be at least 1"))
	}
	size, err := positive(q.Get("per_page"), defaultPerPage)
	if err != nil {
		return nil, invalid(invalidField("per_page", "min", "The per page must be at least 1"))
	}
	from := min((number-1)*size, len(all))
	to := min(from+size, len(all))
	return page{
		success: success{Result: "success", Data: all[from:to]},
		Total:   len(all), Page: number, Pages: max(1, (len(all)+size-1)/size), ItemsPerPage: size,
	}, nil
}

// positive reads a number from 1 to a million, far above any list here and far below overflow.
func positive(text string, otherwise int) (int, error) {
	if text == "" {
		return otherwise, nil
	}
	n, err := strconv.Atoi(text)
	if err == nil && (n < 1 || n > 1e6) {
		err = strconv.ErrRange
	}
	return n, err
}

// relations reads what a call wants to have expanded. An unknown name is refused with the known
// ones, as it was measured.
func relations(r *http.Request, known ...string) (map[string]bool, error) {
	asked := map[string]bool{}
	for name := range strings.SplitSeq(r.URL.Query().Get("with"), ",") {
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		if !slices.Contains(known, name) {
			field := invalidField("with", "in", "The selected with is invalid")
			field.Context["values"] = known
			return nil, invalid(field)
		}
		asked[name] = true
	}
	return asked, nil
}
