package handlers

import (
	"net/http"
	"net/url"
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
		strings.HasPrefix(u.Path, "//") || strings.ContainsFunc(u.Path, unsafeInPath) {
		return "/"
	}
	u.Fragment = ""
	if !h.isPage(u.EscapedPath()) {
		return "/"
	}
	return u.RequestURI()
}

func unsafeInPath(r rune) bool { return r == '\\' || r < ' ' || r == 0x7f }

// isPage tells whether a path is one of the GET routes for people.
func (h *Handlers) isPage(path string) bool {
	for _, r := range h.routes() {
		if r.method == http.MethodGet && r.level > levelMachine && matches(r.path, path) {
			return true
		}
	}
	return false
}

// matches tells whether a path fits a route's pattern, segment by segment; a
// parameter stands for one that is not empty. Wildcards fit nothing.
func matches(pattern, path string) bool {
	want, got := strings.Split(pattern, "/"), strings.Split(path, "/")
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
