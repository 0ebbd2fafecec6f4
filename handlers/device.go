package handlers

import "strings"

// named pairs a mark in a User-Agent with a name for people. The first match
// wins, so the more particular marks stand first.
type named struct{ mark, name string }

var browsers = []named{
	{"Edg", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser", "Samsung Internet"}, {"Vivaldi", "Vivaldi"},
	{"FxiOS", "Firefox"}, {"Firefox/", "Firefox"}, {"CriOS", "Chrome"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"},
}

var systems = []named{
	{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"Windows", "Windows"},
	{"Macintosh", "Mac"}, {"CrOS", "ChromeOS"}, {"Linux", "Linux"},
}

// robots are marks of programs that fetch pages for search or link previews.
var robots = []string{
	"bot", "crawl", "spider", "slurp", "facebookexternalhit", "whatsapp", "preview", "embedly", "mastodon", "bingpreview",
}

// deviceName says in words what somebody uses: "Firefox, Linux".
func deviceName(userAgent string) string {
	var parts []string
	for _, table := range [][]named{browsers, systems} {
		for _, n := range table {
			if strings.Contains(userAgent, n.mark) {
				parts = append(parts, n.name)
				break
			}
		}
	}
	return strings.Join(parts, ", ")
}

// isRobot tells programs that name themselves.
func isRobot(userAgent string) bool {
	lower := strings.ToLower(userAgent)
	for _, mark := range robots {
		if strings.Contains(lower, mark) {
			return true
		}
	}
	return false
}
