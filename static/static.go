// Package static holds what a browser loads beside the pages: style sheets,
// icons, the player's script and, where it was fetched, hls.js. Everything is
// built into the binary and has an address that names its contents, so it may
// be kept for ever by any cache.
//
// A folder inside js or css is one file in several parts: js/player/*.js, joined
// in the order of their names, is served as js/player.js.
package static

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"
)

// The vendor folder may hold nothing but .gitkeep: then there is no hls.js, and
// players do with what the browser can do by itself.
//
//go:embed css js icons all:vendor
var embedded embed.FS

// prefix is where the files are on the site.
const prefix = "/static/"

// hashDigits is how much of the SHA-256 of a file stands in its address, in
// hex digits.
const hashDigits = 12

// contentTypes is the closed list of what can be served.
var contentTypes = map[string]string{
	".css":         "text/css; charset=utf-8",
	".ico":         "image/x-icon",
	".jpg":         "image/jpeg",
	".js":          "text/javascript; charset=utf-8",
	".json":        "application/json; charset=utf-8",
	".png":         "image/png",
	".svg":         "image/svg+xml; charset=utf-8",
	".txt":         "text/plain; charset=utf-8",
	".webmanifest": "application/manifest+json; charset=utf-8",
	".webp":        "image/webp",
}

// Files knows the address of every file and serves it. It never changes after
// New and is safe for concurrent use.
type Files struct {
	urls  map[string]string // by name: "css/usher.css"
	files map[string]*file  // by path: "/static/css/usher.0123456789ab.css"
}

var _ http.Handler = (*Files)(nil)

// New reads the files that are built in.
func New() (*Files, error) { return load(embedded) }

// load reads a tree of files, leaving out those whose name starts with a dot.
func load(tree fs.FS) (*Files, error) {
	f := &Files{urls: map[string]string{}, files: map[string]*file{}}
	err := fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case strings.HasPrefix(name, "js/") && entry.IsDir():
			if err := f.addJoined(tree, name, ".js", scriptScope); err != nil {
				return err
			}
			return fs.SkipDir
		case strings.HasPrefix(name, "css/") && entry.IsDir():
			if err := f.addJoined(tree, name, ".css", scope{}); err != nil {
				return err
			}
			return fs.SkipDir
		case entry.IsDir() || strings.HasPrefix(entry.Name(), "."):
			return nil
		}
		body, err := fs.ReadFile(tree, name)
		if err != nil {
			return err
		}
		return f.add(name, body)
	})
	if err != nil {
		return nil, fmt.Errorf("static: %w", err)
	}
	return f, nil
}

// scope is what stands around the joined files of a folder.
type scope struct{ before, after string }

// scriptScope makes the parts of a script share one scope of their own, so that
// nothing of it is global in a page.
var scriptScope = scope{"(() => {\n'use strict';\n", "})();\n"}

// addJoined makes one file of those in a folder that have this extension.
func (f *Files) addJoined(tree fs.FS, folder, ext string, around scope) error {
	names, err := fs.Glob(tree, folder+"/*"+ext) // sorted, as WalkDir is
	if err != nil {
		return err
	}
	var joined bytes.Buffer
	joined.WriteString(around.before)
	for _, name := range names {
		part, err := fs.ReadFile(tree, name)
		if err != nil {
			return err
		}
		joined.Write(part)
	}
	joined.WriteString(around.after)
	return f.add(folder+ext, joined.Bytes())
}

func (f *Files) add(name string, body []byte) error {
	ext := path.Ext(name)
	contentType, known := contentTypes[ext]
	if !known {
		return fmt.Errorf("%s: no content type for %q", name, ext)
	}
	sum := sha256.Sum256(body)
	url := prefix + strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:])[:hashDigits] + ext
	f.urls[name] = url
	f.files[url] = newFile(contentType, body)
	return nil
}

// URL is the address of a file on the site, by its name in this folder:
// "css/usher.css" gives "/static/css/usher.0123456789ab.css". It is empty for a
// file that is not built in.
func (f *Files) URL(name string) string { return f.urls[name] }
