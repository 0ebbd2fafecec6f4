package static

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"
)

// tree is a small set of files of every sort.
func tree() fstest.MapFS {
	return fstest.MapFS{
		"css/usher/1-a.css": text(strings.Repeat("body { color: #222 }\n", 50)),
		"css/usher/2-b.css": text("p { color: #444 }\n"),
		"css/tiny.css":      text("a{}"),
		"js/player/1-a.js":  text("const a = 1;\n"),
		"js/player/2-b.js":  text("const b = a;\n"),
		"js/other.js":       text("'use strict';\n"),
		"icons/icon.svg":    text(`<svg xmlns="http://www.w3.org/2000/svg"/>`),
		"icons/icon.png":    text(strings.Repeat("\x89PNG", 100)),
		"icons/favicon.ico": text("\x00\x00\x01\x00"),
		"vendor/.gitkeep":   text(""),
	}
}

// contents are what a file of the tree is served with.
func contents(name string) []byte {
	if name == "css/usher.css" {
		return slices.Concat(tree()["css/usher/1-a.css"].Data, tree()["css/usher/2-b.css"].Data)
	}
	return tree()[name].Data
}

func text(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }

func mustLoad(t *testing.T, files fstest.MapFS) *Files {
	t.Helper()
	f, err := load(files)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func request(f *Files, method, target string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "/", nil)
	r.URL.Path = target
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	f.ServeHTTP(w, r)
	return w
}

func TestFiles_URL(t *testing.T) {
	f := mustLoad(t, tree())
	t.Run("names the contents", func(t *testing.T) {
		if url := f.URL("css/usher.css"); !regexp.MustCompile(`^/static/css/usher\.[0-9a-f]{12}\.css$`).MatchString(url) {
			t.Errorf("URL = %q", url)
		}
	})
	t.Run("changes with the contents and with nothing else", func(t *testing.T) {
		changed := tree()
		changed["css/usher/2-b.css"] = text("body { color: #333 }")
		g := mustLoad(t, changed)
		if f.URL("css/usher.css") == g.URL("css/usher.css") {
			t.Error("other contents have the same address")
		}
		if f.URL("js/player.js") != g.URL("js/player.js") {
			t.Error("the same contents have another address")
		}
	})
	t.Run("is empty for what is not built in", func(t *testing.T) {
		for _, name := range []string{"", "vendor/hls.light.min.js", "vendor/.gitkeep", "css", "js/player", "js/player/1-a.js"} {
			if url := f.URL(name); url != "" {
				t.Errorf("URL(%q) = %q", name, url)
			}
		}
	})
}

func TestFiles_ServeHTTP_types(t *testing.T) {
	f := mustLoad(t, tree())
	for name, want := range map[string]string{
		"css/usher.css":     "text/css; charset=utf-8",
		"js/player.js":      "text/javascript; charset=utf-8",
		"js/other.js":       "text/javascript; charset=utf-8",
		"icons/icon.svg":    "image/svg+xml; charset=utf-8",
		"icons/icon.png":    "image/png",
		"icons/favicon.ico": "image/x-icon",
	} {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			w := request(f, method, f.URL(name))
			if w.Code != http.StatusOK || w.Header().Get("Content-Type") != want {
				t.Errorf("%s %s: %d %q, want %q", method, name, w.Code, w.Header().Get("Content-Type"), want)
			}
			if w.Header().Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("%s %s: no nosniff", method, name)
			}
			if got := w.Header().Get("Cache-Control"); got != "public, max-age=31536000, immutable" {
				t.Errorf("%s %s: Cache-Control %q", method, name, got)
			}
			if length := w.Header().Get("Content-Length"); length == "0" || length == "" {
				t.Errorf("%s %s: Content-Length %q", method, name, length)
			}
			if sent := w.Body.Len() > 0; sent != (method == http.MethodGet) {
				t.Errorf("%s %s: body of %d bytes", method, name, w.Body.Len())
			}
		}
	}
}

func TestFiles_ServeHTTP_refuses(t *testing.T) {
	f := mustLoad(t, tree())
	good := f.URL("css/usher.css")
	for _, target := range []string{
		"", "/", "/static", "/static/", "/static/css", "/static/css/", "/static/css/usher.css",
		"/static/css/usher.000000000000.css", "/static/js/player/1-a.js", "/static/vendor/.gitkeep",
		"/static/static.go", "/static/package.json", "/static/.npmrc",
		"/static/../static.go", "/static/css/../../static.go", "/static/css/..\\..\\go.mod",
		"/static/%2e%2e/go.mod", "/static/....//go.mod", "/etc/passwd", "/static//etc/passwd",
		"/static/../../../../etc/passwd", "/static/./" + strings.TrimPrefix(good, prefix),
		"/static//" + strings.TrimPrefix(good, prefix), strings.ToUpper(good),
		good + "/", good + "\x00", good + ".", good + ".gz", good + ";a", good + " ",
		strings.TrimPrefix(good, "/"), "/" + good, strings.TrimPrefix(good, "/static"),
	} {
		w := request(f, http.MethodGet, target)
		if w.Code != http.StatusNotFound {
			t.Errorf("%q: %d", target, w.Code)
		}
		if got := w.Header().Get("Cache-Control"); got != "no-store" {
			t.Errorf("%q: Cache-Control %q", target, got)
		}
	}
	t.Run("a good address in other spelling", func(t *testing.T) {
		r := httptest.NewRequest(http.MethodGet, strings.Replace(good, "usher.", "usher%2e", 1), nil)
		w := httptest.NewRecorder()
		if f.ServeHTTP(w, r); w.Code != http.StatusNotFound {
			t.Errorf("%d", w.Code)
		}
	})
	t.Run("other methods", func(t *testing.T) {
		w := request(f, http.MethodPost, good)
		if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != "GET, HEAD" {
			t.Errorf("%d, Allow %q", w.Code, w.Header().Get("Allow"))
		}
	})
}

