package handlers

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"usher/internal/i18n"
	"usher/internal/markdown"
	"usher/paywall"
	"usher/views"
)

// done are the messages that a redirect may ask for by ?done=, for visitors who
// have no session to keep one in.
var done = map[string]string{
	"password_reset":        "flash.password_reset",
	"sent_again":            "flash.sent_again",
	"connect_by_code":       "flash.connect_by_code",
	"redeemed":              "flash.redeemed",
	"account_deleted":       "flash.account_deleted",
	"signed_out":            "flash.signed_out",
	"signed_out_everywhere": "flash.signed_out_everywhere",
}

// page fills what every page needs.
func (h *Handlers) page(c echo.Context, title string) views.Page {
	l := localeOf(c)
	viewer := viewerOf(c)
	page := views.Page{
		L: l, Title: title, Path: c.Request().URL.RequestURI(),
		Assets: h.Assets,
		Viewer: views.Person{SignedIn: viewer.SignedIn(), Label: viewer.User.Email, Rights: rightsOf(viewer)},
	}
	h.face().dress(&page)
	key := h.takeFlash(c)
	if key == "" && c.Request().URL.RawQuery != "" {
		key = done[c.QueryParam("done")]
	}
	if key != "" {
		page.Flash = flashText(l, key)
	}
	return page
}

// withArgs is a message for the next page that tells numbers.
func withArgs(key string, args ...any) string {
	values := url.Values{}
	for i := 0; i+1 < len(args); i += 2 {
		values.Set(fmt.Sprint(args[i]), fmt.Sprint(args[i+1]))
	}
	return key + "?" + values.Encode()
}

// flashText is a message kept for this page, perhaps by withArgs.
func flashText(l *i18n.Locale, kept string) string {
	key, query, _ := strings.Cut(kept, "?")
	values, err := url.ParseQuery(query)
	if err != nil {
		values = nil
	}
	var args []any
	for name := range values {
		args = append(args, name, values.Get(name))
	}
	return l.T(key, args...)
}

func rightsOf(v paywall.Viewer) views.Rights {
	return views.Rights{
		Staff: v.May(paywall.RightStaff), SeeItems: v.May(paywall.RightSeeItems), EditItems: v.May(paywall.RightEditItems),
		SeePeople: v.May(paywall.RightSeePeople), EditPeople: v.May(paywall.RightEditPeople),
		SeeRecord: v.May(paywall.RightSeeRecord), Run: v.May(paywall.RightRun),
	}
}

// withDone adds the message that the next page shows.
func withDone(path, message string) string {
	if strings.Contains(path, "?") {
		return path + "&done=" + message
	}
	return path + "?done=" + message
}

// comeAgain lets a page load itself again after two seconds, while something that
// it tells of is at work.
func comeAgain(c echo.Context) { c.Response().Header().Set("Refresh", "2") }

// absolute is the one builder of absolute addresses: from the configured base,
// never from the request.
func (h *Handlers) absolute(path string) string { return h.BaseURL.String() + path }

// itemHead is the public part of an item.
func (h *Handlers) itemHead(l *i18n.Locale, item paywall.Item) views.ItemHead {
	return views.ItemHead{
		Title: item.Title, Summary: item.Summary, Radio: item.Kind == paywall.KindRadio,
		Kind: l.T("kind." + string(item.Kind)), Access: l.T("access." + string(item.Access)), Art: artOf(item),
		Length: length(l, item.Duration), Description: markdown.Render(item.Description),
	}
}

// artVariants is how many drawn posters there are.
const artVariants = 6

func artOf(item paywall.Item) views.Art {
	sum := fnv.New32a()
	_, _ = sum.Write([]byte(item.Slug))
	first, _ := utf8.DecodeRuneInString(item.Title)
	return views.Art{
		Variant: int(sum.Sum32() % artVariants), Square: item.Kind == paywall.KindRadio,
		Initial: string(unicode.ToUpper(first)), Picture: pictureURL(item.PosterID),
	}
}

// smallArt is an item's picture as lists show it.
func smallArt(item paywall.Item) views.Art {
	art := artOf(item)
	art.Picture = smallPictureURL(item.PosterID)
	return art
}

// collectionArt is a collection's picture, or that of its first item with one.
func collectionArt(collection paywall.Collection, items []paywall.Item) views.Art {
	poster := collection.PosterID
	for _, item := range items {
		poster = cmp.Or(poster, item.PosterID)
	}
	return smallArt(paywall.Item{Slug: collection.ID, Title: collection.Title, Kind: paywall.KindVideo, PosterID: poster})
}
