package static

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// file is one file, ready to be sent.
type file struct {
	contentType string
	plain       []byte
	// zipped is made at the first wish for it; nil when it would save nothing.
	zipped func() []byte
}

func newFile(contentType string, body []byte) *file {
	f := &file{contentType: contentType, plain: body, zipped: func() []byte { return nil }}
	if f.text() {
		f.zipped = sync.OnceValue(func() []byte { return compress(body) })
	}
	return f
}

// text tells whether a file is worth compressing: pictures are already.
func (f *file) text() bool { return strings.Contains(f.contentType, "charset=") }

// compress returns nil when the result is not smaller.
func compress(body []byte) []byte {
	var out bytes.Buffer
	// The level is valid and a buffer takes everything, so nothing can fail.
	w, _ := gzip.NewWriterLevel(&out, gzip.BestCompression)
	_, _ = w.Write(body)
	_ = w.Close()
	if out.Len() >= len(body) {
		return nil
	}
	return out.Bytes()
}

// ServeHTTP answers GET and HEAD for the exact addresses that URL gives, and
// 404 for everything else.
func (f *Files) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("X-Content-Type-Options", "nosniff")
	found := f.files[r.URL.Path]
	switch {
	case found == nil || r.URL.RawPath != "":
		header.Set("Cache-Control", "no-store")
		http.Error(w, http.StatusText(http.StatusNotFound), http.StatusNotFound)
		return
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		header.Set("Allow", "GET, HEAD")
		http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
		return
	}
	body := found.plain
	if found.text() {
		header.Set("Vary", "Accept-Encoding")
		if acceptsGzip(r.Header.Values("Accept-Encoding")) {
			if zipped := found.zipped(); zipped != nil {
				header.Set("Content-Encoding", "gzip")
				body = zipped
			}
		}
	}
	header.Set("Cache-Control", "public, max-age=31536000, immutable")
	header.Set("Content-Type", found.contentType)
	header.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method == http.MethodGet {
		_, _ = w.Write(body) // a client that left needs no answer
	}
}

// acceptsGzip reads Accept-Encoding: gzip must be named there, or "*", with a
// weight above zero. What names gzip outweighs "*".
func acceptsGzip(values []string) bool {
	accepted := false
	for part := range strings.SplitSeq(strings.Join(values, ","), ",") {
		coding, params, _ := strings.Cut(part, ";")
		switch strings.ToLower(strings.TrimSpace(coding)) {
		case "gzip", "x-gzip":
			return positive(params)
		case "*":
			accepted = positive(params)
		}
	}
	return accepted
}

// positive tells whether a weight such as "q=0.5" is above zero; none is one.
func positive(params string) bool {
	name, value, found := strings.Cut(strings.TrimSpace(params), "=")
	if !found || !strings.EqualFold(strings.TrimSpace(name), "q") {
		return true
	}
	weight, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
	return err == nil && weight > 0
}
