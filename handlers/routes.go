package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"usher/paywall"
)

// level says who may call a route. The zero value is no level, so a route that
// forgets to declare one does not start.
type level int

const (
	levelUndeclared level = iota
	levelMachine          // programs: health checks and static files; no session is read
	levelPublic           // anybody
	levelMember           // somebody signed in
	levelOwner            // the owner
)

// route is one row of the table.
type route struct {
	method  string // GET serves HEAD as well
	path    string
	level   level
	handler echo.HandlerFunc
}

// routes is the one table of routes.
func (h *Handlers) routes() []route {
	return []route{
		{http.MethodGet, "/healthz", levelMachine, h.showHealth},
		{http.MethodGet, "/readyz", levelMachine, h.showReady},
		{http.MethodGet, "/static/*", levelMachine, echo.WrapHandler(h.Static)},
		{http.MethodGet, "/favicon.ico", levelMachine, h.redirectIcon},

		{http.MethodGet, "/", levelPublic, h.showHome},
		{http.MethodGet, "/listen/:slug", levelPublic, h.showItem(paywall.KindRadio)},
		{http.MethodGet, "/watch/:slug", levelPublic, h.showItem(paywall.KindVideo)},
		{http.MethodPost, "/play/:slug/token", levelPublic, h.renewToken},
		{http.MethodGet, "/login", levelPublic, h.showLogin},
		{http.MethodPost, "/login", levelPublic, h.submitLogin},
		{http.MethodPost, "/logout", levelPublic, h.submitLogout},
		{http.MethodPost, "/language", levelPublic, h.submitLanguage},

		{http.MethodGet, "/account", levelMember, h.showAccount},
		{http.MethodPost, "/account/sessions/end", levelMember, h.submitEndSessions},

		{http.MethodGet, "/admin", levelOwner, h.showAdmin},
		{http.MethodGet, "/admin/items", levelOwner, h.showAdminItems},
		{http.MethodGet, "/admin/items/new", levelOwner, h.showNewItem},
		{http.MethodPost, "/admin/items/new", levelOwner, h.submitNewItem},
		{http.MethodGet, "/admin/items/:id", levelOwner, h.showEditItem},
		{http.MethodPost, "/admin/items/:id", levelOwner, h.submitEditItem},
		{http.MethodPost, "/admin/items/:id/publish", levelOwner, h.submitPublishItem},
		{http.MethodGet, "/admin/collections", levelOwner, h.showCollections},
		{http.MethodPost, "/admin/collections", levelOwner, h.submitCollection},
		{http.MethodGet, "/admin/grants", levelOwner, h.showGrants},
		{http.MethodPost, "/admin/grants", levelOwner, h.submitGrant},
		{http.MethodPost, "/admin/grants/:id/revoke", levelOwner, h.submitRevokeGrant},
		// Unknown addresses below /admin answer like known ones: who is no owner
		// learns nothing of what is there.
		{http.MethodGet, "/admin/*", levelOwner, h.showNothing},
		{http.MethodPost, "/admin/*", levelOwner, h.showNothing},
	}
}

// register attaches the guard of its level to each route.
func (h *Handlers) register(routes []route) {
	for _, r := range routes {
		guarded := h.guard(r.level, r.handler)
		h.echo.Add(r.method, r.path, guarded)
		if r.method == http.MethodGet {
			h.echo.Add(http.MethodHead, r.path, guarded)
		}
	}
}
