package views

import (
	"net/url"
	"strings"
)

// signInURL is the way to the sign-in form and back to this page. From the form
// itself and from the start page there is nothing to come back to.
func (p Page) signInURL() string {
	if p.Secret || p.Path == "" || p.Path == "/" || strings.HasPrefix(p.Path, "/login") {
		return "/login"
	}
	return "/login?next=" + url.QueryEscape(p.Path)
}
