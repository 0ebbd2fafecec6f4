package handlers

import (
	"net/http"
	"net/url"
	"path"
	"strings"

	"github.com/labstack/echo/v4"
)

// localPath is the one check of a redirect target that a visitor can influence:
// it answers the path and query if they lead to a page of this site, else "/".
// Browsers read a backslash as a slash and drop control characters, so any of
// them disqualifies.
func (h *Handlers) localPath(target string) string {
	if len(target) > 2000 || !strings.HasPrefix(target, "/") || strings.HasPrefix(target, "//") ||
		strings.ContainsFunc(target, unsafeInPath) {
		return "/"
	}
	u, err := url.Parse(target)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || u.Opaque != "" ||
		path.Clean(u.Path) != u.Path || strings.ContainsFunc(u.Path, unsafeInPath) {
		return "/"
	}
	u.Fragment = ""
	if !h.isPage(u.EscapedPath()) {
		return "/"
	}
	return u.RequestURI()
}

func unsafeInPath(r rune) bool { return r == '\\' || r < ' ' || r == 0x7f }

// isPage tells whether an address is one of the GET routes for people. All below
// /admin/ counts: nobody is told here which of it exists.
func (h *Handlers) isPage(address string) bool {
	for _, r := range h.routes() {
		if r.method == http.MethodGet && r.level > levelMachine && matches(r.path, address) {
			return true
		}
	}
	return false
}

// matches tells whether an address fits a route's pattern, segment by segment; a
// parameter stands for one that is not empty, a wildcard at the end for any rest.
func matches(pattern, address string) bool {
	if stem, wild := strings.CutSuffix(pattern, "*"); wild {
		return strings.HasPrefix(address, stem)
	}
	want, got := strings.Split(pattern, "/"), strings.Split(address, "/")
	if len(want) != len(got) {
		return false
	}
	for i, segment := range want {
		if strings.HasPrefix(segment, ":") && got[i] != "" {
			continue
		}
		if segment != got[i] {
			return false
		}
	}
	return true
}

// seeOther sends the browser to another page after an action.
func seeOther(c echo.Context, path string) error {
	return c.Redirect(http.StatusSeeOther, path)
}
