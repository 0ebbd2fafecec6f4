package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// RouteInfo is a row of the route table, for the access test.
type RouteInfo struct {
	Method, Path string
	Level        string
}

var levelNames = map[level]string{
	levelMachine: "machine", levelPublic: "public", levelMember: "member", levelStaff: "staff",
	levelSeeItems: "see items", levelEditItems: "edit items", levelSeePeople: "see people",
	levelEditPeople: "edit people", levelSeeRecord: "see record", levelOwner: "owner",
}

// Table is the route table as declared.
func (h *Handlers) Table() []RouteInfo {
	var table []RouteInfo
	for _, r := range h.routes() {
		table = append(table, RouteInfo{r.method, r.path, levelNames[r.level]})
	}
	return table
}

// Registered is what the router really serves.
func (h *Handlers) Registered() []*echo.Route { return h.echo.Routes() }

// LocalPath is the check of redirect targets.
func (h *Handlers) LocalPath(target string) string { return h.localPath(target) }

// DeviceName and IsRobot read a User-Agent.
var (
	DeviceName = deviceName
	IsRobot    = isRobot
)

// GuardUndeclared guards a handler with no level at all.
func (h *Handlers) GuardUndeclared() echo.HandlerFunc {
	return h.guard(levelUndeclared, func(echo.Context) error { return nil })
}

// ProxyWatch is the watch for proxies that are not trusted.
type ProxyWatch = proxyWatch

// NewProxyWatch makes one.
var NewProxyWatch = newProxyWatch

// Note, Proxy and Alone are what it hears and tells.
func (w *proxyWatch) Note(r *http.Request, realIP string) { w.note(r, realIP) }
func (w *proxyWatch) Proxy() string                       { return w.proxy() }
func (w *proxyWatch) Alone() bool                         { return w.alone() }
