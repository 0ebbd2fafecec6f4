package handlers

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"usher/internal/i18n"
	"usher/internal/palette"
	"usher/paywall"
	"usher/views"
)

// ownAccent is the accent of the style sheet, where a colour to pick begins.
const ownAccent = "#8f2a36"

// showLook shows how the site shows itself: GET /admin/settings/look.
func (h *Handlers) showLook(c echo.Context) error {
	return h.render(c, http.StatusOK, views.AdminLook(h.lookPage(c, h.face().shown.Look, nil)))
}

// previewLook shows the page in a look that is not saved:
// POST /admin/settings/look/preview.
func (h *Handlers) previewLook(c echo.Context) error {
	v, err := postedForm(c, smallForm)
	if err != nil {
		return err
	}
	look := typedLook(v)
	page := h.lookPage(c, look, nil)
	page.Preview = true
	if v.Get("picture") != "" { // the file's name: the file itself is not sent for a preview
		page.Errors["picture"] = page.L.T("look.logo.again")
	}
	page.Assets.Accent = ""
	if colours, ok := palette.Of(look.Accent); ok {
		page.Assets.Accent = stylePath + colours.File()
	}
	if name := strings.TrimSpace(look.Name); name != "" {
		page.SiteName = name
	}
	return h.render(c, http.StatusOK, views.AdminLook(page))
}

// submitLook changes it: POST /admin/settings/look.
func (h *Handlers) submitLook(c echo.Context) error {
	v, upload, err := postedPicture(c)
	ctx, look := c.Request().Context(), typedLook(v)
	if v == nil { // nobody read the form to its end
		look = h.face().shown.Look
	}
	var logo paywall.Picture
	if err == nil && len(upload) > 0 {
		logo, err = h.Pictures.Make(ctx, upload)
	}
	if err == nil {
		err = h.Front.ChangeLook(ctx, paywall.ActorOf(viewerOf(c)), look, logo)
	}
	if paywall.KindOf(err) == paywall.KindInvalid {
		return h.refuseLook(c, look, err, len(upload) > 0)
	}
	if err != nil {
		return err
	}
	return h.doneWith(c, "flash.look_saved", "/admin/settings/look")
}

// refuseLook shows the form again, without the file that was chosen: browsers give
// none back.
func (h *Handlers) refuseLook(c echo.Context, look paywall.Look, problem error, chosen bool) error {
	page := h.lookPage(c, look, problem)
	page.Error = page.L.T("error.invalid")
	if refused := page.Errors["picture"]; refused != "" || chosen {
		page.Errors["picture"] = strings.TrimSpace(refused + " " + page.L.T("look.logo.again"))
	}
	return h.render(c, http.StatusUnprocessableEntity, views.AdminLook(page))
}

// typedLook reads the form. A colour that is not the one the form showed was
// picked, whatever is chosen beside it.
func typedLook(v url.Values) paywall.Look {
	look := paywall.Look{
		Name: v.Get("name"), Language: v.Get("language"), Languages: v["languages"], Zone: v.Get("zone"),
	}
	if v.Get("accent_own") != "" || v.Get("accent") != v.Get("accent_shown") {
		look.Accent = cmp.Or(v.Get("accent"), "-") // no colour is not Usher's own
	}
	return look
}

func (h *Handlers) lookPage(c echo.Context, look paywall.Look, problem error) views.AdminLookPage {
	l := localeOf(c)
	page := views.AdminLookPage{
		Page: h.adminPage(c, l.T("look.title")), Name: look.Name, Zones: siteZones(look.Zone),
		AccentOwn: look.Accent != "", Accent: ownAccent, Errors: fieldErrors(l, problem),
	}
	for _, language := range i18n.All() {
		page.Languages = append(page.Languages, views.Choice{
			Value: language.Tag(), Label: language.Name(), Selected: slices.Contains(look.Languages, language.Tag()),
		})
		page.Own = append(page.Own, views.Option{
			Value: language.Tag(), Label: language.Name(), Selected: language.Tag() == look.Language,
		})
	}
	if colours, ok := palette.Of(look.Accent); ok {
		page.Accent = colours.Picked
		page.Swatches = swatches(l, colours)
	}
	return page
}

// swatches show what becomes of a colour, and say so where it is another one.
func swatches(l *i18n.Locale, p palette.Palette) []views.Swatch {
	// The grounds are --surface and --ink of the style sheet.
	light := swatch(l, p.Picked, p.Light, "look.swatch.light")
	light.Ground, light.Ink = "#fffdfa", "#241c17"
	dark := swatch(l, p.Picked, p.Dark, "look.swatch.dark")
	dark.Ground, dark.Ink = "#231e1a", "#f3ece3"
	return []views.Swatch{light, dark}
}

func swatch(l *i18n.Locale, picked string, s palette.Scheme, title string) views.Swatch {
	made := views.Swatch{
		Title: l.T(title), Note: l.T("look.swatch.kept"), Picked: picked, Accent: s.Accent, On: s.On,
		Link: l.T("look.swatch.link"), Button: l.T("look.swatch.button"),
	}
	if s.Accent != picked {
		made.Note = l.T("look.swatch.changed", "Picked", picked, "Shown", s.Accent)
	}
	return made
}

// neighbours are zones that people look for by name, although each has the time of
// one in zoneNames.
var neighbours = []string{
	"Europe/Zurich", "Europe/Berlin", "Europe/Brussels", "Europe/Luxembourg", "Europe/Madrid", "Europe/Paris", "Europe/Rome", "Europe/Vienna",
}

// siteZones are the zones to choose from for the site, with the one in use.
func siteZones(chosen string) []views.Option {
	return zoneOptions(append(slices.Clone(neighbours), zoneNames[1:]...), chosen)
}

// zoneOptions are zones to choose from, with the one in use.
func zoneOptions(names []string, chosen string) []views.Option {
	if chosen != "" && !slices.Contains(names, chosen) {
		names = append([]string{chosen}, names...)
	}
	var options []views.Option
	for _, name := range names {
		options = append(options, views.Option{Value: name, Label: strings.ReplaceAll(name, "_", " "), Selected: name == chosen})
	}
	return options
}

// submitLogoRemove shows the name alone: POST /admin/settings/look/logo/remove.
func (h *Handlers) submitLogoRemove(c echo.Context) error {
	if err := h.Front.RemoveLogo(c.Request().Context(), paywall.ActorOf(viewerOf(c))); err != nil {
		return err
	}
	return h.doneWith(c, "flash.logo_removed", "/admin/settings/look")
}