func TestFiles_ServeHTTP_gzip(t *testing.T) {
	f := mustLoad(t, tree())
	for _, c := range []struct {
		name, accept string
		want         bool
	}{
		{"css/usher.css", "", false},
		{"css/usher.css", "gzip", true},
		{"css/usher.css", "br, GZIP;q=0.5", true},
		{"css/usher.css", "gzip, deflate, br, zstd", true},
		{"css/usher.css", "*", true},
		{"css/usher.css", "gzip;q=0", false},
		{"css/usher.css", "gzip; q=0.000, *", false},
		{"css/usher.css", "*;q=0", false},
		{"css/usher.css", "gzip;q=x", false},
		{"css/usher.css", "br", false},
		{"css/usher.css", "gzippy", false},
		{"css/tiny.css", "gzip", false}, // would grow
		{"icons/icon.png", "gzip", false},
	} {
		t.Run(c.name+" "+c.accept, func(t *testing.T) {
			w := request(f, http.MethodGet, f.URL(c.name), "Accept-Encoding", c.accept)
			body := w.Body.Bytes()
			if got := w.Header().Get("Content-Encoding") == "gzip"; got != c.want {
				t.Fatalf("gzip is %v", got)
			}
			if w.Header().Get("Content-Length") != fmt.Sprint(len(body)) {
				t.Errorf("Content-Length %s of %d", w.Header().Get("Content-Length"), len(body))
			}
			if vary := w.Header().Get("Vary"); (vary == "Accept-Encoding") != strings.HasSuffix(c.name, ".css") {
				t.Errorf("Vary %q", vary)
			}
			if c.want {
				body = unzip(t, body)
			}
			if !bytes.Equal(body, contents(c.name)) {
				t.Error("other contents")
			}
		})
	}
}

func unzip(t *testing.T, body []byte) []byte {
	t.Helper()
	r, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return plain
}

func TestFiles_ServeHTTP_at_the_same_time(t *testing.T) {
	f := mustLoad(t, tree())
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			w := request(f, http.MethodGet, f.URL("css/usher.css"), "Accept-Encoding", "gzip")
			if w.Code != http.StatusOK || w.Header().Get("Content-Encoding") != "gzip" {
				t.Errorf("%d %v", w.Code, w.Header())
			}
		})
	}
	group.Wait()
}

func TestLoad_refuses_unknown_types(t *testing.T) {
	files := tree()
	files["icons/page.html"] = text("<p>")
	if _, err := load(files); err == nil || !strings.Contains(err.Error(), "icons/page.html") {
		t.Errorf("error %v", err)
	}
}

func TestLoad_joins_scripts(t *testing.T) {
	f := mustLoad(t, tree())
	got := request(f, http.MethodGet, f.URL("js/player.js")).Body.String()
	if want := "(() => {\n'use strict';\nconst a = 1;\nconst b = a;\n})();\n"; got != want {
		t.Errorf("got %q", got)
	}
}

func TestNew(t *testing.T) {
	start := time.Now()
	f, err := New()
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("New took %v", time.Since(start))
	if f.URL("js/player.js") == "" {
		t.Error("the player's script is missing")
	}
	_, err = os.Stat("vendor/hls.light.min.js")
	if built := f.URL("vendor/hls.light.min.js") != ""; built != (err == nil) {
		t.Errorf("hls.js built in: %v, in the folder: %v", built, err)
	}
}

// TestNew_budget keeps what every visitor loads small; hls.js is loaded by few.
func TestNew_budget(t *testing.T) {
	const budget = 45_000
	f, err := New()
	if err != nil {
		t.Fatal(err)
	}
	total := 0
	for name, url := range f.urls {
		own := !strings.HasPrefix(name, "vendor/")
		if picture := strings.HasPrefix(name, "icons/") && !strings.HasSuffix(name, ".svg"); own && !picture {
			w := request(f, http.MethodGet, url, "Accept-Encoding", "gzip")
			t.Logf("%6d bytes: %s", w.Body.Len(), name)
			total += w.Body.Len()
		}
	}
	if t.Logf("%6d bytes in all", total); total > budget {
		t.Errorf("%d bytes, more than %d", total, budget)
	}
}

// TestScripts_are_safe: no page may depend on a looser policy for our scripts.
func TestScripts_are_safe(t *testing.T) {
	names, err := filepath.Glob("js/*/*.js")
	if err != nil || len(names) == 0 {
		t.Fatalf("%d scripts, %v", len(names), err)
	}
	single, err := filepath.Glob("js/*.js")
	if err != nil {
		t.Fatal(err)
	}
	forbidden := regexp.MustCompile(`\beval\b|new Function|innerHTML|outerHTML|insertAdjacentHTML|document\.write|\.style\b|console\.`)
	for _, name := range append(names, single...) {
		body, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if found := forbidden.Find(body); found != nil {
			t.Errorf("%s uses %s", name, found)
		}
		if lines := bytes.Count(body, []byte("\n")); lines > 350 {
			t.Errorf("%s has %d lines", name, lines)
		}
	}
}

// TestLockfile: everybody installs from their own registry.
func TestLockfile_names_no_registry(t *testing.T) {
	body, err := os.ReadFile("package-lock.json")
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(body, []byte("http")) {
		t.Error("package-lock.json names an address; see .npmrc")
	}
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		if _, err := New(); err != nil {
			b.Fatal(err)
		}
	}
}
