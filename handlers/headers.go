package handlers

import (
	"maps"
	"strings"

	"github.com/labstack/echo/v4"

	"usher/paywall"
)

// headerSet holds the header values that are the same for every answer.
type headerSet struct {
	every        map[string][]string // what each answer begins with
	playerPolicy []string            // the policy of a page with a player
	secure       bool
}

// newHeaderSet writes the policies. Only player pages name the media hosts; no
// page allows an inline script or style.
func newHeaderSet(hosts paywall.MediaHosts, secure bool) headerSet {
	base := "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
		"manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
	if secure {
		base += "; upgrade-insecure-requests"
	}
	media := strings.Join(hosts.Origins(), " ")
	set := headerSet{
		secure: secure,
		every: map[string][]string{
			"Content-Security-Policy":      {base + "; connect-src 'self'"},
			"Cache-Control":                {"no-store"},
			"Vary":                         {"Cookie, Accept-Language"},
			"Referrer-Policy":              {"strict-origin-when-cross-origin"},
			"X-Content-Type-Options":       {"nosniff"},
			"Cross-Origin-Opener-Policy":   {"same-origin"},
			"Cross-Origin-Resource-Policy": {"same-origin"},
			"Permissions-Policy":           {"camera=(), geolocation=(), microphone=()"},
		},
		// blob: is how a script feeds an HLS stream to the audio element.
		playerPolicy: []string{base + "; connect-src 'self' " + media + "; media-src blob: " + media +
			"; frame-src " + media},
	}
	if secure {
		set.every["Strict-Transport-Security"] = []string{"max-age=63072000; includeSubDomains"}
	}
	return set
}

// secureHeaders sets the headers that every answer carries, errors included.
// Answers are never stored unless a handler says otherwise: nearly all of them
// depend on who asks.
func (h *Handlers) secureHeaders(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		// The values are shared by all answers: Set replaces them, and nothing
		// may Add to them.
		maps.Copy(c.Response().Header(), h.headers.every)
		return next(c)
	}
}

// allowMedia widens the policy of a page that carries a player.
func (h *Handlers) allowMedia(c echo.Context) {
	c.Response().Header()["Content-Security-Policy"] = h.headers.playerPolicy
}
