package handlers

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"usher/internal/i18n"
	"usher/internal/markdown"
	"usher/paywall"
	"usher/views"
)

// textForm holds a text of full length in any script, each byte written as %XX.
const textForm = 512 << 10

// placePages are where texts are read that have a page of the site.
var placePages = map[paywall.TextPlace]string{
	paywall.PlaceHome: "/", paywall.PlaceTerms: "/terms", paywall.PlacePrivacy: "/privacy", paywall.PlaceImprint: "/imprint",
}

// showTexts lists the site's own texts: GET /admin/texts.
func (h *Handlers) showTexts(c echo.Context) error {
	l, shown := localeOf(c), h.face().shown
	page := views.AdminTextsPage{Page: h.adminPage(c, l.T("texts.title"))}
	for _, place := range paywall.TextPlaces() {
		key := "texts.place." + string(place)
		row := views.TextRow{Title: l.T(key), About: l.T(key + ".about"), Languages: h.textTabs(l, place, "")}
		written := shown.Written(place)
		row.Empty = len(written) == 0
		var missing []string
		for _, to := range h.face().offer.All() {
			if !slices.Contains(written, to.Tag()) {
				missing = append(missing, to.Name())
			}
		}
		if len(missing) > 0 {
			row.State = l.T("texts.missing", "Languages", strings.Join(missing, ", "))
		}
		page.Rows = append(page.Rows, row)
	}
	return h.render(c, http.StatusOK, views.AdminTexts(page))
}

func textURL(place paywall.TextPlace, language string) string {
	return "/admin/texts/" + string(place) + "/" + language
}

// textTabs are the ways to a text in each offered language.
func (h *Handlers) textTabs(l *i18n.Locale, place paywall.TextPlace, current string) []views.LanguageTab {
	f := h.face()
	written := f.shown.Written(place)
	var tabs []views.LanguageTab
	for _, to := range f.offer.All() {
		tabs = append(tabs, views.LanguageTab{
			Tag: to.Tag(), Name: to.Name(), URL: textURL(place, to.Tag()), Current: to.Tag() == current,
			Missing: !slices.Contains(written, to.Tag()), Mark: l.T("texts.mark_missing"),
		})
	}
	return tabs
}

// showText shows a text in a language to change it: GET /admin/texts/:place/:language.
func (h *Handlers) showText(c echo.Context) error {
	text, err := h.storedText(c)
	if err != nil {
		return err
	}
	return h.render(c, http.StatusOK, views.AdminText(h.textPage(c, text, text)))
}

func (h *Handlers) storedText(c echo.Context) (paywall.Text, error) {
	return h.Front.Text(c.Request().Context(), paywall.TextPlace(c.Param("place")), c.Param("language"))
}

// typedText reads the form over the text that is stored.
func (h *Handlers) typedText(c echo.Context) (stored, typed paywall.Text, err error) {
	v, err := postedForm(c, textForm)
	if err != nil {
		return stored, typed, err
	}
	if stored, err = h.storedText(c); err != nil {
		return stored, typed, err
	}
	typed = stored
	typed.Body = v.Get("body")
	if typed.Version, err = strconv.Atoi(v.Get("version")); err != nil {
		return stored, typed, echo.NewHTTPError(http.StatusBadRequest).SetInternal(err)
	}
	return stored, typed, nil
}

// previewText shows what a text becomes, without saving it:
// POST /admin/texts/:place/:language/preview.
func (h *Handlers) previewText(c echo.Context) error {
	stored, typed, err := h.typedText(c)
	if err != nil {
		return err
	}
	page := h.textPage(c, stored, typed)
	page.Preview = true
	page.Shown = views.OwnText{Body: markdown.Render(typed.Body), Language: typed.Language}
	if typed.Place == paywall.PlaceMail {
		page.Plain = markdown.Text(typed.Body)
	}
	return h.render(c, http.StatusOK, views.AdminText(page))
}

// submitText saves it: POST /admin/texts/:place/:language.
func (h *Handlers) submitText(c echo.Context) error {
	stored, typed, err := h.typedText(c)
	if err != nil {
		return err
	}
	err = h.Front.SaveText(c.Request().Context(), paywall.ActorOf(viewerOf(c)), typed)
	switch {
	case errors.Is(err, paywall.ErrChanged):
		return h.tellTextChanged(c, typed)
	case paywall.KindOf(err) == paywall.KindInvalid:
		page := h.textPage(c, stored, typed)
		page.Error, page.Errors = page.L.T("error.invalid"), fieldErrors(page.L, err)
		return h.render(c, http.StatusUnprocessableEntity, views.AdminText(page))
	case err != nil:
		return err
	}
	return h.doneWith(c, "flash.text_saved", textURL(typed.Place, typed.Language))
}

// tellTextChanged shows what somebody else saved beside what was typed. Saving once
// more replaces it, knowingly.
func (h *Handlers) tellTextChanged(c echo.Context, typed paywall.Text) error {
	stored, err := h.storedText(c)
	if err != nil {
		return err
	}
	typed.Version = stored.Version
	page := h.textPage(c, stored, typed)
	page.Error, page.Theirs = page.L.T("texts.error.changed"), stored.Body
	return h.render(c, http.StatusConflict, views.AdminText(page))
}

// textPage is the form with what was typed.
func (h *Handlers) textPage(c echo.Context, stored, typed paywall.Text) views.AdminTextPage {
	l, f := localeOf(c), h.face()
	key := "texts.place." + string(typed.Place)
	written, _ := i18n.Lookup(typed.Language)
	page := views.AdminTextPage{
		Page: h.adminPage(c, l.T(key)), Title: l.T(key), About: l.T(key + ".about"), Tabs: h.textTabs(l, typed.Place, typed.Language),
		URL: textURL(typed.Place, typed.Language), Language: typed.Language, Label: l.T("texts.label", "Language", written.Name()),
		Body: typed.Body, Version: strconv.Itoa(typed.Version),
	}
	if stored.Body != "" {
		page.State = l.T("texts.changed", "Date", l.DateTime(h.sited(stored.ChangedAt)))
		if typed.Place == paywall.PlaceTerms {
			page.State = l.T("texts.version", "Version", stored.Version, "Date", l.Date(h.sited(stored.ChangedAt)))
		}
		page.ShowURL = placePages[typed.Place]
		return page
	}
	if _, other := f.shown.Text(typed.Place, typed.Language); other != "" {
		instead, _ := i18n.Lookup(other)
		page.Fallback = l.T("texts.fallback", "Language", instead.Name())
	}
	return page
}
