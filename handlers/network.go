package handlers

import (
	"net"
	"net/http"
	"net/netip"

	"github.com/labstack/echo/v4"
)

// ipExtractor believes X-Forwarded-For from the listed networks only. Without
// any, the connection's own address counts.
func ipExtractor(trusted []netip.Prefix) echo.IPExtractor {
	if len(trusted) == 0 {
		return echo.ExtractIPDirect()
	}
	options := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, prefix := range trusted {
		options = append(options, echo.TrustIPRange(&net.IPNet{
			IP: prefix.Masked().Addr().AsSlice(), Mask: net.CIDRMask(prefix.Bits(), prefix.Addr().BitLen()),
		}))
	}
	return echo.ExtractIPFromXFFHeader(options...)
}

// network is the visitor's neighbourhood: the /24 of an IPv4 address, the /64 of
// an IPv6 one, which is what one household or company usually has.
func network(c echo.Context) string { return neighbourhood(c, 64) }

// wideNetwork is what one customer of an IPv6 provider can have at the most.
func wideNetwork(c echo.Context) string { return neighbourhood(c, 48) }

func neighbourhood(c echo.Context, bits int) string {
	addr, err := netip.ParseAddr(c.RealIP())
	if err != nil {
		return "unknown"
	}
	if addr = addr.Unmap(); addr.Is4() {
		bits = 24
	}
	prefix, err := addr.Prefix(bits)
	if err != nil {
		return "unknown"
	}
	return prefix.String()
}

// drawsNoToken tells requests that must not cost a token although they may see
// the page: a HEAD, a link preview, a search engine, another site's <img>.
func drawsNoToken(r *http.Request) bool {
	destination := r.Header.Get("Sec-Fetch-Dest")
	return r.Method == http.MethodHead || isRobot(r.UserAgent()) || destination != "" && destination != "document"
}

// isPrefetch tells that a browser loads the page ahead of a click that may never
// come.
func isPrefetch(r *http.Request) bool {
	return r.Header.Get("Sec-Purpose") != "" || r.Header.Get("Purpose") == "prefetch"
}
