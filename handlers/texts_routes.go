package handlers

import (
	"net/http"

	"usher/paywall"
)

// textRoutes are the site's own look and words, and the pages to change them.
func (h *Handlers) textRoutes() []route {
	return []route{
		{http.MethodGet, stylePath + ":file", levelMachine, h.showStyle},
		{http.MethodGet, "/terms", levelPublic, h.showLegal(paywall.PlaceTerms)},
		{http.MethodGet, "/privacy", levelPublic, h.showLegal(paywall.PlacePrivacy)},
		{http.MethodGet, "/imprint", levelPublic, h.showLegal(paywall.PlaceImprint)},
		{http.MethodGet, "/admin/settings/look", levelOwner, h.showLook},
		{http.MethodPost, "/admin/settings/look", levelOwner, h.submitLook},
		{http.MethodPost, "/admin/settings/look/preview", levelOwner, h.previewLook},
		{http.MethodPost, "/admin/settings/look/logo", levelOwner, h.submitLogo},
		{http.MethodPost, "/admin/settings/look/logo/remove", levelOwner, h.submitLogoRemove},
		{http.MethodGet, "/admin/texts", levelOwner, h.showTexts},
		{http.MethodGet, "/admin/texts/:place/:language", levelOwner, h.showText},
		{http.MethodPost, "/admin/texts/:place/:language", levelOwner, h.submitText},
		{http.MethodPost, "/admin/texts/:place/:language/preview", levelOwner, h.previewText},
	}
}
