package handlers_test

import "maps"

// The levels of the set-up's and the settings' routes.
func init() {
	maps.Copy(wantLevels, map[string]string{
		"GET /setup/:secret":                  "public",
		"POST /setup/:secret":                 "public",
		"GET /admin/setup":                    "owner",
		"POST /admin/setup/guide":             "owner",
		"POST /admin/setup/:step/skip":        "owner",
		"GET /admin/setup/invite":             "owner",
		"POST /admin/setup/invite":            "owner",
		"GET /admin/setup/listen":             "owner",
		"GET /admin/settings/sign-up":         "owner",
		"POST /admin/settings/sign-up":        "owner",
		"GET /admin/settings/sign-up/preview": "owner",
		"GET /admin/settings/safety":          "owner",
		"POST /admin/settings/safety":         "owner",
		"GET /admin/settings/keeping":         "owner",
		"POST /admin/settings/keeping":        "owner",
		"GET /admin/settings/mail":            "owner",
		"POST /admin/settings/mail":           "owner",
		"GET /admin/settings/server":          "owner",
	})
	mayFindNothing["GET /setup/:secret"] = true // the demo has an owner
	mayFindNothing["POST /setup/:secret"] = true
	mayFindNothing["POST /admin/settings/connection/forget"] = true // there is none
}
