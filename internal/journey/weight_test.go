package journey

import (
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"
)

// Weights in bytes: what a phone in a tunnel must load before it plays.
const (
	mostHTML  = 15_000
	mostFiles = 45_000 // style sheet, script and icon, compressed
)

// TestWeight: a player page is light, and hls.js is loaded where it is needed.
func TestWeight(t *testing.T) {
	t.Parallel()
	kit := running(t)
	b := signedIn(t, kit, "anna")
	for _, path := range []string{"/listen/radio-lumiere", "/watch/le-concert"} {
		b.watch.forget()
		b.visit(path)
		if n := len(eval[string](b, "fetch(location.href).then((a) => a.text())")); n == 0 || n >= mostHTML {
			t.Errorf("%s: %d bytes of HTML, want fewer than %d", path, n, mostHTML)
		}
		files := eval[[]string](b, `[...document.querySelectorAll('link[rel=stylesheet], link[rel=icon], script[src]')].map((e) => e.href || e.src)`)
		if len(files) != 3 {
			t.Errorf("%s: files %q, want a style sheet, an icon and a script", path, files)
		}
		sum := 0
		for _, url := range files {
			sum += compressedSize(t, url)
		}
		if sum >= mostFiles {
			t.Errorf("%s: %d bytes of files, want fewer than %d", path, sum, mostFiles)
		}
		if b.watch.asked("GET", "hls.light")+b.watch.asked("GET", ".m3u8") != 0 {
			t.Errorf("%s loads hls.js or a playlist before anybody needs it", path)
		}
		t.Logf("%s: files %d bytes", path, sum)
	}
}

// compressedSize is how many bytes travel for a file.
func compressedSize(t *testing.T, url string) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Accept-Encoding", "gzip")
	answer, err := (&http.Transport{DisableCompression: true}).RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	if answer.Header.Get("Content-Encoding") == "gzip" {
		if _, err := gzip.NewReader(strings.NewReader(string(body))); err != nil {
			t.Errorf("%s: not gzip: %v", url, err)
		}
	}
	return len(body)
}
