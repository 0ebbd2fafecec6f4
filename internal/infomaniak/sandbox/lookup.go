package sandbox

import (
	"errors"
	"net/http"
	"strconv"
)

// defaultPerPage is the size of a page of shares when the caller names none (measured by others
// on the real service).
const defaultPerPage = 15

// lookup is every catalogue call that needs the API token. ask returns the data, a whole page,
// or a refusal.
func (s *Sandbox) lookup(f family, ask func(*http.Request) (any, error)) http.HandlerFunc {
	return readOnly(func(w http.ResponseWriter, r *http.Request) {
		if !s.authorized(r) {
			writeRefusal(w, f.unauthorized)
			return
		}
		if s.mode() == ModeRateLimit && !s.admitLookup(w) {
			return
		}
		data, err := ask(r)
		writeLookup(w, data, err)
	})
}

// admitLookup refuses a catalogue call while token calls have used up the minute. Catalogue calls
// themselves are not counted, so that a demo page that lists things does not starve listeners.
func (s *Sandbox) admitLookup(w http.ResponseWriter) bool {
	s.mu.Lock()
	wait := s.log.wait(s.options.Now())
	s.mu.Unlock()
	if wait > 0 {
		setRetryAfter(w, wait)
		writeRefusal(w, tooMany)
	}
	return wait <= 0
}

func writeLookup(w http.ResponseWriter, data any, err error) {
	var no refusal
	if errors.As(err, &no) {
		writeRefusal(w, no)
		return
	}
	if p, ok := data.(page); ok {
		writeJSON(w, http.StatusOK, p)
		return
	}
	writeData(w, data)
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
