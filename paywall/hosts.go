package paywall

import (
	"fmt"
	"net/url"
	"strings"
)

// MediaHosts is the allow-list of origins from which media may be embedded. It
// guards what an owner stores, what a page embeds and what the content security
// policy of a player page names.
type MediaHosts struct{ origins []mediaOrigin }

type mediaOrigin struct {
	scheme string
	host   string // with port; for a wildcard the part after "*", dot included
	wild   bool
}

// ParseMediaHosts reads origins such as "https://*.ice.infomaniak.ch". A
// wildcard stands for exactly one or more leading labels. Plain http is accepted
// for loopback only, where the sandbox lives.
func ParseMediaHosts(origins []string) (MediaHosts, error) {
	var hosts MediaHosts
	for _, text := range origins {
		o, err := parseMediaOrigin(strings.TrimSpace(text))
		if err != nil {
			return MediaHosts{}, err
		}
		hosts.origins = append(hosts.origins, o)
	}
	return hosts, nil
}

func parseMediaOrigin(text string) (mediaOrigin, error) {
	scheme, host, ok := strings.Cut(text, "://")
	if !ok || host == "" || strings.ContainsAny(host, "/?#@ ;,'\"") {
		return mediaOrigin{}, fmt.Errorf("media host %q is not of the form https://host", text)
	}
	o := mediaOrigin{scheme: scheme, host: strings.ToLower(host)}
	if rest, wild := strings.CutPrefix(o.host, "*"); wild {
		o.wild, o.host = true, rest
		if !strings.HasPrefix(rest, ".") || strings.Count(rest, ".") < 2 {
			return mediaOrigin{}, fmt.Errorf("media host %q: a wildcard needs a domain below it", text)
		}
	}
	if strings.Contains(o.host, "*") {
		return mediaOrigin{}, fmt.Errorf("media host %q: a wildcard stands only in front", text)
	}
	if scheme != "https" && (scheme != "http" || !IsLoopback(hostname(o.host))) {
		return mediaOrigin{}, fmt.Errorf("media host %q must use https", text)
	}
	return o, nil
}

// Allows tells whether a URL lies on one of the listed origins. URLs with a
// user part are refused: they are used to disguise a host.
func (h MediaHosts) Allows(u *url.URL) bool {
	if u == nil || u.User != nil || u.Opaque != "" {
		return false
	}
	for _, o := range h.origins {
		if o.matches(u) {
			return true
		}
	}
	return false
}

func (o mediaOrigin) matches(u *url.URL) bool {
	if u.Scheme != o.scheme {
		return false
	}
	host := strings.ToLower(u.Host)
	if o.wild {
		return strings.HasSuffix(host, o.host) && len(host) > len(o.host)
	}
	return host == o.host
}

// Origins lists the allow-list in the notation of a content security policy.
func (h MediaHosts) Origins() []string {
	list := make([]string, 0, len(h.origins))
	for _, o := range h.origins {
		star := ""
		if o.wild {
			star = "*"
		}
		list = append(list, o.scheme+"://"+star+o.host)
	}
	return list
}

// IsLoopback tells whether a host name, without port, is this machine.
func IsLoopback(host string) bool {
	return host == "localhost" || host == "127.0.0.1" || host == "[::1]" || host == "::1"
}

func hostname(hostport string) string {
	if u, err := url.Parse("http://" + hostport); err == nil {
		return u.Hostname()
	}
	return hostport
}
